import LimpetDecisions
package import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetStorage

/// Profiles and their log in two files: the log is the truth, the table of states makes starts short.
///
///     let store = try EmbeddedStore(log: log, states: states, features: policy.features, memory: 1 << 30)
///     try store.recover { done, all in … }
///
/// Steps change profiles in memory, on top of groups that are not stored yet. Rows of the table follow in the
/// background; each tells its own last record, and the records from there on are found along the chain.
package final class EmbeddedStore: ProfileStore {
    let log: any RecordStorage
    let states: any StateStorage
    let features: LiveFeatures
    let chain: ProfileChain
    private let hashing: KeyedHash
    /// The memory for profiles in bytes.
    let memoryLimit: Int

    package private(set) var epoch: UInt32
    private let lastStoredEpoch: UInt32

    var hot = HotProfiles()
    var index = IDIndex()
    var wakeUps = WakeUpQueue()
    var tombstones: Tombstones
    /// The erasures of which bytes are left.
    package internal(set) var erasures: [Erasure] = []
    /// Profiles that left memory by a unit that is not stored yet, as they were.
    var leaving: [UInt64: HeldProfile] = [:]
    /// Profiles whose steps were forgotten: what is stored of them.
    var forgotten: [UInt64: StoredEnd] = [:]
    /// The profiles that others took in, until the rows of these are written.
    var absorbed: [UInt64: [DirtyRows.AbsorbedRow]] = [:]
    /// The numbers of profiles that were taken in and still have a row.
    var gone: Set<UInt64> = []
    var dirty = DirtyRows()
    /// The number of the last record that a unit took, and of the last that is stored.
    var lastTaken: UInt64
    package private(set) var lastStored: UInt64
    /// The record up to which rows are being brought, in the background; nil while none are.
    var sweepEnd: UInt64?
    /// The record up to which all rows are written.
    package internal(set) var position: UInt64
    private var lastUnit: UInt64 = 0
    var storedUnit: UInt64 = 0
    private var areSettingsChanged = false

    /// The end of a profile's stored records, and the first that its row does not have; 0 where it has all.
    struct StoredEnd {
        var last: UInt64
        var since: UInt64
    }

    /// The epochs that a start reserves: one for itself, and one for each group that is not stored.
    private static let epochs: UInt32 = 1_000
    /// The time for which data about an erased user are dropped.
    package static let tombstoneSpan = TimeSpan.days(30)

    /// Opens a store, of which nothing is in memory yet.
    ///
    /// - Parameter memory: the bytes that profiles may take.
    /// - Throws: ``StorageError`` when a file cannot be read, or the new epoch cannot be stored.
    package init(
        log: any RecordStorage, states: any StateStorage, features: LiveFeatures, hashing: KeyedHash,
        memory: Int
    ) throws(StorageError) {
        (self.log, self.states, self.features, self.hashing) = (log, states, features, hashing)
        memoryLimit = memory
        chain = ProfileChain(log)
        lastStored = UInt64(log.lastNumber)
        lastTaken = lastStored
        position = UInt64(try states.position())
        guard position <= lastStored else {
            throw .statesAhead(position: Int64(position), last: Int64(lastStored))
        }
        tombstones = Tombstones(span: Self.tombstoneSpan)
        let used = try Self.number(log.setting(Key.epoch))
        (epoch, lastStoredEpoch) = (used + 1, used + Self.epochs)
        do throws(PackedError) {
            if let bytes = try? log.setting(Key.tombstones) {
                tombstones = try Tombstones(packed: bytes, span: Self.tombstoneSpan)
            }
            if let bytes = try? log.setting(Key.erasures) { erasures = try Erasure.list(packed: bytes) }
        } catch {
            throw .failed("the log's list of erasures is damaged")
        }
        switch log.append([], settings: [LogSetting(key: Key.epoch, value: Self.bytes(lastStoredEpoch))]) {
        case .committed: break
        case .failed(let error), .unknown(let error): throw error
        }
    }

    private enum Key {
        static let epoch = "epoch"
        static let tombstones = "tombstones"
        static let erasures = "erasures"
    }

    private static func number(_ bytes: [UInt8]?) -> UInt32 {
        (bytes ?? []).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    package var isEpochStored: Bool { epoch <= lastStoredEpoch }
    package var nextWakeUp: Timestamp? { wakeUps.first }
    /// The profiles in memory, and the bytes that they take.
    package var inMemory: (profiles: Int, bytes: Int) { (hot.count, hot.memory) }
    /// True while rows are being brought up to the log.
    package var isSweeping: Bool { sweepEnd != nil }
    /// The table of states, for the thread that writes slices.
    package var rowStorage: any StateStorage { states }
    /// The number of ids.
    package var idCount: Int { index.count }

    func hash(_ id: ProfileID) -> UInt64 { hashing(id.text, kind: id.kind.rawValue) }

    /// The settings that the next group stores.
    func settings(isChanged: Bool) -> [LogSetting] {
        defer { areSettingsChanged = false }
        var settings: [LogSetting] = []
        if isChanged || areSettingsChanged {
            settings.append(LogSetting(key: Key.tombstones, value: tombstones.packed()))
            settings.append(LogSetting(key: Key.erasures, value: Erasure.packed(erasures)))
        }
        return settings
    }

    /// Sees to it that the next group stores the settings.
    func noteSettings() { areSettingsChanged = true }

    // MARK: Units

    package func begin() -> any UnitOfWork {
        lastUnit += 1
        return EmbeddedUnit(number: lastUnit, store: self)
    }

    package func commit(_ unit: any UnitOfWork) {
        guard let unit = unit as? EmbeddedUnit else { return }
        if let last = unit.records.last { lastStored = last.header.number }
        storedUnit = unit.number
        for (profile, survivor) in unit.absorbed {
            leaving[profile.number] = nil
            gone.insert(profile.number)
            _ = dirty.resume(profile.number)
            let row = DirtyRows.AbsorbedRow(number: profile.number, ids: profile.profile.ids.map(hash))
            let earlier = absorbed.removeValue(forKey: profile.number) ?? []
            absorbed[survivor, default: []] += earlier + [row]
            if let survivor = hot.peek(survivor) ?? leaving[survivor] {
                inherit(profile.place.dirtySince, by: survivor)
            }
        }
        for profile in unit.erased {
            leaving[profile.number] = nil
            absorbed[profile.number] = nil
            dirty.remove(profile.number)
        }
        for row in unit.rows {
            _ = dirty.resume(row.entry.number)
            dirty.add(row)
        }
        resumePostponed()
        shrink()
    }

    package func forget(_ units: [any UnitOfWork]) {
        let units = units.compactMap { $0 as? EmbeddedUnit }
        for unit in units.reversed() {
            for change in unit.idChanges.reversed() { apply(change.inverted) }
            if let old = unit.tombstones { tombstones = old }
            erasures.removeLast(unit.erased.count)
            for profile in unit.erased + unit.absorbed.map(\.profile) {
                if let back = leaving.removeValue(forKey: profile.number) { hot.insert(back) }
            }
            for row in unit.rows where !row.absorbed.isEmpty {
                absorbed[row.entry.number, default: []] += row.absorbed
            }
        }
        var ends: [UInt64: StoredEnd] = [:]
        // The oldest unit knows what was stored.
        for unit in units.reversed() {
            for (number, last) in unit.before {
                ends[number] = StoredEnd(last: last, since: unit.dirtySince[number] ?? 0)
            }
        }
        for (number, end) in ends {
            hot.remove(number)
            if end.since == 0 { _ = dirty.resume(number) }
            if end.last > 0 { forgotten[number] = end }
        }
        lastTaken = lastStored
        epoch += 1
    }

    func apply(_ change: EmbeddedUnit.IDChange) {
        if change.isAdded {
            index.insert(change.hash, change.profile)
        } else {
            index.remove(change.hash, change.profile)
        }
    }

    /// Takes notice of a step.
    func didChange(_ held: HeldProfile, by record: UInt64) {
        if held.place.dirtySince == 0 {
            held.place.dirtySince = record
            dirty.append(DirtyRows.Entry(since: record, number: held.number))
        }
        if let time = held.profile.wakeUp { wakeUps.set(held.number, at: time) }
        hot.count(held)
    }

    /// Lets a profile be behind since the first record that the row of one that it took in does not have:
    /// the rows of that one and of those that it had taken in go with the survivor's.
    func inherit(_ since: UInt64, by survivor: HeldProfile) {
        guard since != 0, survivor.place.dirtySince == 0 || since < survivor.place.dirtySince else { return }
        survivor.place.dirtySince = since
        dirty.append(DirtyRows.Entry(since: since, number: survivor.number))
    }
}

extension EmbeddedUnit.IDChange {
    /// The change that undoes this one.
    fileprivate var inverted: EmbeddedUnit.IDChange {
        EmbeddedUnit.IDChange(hash: hash, profile: profile, isAdded: !isAdded)
    }
}
