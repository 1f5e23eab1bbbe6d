import LimpetDecisions
import LimpetEvents
import LimpetStorage

/// A unit of work of a store in files: what it needs to be undone, and the records.
final class EmbeddedUnit: UnitOfWork {
    let number: UInt64
    private let store: EmbeddedStore
    private(set) var records: [DecisionRecord] = []
    /// The last record of each profile that the unit changed, before it did.
    private(set) var before: [UInt64: UInt64] = [:]
    /// The changes of the index of ids, in their order.
    private(set) var idChanges: [IDChange] = []
    /// The profiles that others have taken in, and by which.
    private(set) var absorbed: [(profile: HeldProfile, survivor: UInt64)] = []
    /// The profiles whose data are removed.
    private(set) var erased: [HeldProfile] = []
    /// The tombstones before the unit, if it changed them.
    private(set) var tombstones: Tombstones?
    /// The rows that hold all of the unit, to be written once it is stored.
    var rows: [DirtyRows.Row] = []
    /// The first record that a row did not have before the unit, where it had not all.
    var dirtySince: [UInt64: UInt64] = [:]

    /// A change of the index of ids.
    struct IDChange {
        let hash: UInt64
        let profile: UInt64
        let isAdded: Bool
    }

    init(number: UInt64, store: EmbeddedStore) { (self.number, self.store) = (number, store) }

    var nextRecord: UInt64 { store.lastTaken + 1 }

    func prepare(_ ids: [ProfileID]) {}

    func find(_ id: ProfileID) throws(StorageError) -> ProfileLoan {
        try store.held(id).map { .profile($0) } ?? .none
    }

    func find(number: UInt64) throws(StorageError) -> ProfileLoan {
        try store.held(number).map { .profile($0) } ?? .none
    }

    func isErased(_ id: ProfileID, at now: Timestamp) -> Bool {
        !store.tombstones.isEmpty && store.tombstones.contains(store.hash(id), at: now)
    }

    func add(_ profile: Profile) -> HeldProfile {
        let held = HeldProfile(profile)
        store.hot.insert(held)
        return held
    }

    func take(_ record: DecisionRecord, of held: HeldProfile) {
        let number = held.number
        if before[number] == nil {
            before[number] = record.header.previous
            if held.place.dirtySince != 0 { dirtySince[number] = held.place.dirtySince }
        }
        held.place.unit = self.number
        records.append(record)
        store.lastTaken = record.header.number
        for id in held.profile.ids.dropFirst(held.place.idCount) {
            change(IDChange(hash: store.hash(id), profile: number, isAdded: true))
        }
        held.place.idCount = held.profile.ids.count
        store.didChange(held, by: record.header.number)
    }

    func change(_ change: IDChange) {
        idChanges.append(change)
        store.apply(change)
    }

    func absorb(_ held: HeldProfile, into survivor: HeldProfile) {
        removeIDs(of: held)
        for id in held.profile.ids {
            change(IDChange(hash: store.hash(id), profile: survivor.number, isAdded: true))
        }
        survivor.place.idCount = survivor.profile.ids.count
        store.hot.remove(held.number)
        store.leaving[held.number] = held
        absorbed.append((held, survivor.number))
    }

    private func removeIDs(of held: HeldProfile) {
        for id in held.profile.ids {
            change(IDChange(hash: store.hash(id), profile: held.number, isAdded: false))
        }
    }

    func erase(_ held: HeldProfile, at now: Timestamp) {
        if tombstones == nil { tombstones = store.tombstones }
        store.tombstones.add(held.profile.ids.map { store.hash($0) }, at: now)
        removeIDs(of: held)
        store.hot.remove(held.number)
        store.leaving[held.number] = held
        erased.append(held)
        store.erasures.append(
            Erasure(
                profile: held.number, lastRecord: held.profile.lastRecord,
                ids: held.profile.ids.map { store.hash($0) }))
    }

    func takeDue(until now: Timestamp, limit: Int) -> [UInt64] {
        store.wakeUps.take(until: now, limit: limit)
    }

    func wake(_ number: UInt64, at time: Timestamp) { store.wakeUps.set(number, at: time) }

    func close() -> UnitCommit {
        store.packPostponed(self)
        let (records, log) = (records, store.log)
        let settings = store.settings(isChanged: !erased.isEmpty)
        return UnitCommit(
            store: {
                log.append(
                    records.map { LogRecord(number: Int64($0.header.number), body: $0.packed()) },
                    settings: settings)
            },
            settle: { log.settle() })
    }
}
