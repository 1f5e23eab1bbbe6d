public import LimpetEvents

/// The snapshot times of an extraction: given ones, or a series up to the last one whose label is known.
public struct SnapshotSettings: Hashable, Sendable {
    /// The snapshot times; empty for a series.
    public var times: [Timestamp]
    /// The time between two snapshots of a series; nil for about a dozen of them, whole weeks apart.
    public var every: TimeSpan?
    /// The first snapshot of a series; nil for one that has a past to look at.
    public var first: Timestamp?
    /// The last snapshot of a series; nil for the last midnight whose label is known.
    public var last: Timestamp?

    /// Makes settings, by default of a series over the time that has both a past and a known future.
    public init(
        times: [Timestamp] = [], every: TimeSpan? = nil, first: Timestamp? = nil, last: Timestamp? = nil
    ) {
        (self.times, self.every, self.first, self.last) = (times, every, first, last)
    }

    /// Returns the snapshot times for a log; none for a log without events, unless they are given.
    ///
    /// - Parameters:
    ///   - span: the times of the log's first and last event.
    ///   - end: the exclusive end of the log.
    ///   - horizon: how far labels look ahead.
    /// - Throws: ``RequestError`` when the series is none, `InputError` when the log is too short for one.
    package func times(
        of source: LogSource, span: (first: Timestamp, last: Timestamp)?, end: Timestamp, horizon: TimeSpan
    ) throws -> [Timestamp] {
        guard times.isEmpty else { return times }
        guard let span else { return [] }
        let until = last ?? midnight(end - horizon, source.zone)
        let past = min(TimeSpan.days(90).milliseconds, (until.milliseconds - span.first.milliseconds) / 4)
        let from = first ?? span.first + TimeSpan(milliseconds: max(0, past))
        guard from <= until || first == nil || last == nil else {
            throw RequestError("--until \(until) is before --from \(from)")
        }
        guard from <= until else {
            throw InputError(
                InputPlace(file: source.name),
                "the log ends \(end): too early for a snapshot with a horizon of \(horizon) after \(from)")
        }
        let step = every ?? Self.usualStep(first: from, last: until)
        guard step.milliseconds > 0 else {
            throw RequestError("--every \(step): expected a length such as 7d")
        }
        // Counted back from the end, so that the latest known label is used.
        return Array(
            stride(from: until.milliseconds, through: from.milliseconds, by: -Int(step.milliseconds))
        ).reversed().map { Timestamp(milliseconds: $0) }
    }

    /// Returns the last midnight up to `time`: snapshots at the end of a day are easier to talk about.
    private func midnight(_ time: Timestamp, _ zone: TimeZoneRules) -> Timestamp {
        zone.timestamp(ofLocal: zone.dayNumber(at: time) * TimeSpan.day.milliseconds)
    }

    private static func usualStep(first: Timestamp, last: Timestamp) -> TimeSpan {
        let twelfth = (last.milliseconds - first.milliseconds) / 12
        let weeks = max(1, (twelfth + TimeSpan.days(7).milliseconds - 1) / TimeSpan.days(7).milliseconds)
        return .days(7 * weeks)
    }
}
