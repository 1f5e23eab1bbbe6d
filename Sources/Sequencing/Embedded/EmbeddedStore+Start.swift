import LimpetDecisions
import LimpetEvents
package import LimpetStorage

/// The start of a store: what is read before it serves.
extension EmbeddedStore {
    /// The progress of a start.
    package struct Progress: Sendable {
        /// The records that were read, of those behind the table of states.
        package let done: UInt64
        package let all: UInt64
    }

    /// Reads ids and wake-ups, and repeats the records that the table of states does not have. Nothing is
    /// decided anew.
    ///
    /// - Throws: ``StorageError`` when a file cannot be read.
    package func recover(_ report: (Progress) -> Void = { _ in }) throws(StorageError) {
        try states.forEachID { index.insert(UInt64(bitPattern: $0.hash), UInt64($0.user)) }
        try states.forEachWakeUp { wakeUps.set(UInt64($0.user), at: .init(milliseconds: $0.at)) }
        let first = position
        var next = first + 1
        while next <= lastStored {
            let records = try log.records(from: Int64(next), limit: 10_000, bytes: 4 << 20)
            guard let last = records.last else { break }
            for record in records {
                let number = UInt64(record.number)
                if let record = try ProfileChain.record(number, record.body) { try replay(record) }
            }
            next = UInt64(last.number) + 1
            report(Progress(done: next - 1 - first, all: lastStored - first))
            try makeRoom()
        }
    }

    private func replay(_ record: DecisionRecord) throws(StorageError) {
        let (number, header) = (record.header.profile, record.header)
        let known = try held(number)
        let begun = known == nil ? try begun(by: record) : nil
        guard let held = known ?? begun else { return }
        guard held.profile.lastRecord < header.number else {
            // The row has the join already, and the other profile was begun anew by its records before it.
            if let joined = record.joined {
                remove(joined.number, into: held, record)
                didChange(held, by: header.number)
            }
            return
        }
        if held.profile.lastRecord < header.previous {
            try chain.advance(&held.profile, to: header.previous, load: joined)
        }
        try chain.apply(record, to: &held.profile, load: joined)
        if let joined = record.joined { remove(joined.number, into: held, record) }
        for id in held.profile.ids.dropFirst(held.place.idCount) { index.insert(hash(id), number) }
        held.place.idCount = held.profile.ids.count
        didChange(held, by: header.number)
    }

    /// Returns the profile that a record is the first of, or that is in no row.
    private func begun(by record: DecisionRecord) throws(StorageError) -> HeldProfile? {
        let profile: Profile?
        if record.header.previous > 0 {
            profile = try stored(record.header.profile, upTo: record.header.previous)
        } else {
            profile = record.input.ids.first.map {
                Profile(number: record.header.profile, id: $0, features: features)
            }
        }
        guard let profile else { return nil }
        let held = HeldProfile(profile)
        hot.insert(held)
        return held
    }

    private func remove(_ number: UInt64, into survivor: HeldProfile, _ record: DecisionRecord) {
        if let other = hot.remove(number) { inherit(other.place.dirtySince, by: survivor) }
        gone.insert(number)
        let ids = record.input.ids.map(hash)
        for id in ids {
            index.remove(id, number)
            index.insert(id, survivor.number)
        }
        let row = DirtyRows.AbsorbedRow(number: number, ids: ids)
        absorbed[survivor.number, default: []] += (absorbed.removeValue(forKey: number) ?? []) + [row]
    }

    /// Writes rows until the profiles in memory have room.
    private func makeRoom() throws(StorageError) {
        shrink()
        while let slice = sweep(rows: .max) {
            try states.write(slice)
            didWriteSlice(slice, nil)
            shrink()
        }
    }

    // MARK: Erasure

    /// The work of removing all bytes of an erased profile, which blocks the thread that does it.
    package func purge(_ erasure: Erasure) -> Purge {
        Purge(erasure: erasure, log: log, states: states)
    }

    /// Takes notice that no byte is left; the next group stores that.
    package func didPurge(_ erasure: Erasure) {
        erasures.removeAll { $0 == erasure }
        noteSettings()
    }
}

/// The removal of the bytes of an erased profile: of its row, its ids and all its records.
///
/// When it is interrupted it is done again from its beginning.
package struct Purge: Sendable {
    let erasure: Erasure
    let log: any RecordStorage
    let states: any StateStorage

    /// Removes the bytes.
    ///
    /// - Throws: ``StorageError``; some bytes may then be left.
    package func run() throws(StorageError) {
        let records = try ProfileChain(log).wholeHistory(upTo: erasure.lastRecord)
        let profiles = Set(records.map(\.header.profile)).union([erasure.profile]).sorted()
        var slice = StateSlice()
        slice.removedUsers = profiles.map { Int64($0) }
        for profile in profiles {
            slice.removedIDs += erasure.ids.map {
                StateSlice.ID(hash: Int64(bitPattern: $0), user: Int64(profile))
            }
        }
        // The rows go first: the records tell which there are.
        try states.write(slice)
        try states.secure()
        _ = try log.erase(records.map { Int64($0.header.number) }) { _, old in
            [UInt8](repeating: 0, count: old.count)
        }
    }
}
