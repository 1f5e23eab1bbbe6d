import ArgumentParser
import LimpetEvents
import LimpetFeatures

/// The flags of the label.
struct HorizonOptions: ParsableArguments {
    @Option(help: "Churn is no event for this long, e.g. 60d.")
    var churnAfter: String?

    @Option(
        parsing: .upToNextOption, help: "Only these events count as coming back (with --churn-after).")
    var churnEvents: [String] = []

    @Option(parsing: .upToNextOption, help: "The event that is predicted, e.g. withdrawn (with --horizon).")
    var targetEvent: [String] = []

    @Option(help: "How far the label of --target-event looks ahead, e.g. 28d.")
    var horizon: String?

    func validate() throws {
        guard churnAfter == nil || targetEvent.isEmpty else {
            throw ValidationError("give either --churn-after or --target-event")
        }
        if !targetEvent.isEmpty, horizon == nil { throw ValidationError("--target-event needs --horizon") }
        if horizon != nil, targetEvent.isEmpty { throw ValidationError("--horizon needs --target-event") }
        if !churnEvents.isEmpty, churnAfter == nil {
            throw ValidationError("--churn-events needs --churn-after")
        }
        _ = try LabelOptions.span(churnAfter, "--churn-after")
        _ = try LabelOptions.span(horizon, "--horizon")
    }

    /// Returns the requested label; nil when none was.
    func label() throws -> Label? {
        if let churn = try LabelOptions.span(churnAfter, "--churn-after") {
            return Label(kind: .inactivity, events: EventPattern(names: churnEvents), horizon: churn)
        }
        guard let horizon = try LabelOptions.span(horizon, "--horizon") else { return nil }
        return Label(kind: .event, events: EventPattern(names: targetEvent), horizon: horizon)
    }
}

/// The flags of the label and of the population.
struct LabelOptions: ParsableArguments {
    @OptionGroup var target: HorizonOptions

    @Option(parsing: .upToNextOption, help: "Population: has done one of these events (default: anything).")
    var hasDone: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Population: has not yet done any of these (default with --target-event: the target).")
    var hasNotDone: [String] = []

    @Option(
        help: "Population: active within this long, or none (default with --churn-after: the same length).")
    var activeWithin: String?

    func validate() throws {
        if activeWithin != "none" { _ = try Self.span(activeWithin, "--active-within") }
    }

    /// True when a label was requested.
    var isGiven: Bool { target.churnAfter != nil || !target.targetEvent.isEmpty }

    static func span(_ text: String?, _ flag: String) throws -> TimeSpan? {
        guard let text else { return nil }
        guard let span = TimeSpan(text), span.milliseconds > 0 else {
            throw ValidationError("\(flag) \(text): expected a length such as 28d, 12h or 15m")
        }
        return span
    }

    func label() throws -> Label? { try target.label() }

    func population() throws -> Population {
        let excluded = hasNotDone.isEmpty ? target.targetEvent : hasNotDone
        let window: TimeSpan? =
            activeWithin == "none"
            ? nil
            : try Self.span(activeWithin, "--active-within") ?? Self.span(target.churnAfter, "--churn-after")
        return Population(
            hasDone: EventPattern(names: hasDone),
            hasNotDone: excluded.isEmpty || excluded == ["none"] ? nil : EventPattern(names: excluded),
            activeWithin: window)
    }
}

/// The flags of the snapshot times.
struct SnapshotOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: "Snapshot times, e.g. 2011-03-01 2011-04-01.")
    var at: [String] = []

    @Option(help: "A snapshot every so often, e.g. 7d, between --from and --until.")
    var every: String?

    @Option(help: "First snapshot (with --every; default: once the log has run for a while).")
    var from: String?

    @Option(help: "Last snapshot (with --every; default: the last one whose label is known).")
    var until: String?

    func validate() throws {
        guard at.isEmpty || every == nil else { throw ValidationError("give either --at or --every") }
        guard at.isEmpty || (from == nil && until == nil) else {
            throw ValidationError("give either --at, or --from and --until")
        }
        if let every, TimeSpan(every).map({ $0.milliseconds <= 0 }) ?? true {
            throw ValidationError("--every \(every): expected a length such as 7d")
        }
    }

    /// Returns the requested snapshot times; by default about a dozen, spread over the time that has both a
    /// past and, as far as `horizon` goes, a known future.
    ///
    /// - Parameter span: the times of the log's first and last event.
    func snapshotTimes(
        events: EventOptions, span: (first: Timestamp, last: Timestamp)?, end: Timestamp, horizon: TimeSpan
    ) throws -> [Timestamp] {
        guard at.isEmpty else { return try at.map { try events.time($0, flag: "--at") } }
        guard let span else { return [] }
        let last =
            try until.map { try events.time($0, flag: "--until") } ?? midnight(end - horizon, events.zone)
        let past = min(TimeSpan.days(90).milliseconds, (last.milliseconds - span.first.milliseconds) / 4)
        let first =
            try from.map { try events.time($0, flag: "--from") }
            ?? span.first + TimeSpan(milliseconds: max(0, past))
        guard first <= last || from == nil || until == nil else {
            throw ValidationError("--until \(last) is before --from \(first)")
        }
        guard first <= last else {
            throw InputError(
                InputPlace(file: events.events.joined(separator: " ")),
                "the log ends \(end): too early for a snapshot with a horizon of \(horizon) after \(first)")
        }
        let step = every.flatMap { TimeSpan($0) } ?? defaultStep(first: first, last: last)
        // Counted back from the end, so that the latest known label is used.
        return Array(
            stride(from: last.milliseconds, through: first.milliseconds, by: -Int(step.milliseconds))
        ).reversed().map { Timestamp(milliseconds: $0) }
    }

    /// Returns the last midnight up to `time`: snapshots at the end of a day are easier to talk about.
    private func midnight(_ time: Timestamp, _ zone: TimeZoneRules) -> Timestamp {
        zone.timestamp(ofLocal: zone.dayNumber(at: time) * TimeSpan.day.milliseconds)
    }

    private func defaultStep(first: Timestamp, last: Timestamp) -> TimeSpan {
        let twelfth = (last.milliseconds - first.milliseconds) / 12
        let weeks = max(1, (twelfth + TimeSpan.days(7).milliseconds - 1) / TimeSpan.days(7).milliseconds)
        return .days(7 * weeks)
    }
}
