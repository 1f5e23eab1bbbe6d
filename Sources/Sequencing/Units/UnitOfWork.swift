package import LimpetDecisions
package import LimpetEvents
package import LimpetStorage

/// The home of profiles and of the log of their records, in one file or in a database server.
///
/// It is used by one thread; only what ``UnitOfWork/close()`` returns runs on another.
package protocol ProfileStore: AnyObject {
    /// The epoch of ids that are given out now.
    var epoch: UInt32 { get }
    /// True if no later start can give out the epoch again, so that an id may be told before its record is
    /// stored.
    var isEpochStored: Bool { get }
    /// The earliest time at which a profile is to be looked at; nil for none.
    var nextWakeUp: Timestamp? { get }

    /// Begins a unit of work, after those that were begun before.
    func begin() -> any UnitOfWork

    /// Takes notice that a unit was stored.
    func commit(_ unit: any UnitOfWork)

    /// Forgets units of work, the oldest first: profiles are again as they are stored.
    func forget(_ units: [any UnitOfWork])
}

/// A group of steps that is stored as a whole or not at all.
///
/// It takes the users of the group, lends their profiles, and takes the records of their steps. A store of
/// rows locks them meanwhile: who is locked by another unit goes to the next group.
package protocol UnitOfWork: AnyObject {
    /// The number of the record that is taken next.
    var nextRecord: UInt64 { get }

    /// Readies the profiles that inputs with these ids will read.
    func prepare(_ ids: [ProfileID])

    /// Returns the profile that has an id.
    func find(_ id: ProfileID) throws(StorageError) -> ProfileLoan

    /// Returns a profile by its number.
    func find(number: UInt64) throws(StorageError) -> ProfileLoan

    /// Returns true if data about an id were erased, and what arrives about it is dropped.
    func isErased(_ id: ProfileID, at now: Timestamp) -> Bool

    /// Adds a new profile.
    func add(_ profile: Profile) -> HeldProfile

    /// Takes a step's record, after the profile was changed.
    func take(_ record: DecisionRecord, of profile: HeldProfile)

    /// Removes a profile whose data another one has taken in, with all its ids.
    func absorb(_ profile: HeldProfile, into survivor: HeldProfile)

    /// Removes a profile with all its data.
    func erase(_ profile: HeldProfile, at now: Timestamp)

    /// Removes and returns the profiles that are to be looked at, earliest first.
    func takeDue(until now: Timestamp, limit: Int) -> [UInt64]

    /// Sets the time at which a profile is looked at, unless it is looked at earlier.
    func wake(_ number: UInt64, at time: Timestamp)

    /// Ends the taking of records; what is returned stores them, and blocks the thread that calls it.
    func close() -> UnitCommit
}

/// The work of storing a unit, done once, and of finding out what became of it.
package struct UnitCommit: Sendable {
    /// Stores the unit.
    package let store: @Sendable () -> CommitOutcome
    /// Finds out what became of it, when that is not known.
    package let settle: @Sendable () -> CommitOutcome

    /// Makes the work of two functions.
    package init(
        store: @escaping @Sendable () -> CommitOutcome, settle: @escaping @Sendable () -> CommitOutcome
    ) {
        (self.store, self.settle) = (store, settle)
    }
}

/// The answer to a question for a profile.
package enum ProfileLoan {
    /// The profile.
    case profile(HeldProfile)
    /// There is none.
    case none
    /// Another unit of work has it.
    case busy
}

/// A profile in memory, as it is after all steps so far.
package final class HeldProfile {
    /// The profile.
    package var profile: Profile
    /// The number of the last group with a record that somebody who reads the profile must wait for.
    package var lastWrite: UInt64 = 0
    /// The number of the last group with any record of the profile.
    package var lastGroup: UInt64 = 0
    /// The part of the current group that the profile has had.
    package var share = GroupShare()
    /// The notes of a store in files.
    var place = HeldPlace()

    /// Holds a profile.
    package init(_ profile: Profile) { self.profile = profile }

    /// The number of the profile.
    package var number: UInt64 { profile.number }
}

/// The part of a group that one user has had.
package struct GroupShare: Sendable {
    /// The number of the group.
    package var group: UInt64 = 0
    /// The records.
    package var records = 0
    /// The time that their steps took, in nanoseconds.
    package var nanoseconds: UInt64 = 0
}
