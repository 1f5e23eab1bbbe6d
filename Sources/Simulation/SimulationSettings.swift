public import LimpetEvents

/// The snapshot times at which the truth is written.
public enum SnapshotSchedule: Hashable, Sendable {
    /// No snapshots: only the log is written.
    case never
    /// Multiples of a time span after the start, up to the end.
    case every(TimeSpan)
    /// The given times, whole days after the start.
    case at([Timestamp])
}

/// The settings of a simulation. ``Simulation/init(_:)`` checks the ranges.
public struct SimulationSettings: Hashable, Sendable {
    /// The number of users, 1 to 5,000,000.
    public var users = 20_000
    /// The length of the log in days of 24 hours, 1 to 3,650.
    public var days = 180
    /// The start time of the log, a whole second.
    public var start = Timestamp(milliseconds: 1_735_689_600_000)
    /// The seed of every random number.
    public var seed: UInt64 = 1
    /// The number of days before the start in which users have signed up, 0 to 3,650; sign-ups are uniform
    /// over time.
    public var priorDays = 120
    /// A factor on the rate of visits, 0.05 to 3.
    public var activity = 1.0
    /// The probability per day that the reference user leaves, 0.000001 to 0.2.
    public var baseHazard = 0.0012
    /// A factor on the effect of failed attempts on the log-odds of leaving, 0 to 5.
    public var failureEffect = 1.0
    /// A factor on the effect of offers on the log-odds of leaving, 0 to 5.
    public var offerEffect = 1.0
    /// The change in the log-odds of leaving from the first day of the log to the last, −5 to 5; the effect
    /// of failed attempts changes by the same in the other direction.
    public var drift = 0.0
    /// The standard deviation of the part of a user's log-odds of leaving that nothing in the log shows, 0 to
    /// 3.
    public var frailty = 0.1
    /// The share of leavers who stay away without the event `cancelled`, 0 to 1.
    public var silentLeavers = 0.0
    /// The share of users who never get an offer, 0 to 1.
    public var holdoutShare = 0.1
    /// The outcome whose probability is the truth; the horizon is 1 to 3,650 whole days.
    public var label = SimulationLabel.event(name: SimulatedEvent.cancelled.rawValue, horizon: .days(28))
    /// The snapshot times at which the truth is written.
    public var snapshots = SnapshotSchedule.every(.days(28))
    /// The number of futures that are simulated for a user at a snapshot, 1 to 10,000.
    public var forks = 200

    /// Makes the default settings.
    public init() {}
}
