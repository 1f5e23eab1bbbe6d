import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetPipelines

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

    /// Returns the settings of the flags, whose times are in the log's zone.
    func settings(_ events: EventOptions) throws -> SnapshotSettings {
        SnapshotSettings(
            times: try events.times(at), every: every.flatMap { TimeSpan($0) },
            first: try from.map { try events.time($0, flag: "--from") },
            last: try until.map { try events.time($0, flag: "--until") })
    }
}
