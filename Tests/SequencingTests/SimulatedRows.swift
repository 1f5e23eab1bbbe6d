import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetSequencing
import LimpetStorage

/// A database server in memory: rows that a unit of work locks, so that others find them busy, and record
/// numbers that are never given twice.
final class SimulatedRows {
    fileprivate(set) var rows: [UInt64: [UInt8]] = [:]
    fileprivate(set) var ids: [ProfileID: UInt64] = [:]
    fileprivate(set) var wakeUps: [UInt64: Timestamp] = [:]
    private(set) var records: [UInt64: [UInt8]] = [:]
    private(set) var erased: [ProfileID: Timestamp] = [:]
    fileprivate var lastNumber: UInt64 = 0
    private var fates: [SimulatedFate] = []
    private var pending: (changes: Changes, isStored: Bool, looks: Int)?

    /// The changes of a unit.
    struct Changes {
        var rows: [UInt64: [UInt8]] = [:]
        var ids: [ProfileID: UInt64] = [:]
        var removedIDs: Set<ProfileID> = []
        var wakeUps: [UInt64: Timestamp?] = [:]
        var removed: Set<UInt64> = []
        var erased: Set<UInt64> = []
        var records: [DecisionRecord] = []
        var tombstones: [ProfileID: Timestamp] = [:]
    }

    func plan(_ fates: [SimulatedFate]) { self.fates = fates }

    func commit(_ changes: Changes) -> CommitOutcome {
        let fate = fates.isEmpty ? .stored : fates.removeFirst()
        let error = StorageError.failed("simulated")
        switch fate {
        case .stored:
            apply(changes)
            return .committed
        case .failed: return .failed(error)
        case .unknownStored, .unknownLost:
            pending = (changes, fate == .unknownStored, 2)
            return .unknown(error)
        }
    }

    func settle() -> CommitOutcome {
        guard let (changes, isStored, looks) = pending else { return .committed }
        let error = StorageError.failed("simulated")
        if looks > 1 {
            pending = (changes, isStored, looks - 1)
            return .unknown(error)
        }
        pending = nil
        if isStored { apply(changes) }
        return isStored ? .committed : .failed(error)
    }

    /// Ends all connections: what was committed without an answer is there.
    func crash() {
        if let pending, pending.isStored { apply(pending.changes) }
        (pending, fates) = (nil, [])
    }

    private func apply(_ changes: Changes) {
        for id in changes.removedIDs { ids[id] = nil }
        for (id, number) in changes.ids { ids[id] = number }
        for (number, row) in changes.rows { rows[number] = row }
        for (number, time) in changes.wakeUps { wakeUps[number] = time }
        for number in changes.removed { (rows[number], wakeUps[number]) = (nil, nil) }
        for record in changes.records { records[record.header.number] = record.packed() }
        for number in changes.erased { purge(number, upTo: changes) }
        erased.merge(changes.tombstones) { $1 }
    }

    /// Removes all records of a profile and of those that it took in.
    private func purge(_ number: UInt64, upTo changes: Changes) {
        var gone: Set<UInt64> = [number]
        for (key, bytes) in records.sorted(by: { $0.key > $1.key }) {
            guard let record = try? DecisionRecord(number: key, packed: bytes),
                gone.contains(record.header.profile)
            else { continue }
            if case .event(let event) = record.input, let joined = event.joined { gone.insert(joined.number) }
            records[key] = nil
        }
    }
}

/// A replica of a service that keeps everything in a simulated database server.
final class RowStore: ProfileStore {
    fileprivate let server: SimulatedRows
    fileprivate let features: LiveFeatures
    /// The rows and ids that units have locked.
    fileprivate var locked: [UInt64: UInt64] = [:]
    fileprivate var lockedIDs: [ProfileID: UInt64] = [:]
    private var lastUnit: UInt64 = 0
    let epoch: UInt32 = 1
    let isEpochStored = true

    init(_ server: SimulatedRows, features: LiveFeatures) {
        (self.server, self.features) = (server, features)
    }

    var nextWakeUp: Timestamp? { server.wakeUps.values.min() }

    func begin() -> any UnitOfWork {
        lastUnit += 1
        return RowUnit(number: lastUnit, store: self)
    }

    func commit(_ unit: any UnitOfWork) { release(unit) }

    func forget(_ units: [any UnitOfWork]) { units.forEach(release) }

    private func release(_ unit: any UnitOfWork) {
        guard let unit = unit as? RowUnit else { return }
        locked = locked.filter { $0.value != unit.number }
        lockedIDs = lockedIDs.filter { $0.value != unit.number }
    }
}

/// A transaction of a simulated database server.
private final class RowUnit: UnitOfWork {
    let number: UInt64
    private let store: RowStore
    private var held: [UInt64: HeldProfile] = [:]
    private var changes = SimulatedRows.Changes()

    init(number: UInt64, store: RowStore) { (self.number, self.store) = (number, store) }

    var nextRecord: UInt64 { store.server.lastNumber + 1 }

    func prepare(_ ids: [ProfileID]) {}

    func find(_ id: ProfileID) throws(StorageError) -> ProfileLoan {
        if let owner = store.lockedIDs[id], owner != number { return .busy }
        if let own = changes.ids[id] { return try find(number: own) }
        guard !changes.removedIDs.contains(id), let known = store.server.ids[id] else { return .none }
        return try find(number: known)
    }

    func find(number profile: UInt64) throws(StorageError) -> ProfileLoan {
        if changes.removed.contains(profile) { return .none }
        if let known = held[profile] { return .profile(known) }
        if let owner = store.locked[profile], owner != number { return .busy }
        guard let row = store.server.rows[profile] else { return .none }
        guard let read = try? Profile(packed: row, features: store.features) else {
            throw .failed("row \(profile) is damaged")
        }
        store.locked[profile] = number
        let made = HeldProfile(read)
        held[profile] = made
        return .profile(made)
    }

    func isErased(_ id: ProfileID, at now: Timestamp) -> Bool {
        (changes.tombstones[id] ?? store.server.erased[id]).map { now < $0 } ?? false
    }

    func add(_ profile: Profile) -> HeldProfile {
        let made = HeldProfile(profile)
        held[profile.number] = made
        store.locked[profile.number] = number
        return made
    }

    func take(_ record: DecisionRecord, of profile: HeldProfile) {
        store.server.lastNumber = max(store.server.lastNumber, record.header.number)
        changes.records.append(record)
        for id in profile.profile.ids where store.server.ids[id] != profile.number {
            changes.ids[id] = profile.number
            store.lockedIDs[id] = number
        }
    }

    func absorb(_ profile: HeldProfile, into survivor: HeldProfile) {
        changes.removed.insert(profile.number)
        for id in profile.profile.ids {
            changes.ids[id] = survivor.number
            store.lockedIDs[id] = number
        }
    }

    func erase(_ profile: HeldProfile, at now: Timestamp) {
        changes.removed.insert(profile.number)
        changes.erased.insert(profile.number)
        for id in profile.profile.ids {
            changes.ids[id] = nil
            changes.removedIDs.insert(id)
            changes.tombstones[id] = now + TimeSpan.days(30)
            store.lockedIDs[id] = number
        }
    }

    func takeDue(until now: Timestamp, limit: Int) -> [UInt64] {
        let due = store.server.wakeUps.filter { $0.value <= now && store.locked[$0.key] == nil }
        return due.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(limit).map(\.key)
    }

    func wake(_ number: UInt64, at time: Timestamp) {}

    func close() -> UnitCommit {
        for (number, profile) in held where !changes.removed.contains(number) {
            changes.rows[number] = profile.profile.packed()
            changes.wakeUps[number] = .some(profile.profile.wakeUp)
        }
        // One thread does all of a simulation.
        nonisolated(unsafe) let (changes, server) = (changes, store.server)
        return UnitCommit(store: { server.commit(changes) }, settle: { server.settle() })
    }
}
