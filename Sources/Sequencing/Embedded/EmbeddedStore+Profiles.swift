package import LimpetDecisions
package import LimpetEvents
import LimpetFeatures
package import LimpetStorage

/// Profiles in memory, and how they are read from the files.
extension EmbeddedStore {
    /// Returns a profile from memory or from the files; nil when there is none.
    func held(_ number: UInt64) throws(StorageError) -> HeldProfile? {
        if let found = hot.find(number) { return found }
        if leaving[number] != nil || gone.contains(number)
            || erasures.contains(where: { $0.profile == number })
        {
            return nil
        }
        guard let profile = try stored(number, upTo: forgotten[number]?.last) else { return nil }
        let held = HeldProfile(profile)
        held.place.dirtySince = forgotten.removeValue(forKey: number)?.since ?? 0
        held.place.idCount = profile.ids.count
        hot.insert(held)
        if let time = profile.wakeUp { wakeUps.set(number, at: time) }
        return held
    }

    /// Returns a profile as it is after all steps so far; nil when there is none.
    package func profile(_ number: UInt64) throws(StorageError) -> Profile? { try held(number)?.profile }

    /// Returns the profile that has an id; nil when there is none.
    package func profile(_ id: ProfileID) throws(StorageError) -> Profile? { try held(id)?.profile }

    /// Returns the profile that has an id; of those with the id's hash it is the one that names the id.
    func held(_ id: ProfileID) throws(StorageError) -> HeldProfile? {
        let candidates = index.profiles(hash(id))
        guard let first = candidates.first else { return nil }
        if let held = try held(first), held.profile.ids.contains(id) { return held }
        for number in candidates.others {
            if let held = try held(number), held.profile.ids.contains(id) { return held }
        }
        return nil
    }

    /// The clock's time of the last record; nil where there is none.
    package func lastTime() throws(StorageError) -> Timestamp? {
        var number = lastStored
        // Records that were erased do not tell their time.
        while number > 0 {
            if let record = try chain.record(number) { return record.header.now }
            number -= 1
        }
        return nil
    }

    /// Reads a profile from its row and the records after it.
    ///
    /// - Parameter last: the number of its last record; nil where the row has it.
    func stored(_ number: UInt64, upTo last: UInt64?) throws(StorageError) -> Profile? {
        guard var profile = try row(number) else {
            guard let last else { return nil }
            return try rebuilt(last)
        }
        if let last { try chain.advance(&profile, to: last, load: joined) }
        return profile
    }

    private func row(_ number: UInt64) throws(StorageError) -> Profile? {
        guard let bytes = try states.state(Int64(number)) else { return nil }
        do throws(ProfileBytesError) {
            return try Profile(packed: bytes, features: features) { [chain, features] profile in
                try? Self.history(of: profile, chain, features)
            }
        } catch {
            throw .failed("profile \(number): \(error)")
        }
    }

    /// Builds a history from the log, for other features than those of the row.
    private static func history(
        of profile: Profile, _ chain: ProfileChain, _ features: LiveFeatures
    ) throws(StorageError) -> LiveState {
        var history = LiveState(features)
        for record in try chain.wholeHistory(upTo: profile.lastRecord) {
            guard case .event(let event) = record.input, !event.flags.contains(.own),
                history.count < Profile.historyLimit
            else { continue }
            history.append(event.event)
        }
        return history
    }

    /// Builds a profile from its records alone.
    private func rebuilt(_ last: UInt64) throws(StorageError) -> Profile? {
        let records = try chain.records(upTo: last)
        guard let first = records.first, let id = first.input.ids.first else { return nil }
        var profile = Profile(number: first.header.profile, id: id, features: features)
        for record in records { try chain.apply(record, to: &profile, load: joined) }
        return profile
    }

    /// Returns a profile that was taken in, as it was then.
    func joined(_ profile: JoinedProfile) throws(StorageError) -> Profile? {
        if let held = hot.peek(profile.number), held.profile.lastRecord == profile.lastRecord {
            return held.profile
        }
        return try stored(profile.number, upTo: profile.lastRecord)
    }

    /// Removes profiles from memory that were not used for long, when there are too many.
    func shrink() {
        hot.shrink(to: memoryLimit, looks: 256) { held in
            held.place.dirtySince == 0 && held.place.unit <= storedUnit && !dirty.isUnderWay(held.number)
                && absorbed[held.number] == nil
        }
        if hot.memory > memoryLimit, sweepEnd == nil { sweepEnd = lastStored }
    }
}
