public import LimpetEvents

/// At which moments the truth is written.
public enum SnapshotSchedule: Hashable, Sendable {
    /// No truth at all: only the log.
    case never
    /// One span after the start, two spans after it, and so on up to the end.
    case every(TimeSpan)
    /// At these moments, whole days after the start.
    case at([Timestamp])
}

/// What to simulate. ``Simulation/init(_:)`` checks the ranges.
public struct SimulationSettings: Hashable, Sendable {
    /// How many users the log has, 1 to 5,000,000.
    public var users = 20_000
    /// The length of the log in days of 24 hours, 1 to 3,650.
    public var days = 180
    /// The first moment of the log, a whole second.
    public var start = Timestamp(milliseconds: 1_735_689_600_000)
    /// The seed of every random number.
    public var seed: UInt64 = 1
    /// For how many days before the start users have signed up, 0 to 3,650; sign-ups come evenly.
    public var priorDays = 120
    /// A factor on how often users visit, 0.05 to 3.
    public var activity = 1.0
    /// The probability per day with which the reference user leaves, 0.000001 to 0.2.
    public var baseHazard = 0.0012
    /// A factor on what failed attempts do to the log-odds of leaving, 0 to 5.
    public var failureEffect = 1.0
    /// A factor on what offers do to the log-odds of leaving, 0 to 5.
    public var offerEffect = 1.0
    /// The standard deviation of what nothing in the log shows about a user's log-odds of leaving, 0 to 3.
    public var frailty = 0.1
    /// The share of leavers who just stay away, without the event `cancelled`, 0 to 1.
    public var silentLeavers = 0.0
    /// The share of users who never get an offer, 0 to 1.
    public var holdoutShare = 0.1
    /// What the truth is the probability of; the horizon is 1 to 3,650 whole days.
    public var label = SimulationLabel.event(name: SimulatedEvent.cancelled.rawValue, horizon: .days(28))
    /// When the truth is written.
    public var snapshots = SnapshotSchedule.every(.days(28))
    /// How many futures are simulated for one user at one snapshot, 1 to 10,000.
    public var forks = 200

    /// The shipped settings.
    public init() {}
}
