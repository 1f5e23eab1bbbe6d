import LimpetDecisions

/// A group of steps: what came in, and who waits for it to be stored.
final class SequencedGroup {
    /// The number, which grows with each group.
    let number: UInt64
    let unit: any UnitOfWork
    /// The inputs whose steps were taken, in their order.
    var inputs: [GroupInput] = []
    /// The requests that are answered when the group is stored.
    var waiting: [InputRequest] = []
    /// The number of records.
    var records = 0
    /// The number of timers that were looked at.
    var timers = 0
    /// True once somebody waits, or something has happened that must not be lost.
    var isAwaited = false
    /// True once there is something to store that is no record.
    var hasErasures = false

    init(number: UInt64, unit: any UnitOfWork) { (self.number, self.unit) = (number, unit) }

    /// True if there is something to store.
    var hasWork: Bool { records > 0 || hasErasures }

    /// The requests with an input in the group or waiting for it.
    var requests: [InputRequest] { inputs.compactMap(\.request) + waiting }
}

/// An input on its way through groups.
struct GroupInput {
    enum Work {
        case input(ProfileInput, InputRequest, Int)
        case erasure(ProfileID, InputRequest)
        case merge(ProfileID, ProfileID, InputRequest)
        case tick(UInt64)
    }

    let work: Work

    /// The request that it belongs to; nil for a timer.
    var request: InputRequest? {
        switch work {
        case .input(_, let request, _), .erasure(_, let request), .merge(_, _, let request): request
        case .tick: nil
        }
    }

    /// The profile that is looked at by time alone; nil for what somebody asked for.
    var tick: UInt64? { if case .tick(let number) = work { number } else { nil } }

    /// The ids that it names.
    var ids: [ProfileID] {
        switch work {
        case .input(let input, _, _): input.ids
        case .erasure(let id, _): [id]
        case .merge(let id, let other, _): [id, other]
        case .tick: []
        }
    }

    /// Takes back its answer.
    func withdraw() {
        switch work {
        case .input(_, let request, let place): request.withdraw(place)
        case .erasure(_, let request), .merge(_, _, let request): request.withdraw(0)
        case .tick: break
        }
    }
}

/// The users with inputs that wait for the next group: their later inputs wait behind them.
struct BlockedUsers {
    private var ids: Set<ProfileID> = []
    private var profiles: Set<UInt64> = []

    var isEmpty: Bool { ids.isEmpty && profiles.isEmpty }

    mutating func insert(ids: [ProfileID]) { self.ids.formUnion(ids) }
    mutating func insert(_ profile: UInt64) { profiles.insert(profile) }

    /// Returns true if an input with these ids must wait.
    func contains(_ ids: [ProfileID]) -> Bool { !self.ids.isEmpty && ids.contains(where: self.ids.contains) }
    /// Returns true if an input for the profile must wait.
    func contains(_ profile: UInt64) -> Bool { profiles.contains(profile) }
}

/// The events in a sequencer that somebody may want to know the number of.
package struct SequencerCounts: Hashable, Sendable {
    /// Groups that were stored.
    package var groups = 0
    /// Groups that were not stored, and inputs whose profile could not be read.
    package var failures = 0
    /// Groups of which it was not known for a while whether they were stored.
    package var unknown = 0
    /// Inputs that were repetitions, and those of them with other content than the first.
    package var (repetitions, conflicts) = (0, 0)
    /// Joins of two profiles, and ids that belonged to another known user.
    package var (joins, refusedJoins) = (0, 0)
    /// Inputs of users without consent to the collection of events, and about data that were erased.
    package var (refused, erased) = (0, 0)
    /// Records.
    package var records = 0

    /// Makes counts of nothing.
    package init() {}
}
