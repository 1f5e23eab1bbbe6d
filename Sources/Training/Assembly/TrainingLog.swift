public import LimpetEvents

/// The facts about an event log that a model trained on it records.
public struct TrainingLog: Sendable {
    /// The time up to which the log is complete.
    public var dataUntil: Timestamp
    /// The number of events.
    public var events: Int
    /// The rules of the feature set's time zone.
    public var zone: TimeZoneRules

    /// Makes the facts about a log.
    public init(dataUntil: Timestamp, events: Int, zone: TimeZoneRules) {
        (self.dataUntil, self.events, self.zone) = (dataUntil, events, zone)
    }
}
