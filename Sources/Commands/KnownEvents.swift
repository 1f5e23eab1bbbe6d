import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// A flag names an event that the log does not have: most likely a misspelling, which would otherwise give a
/// label that is the same for everybody.
struct UnknownEventError: Error, CustomStringConvertible {
    let flag: String
    let name: String
    let log: String
    /// The log's events, the most frequent first.
    let events: [String]

    private static let shown = 5

    var description: String {
        let frequent = events.prefix(Self.shown).joined(separator: ", ")
        let rest = events.count > Self.shown ? ", … (\(events.count) in all)" : ""
        return "\(flag) \(name): no event of \(log) is called so; the most frequent are \(frequent)\(rest)"
            + Suggestion.text(for: name, among: events)
    }
}

/// The names of a log's events, to check those that flags and features speak of.
struct KnownEvents {
    private let file: String
    private let log: EventLog

    init(_ log: EventLog, file: String) {
        self.log = log
        self.file = file
    }

    /// Names and patterns that match no event of the log.
    func unknown(_ names: [String]) -> [String] {
        names.filter { name in
            let pattern = EventPattern(names: [name])
            return !log.eventNames.contains { pattern.matches($0) }
        }
    }

    /// Refuses names that the log does not have.
    func require(_ names: [String], flag: String) throws(UnknownEventError) {
        guard let name = unknown(names).first else { return }
        throw UnknownEventError(flag: flag, name: name, log: file, events: byFrequency)
    }

    /// Remarks on names that change nothing, since the log does not have them.
    func remark(_ names: [String], flag: String) {
        let unknown = unknown(names)
        guard !unknown.isEmpty else { return }
        Terminal.note(
            "warning: \(flag) \(unknown.joined(separator: " ")): no event of \(file) is called so")
    }

    /// Remarks on features that look at nothing.
    func remark(_ features: [Feature]) {
        let idle = features.filter { feature in
            let names = feature.eventNames
            return !names.isEmpty && unknown(names).count == names.count
        }
        guard !idle.isEmpty else { return }
        Terminal.note(
            "warning: \(file) has none of the events of \(idle.count) "
                + "\(idle.count == 1 ? "feature" : "features"): "
                + idle.prefix(8).map { "\($0.name) (\($0.eventNames.joined(separator: ", ")))" }
                .joined(separator: ", ") + (idle.count > 8 ? ", …" : ""))
    }

    /// Remarks on a log that has nothing of what a model looks at: most likely the wrong one.
    func remarkIfForeign(to features: [Feature]) {
        let names = Set(features.flatMap(\.eventNames)).sorted()
        guard !names.isEmpty, unknown(names).count == names.count else { return }
        Terminal.note(
            "warning: \(file) has none of the events that the model's features name "
                + "(\(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : "")); "
                + "it has \(byFrequency.prefix(5).joined(separator: ", "))")
    }

    private var byFrequency: [String] {
        var counts = [Int](repeating: 0, count: log.eventNames.count)
        for event in log.events { counts[Int(event)] += 1 }
        return counts.indices.sorted { counts[$0] > counts[$1] }.map { log.eventNames[$0] }
    }
}

extension Feature {
    /// The events that the feature names, patterns among them.
    fileprivate var eventNames: [String] { events.names + (minus?.names ?? []) }
}

extension HorizonOptions {
    /// Refuses labels of events that never occur.
    func check(_ known: KnownEvents) throws(UnknownEventError) {
        try known.require(targetEvent, flag: "--target-event")
        try known.require(churnEvents, flag: "--churn-events")
    }
}

extension LabelOptions {
    /// Refuses labels and populations of events that never occur. An event that excludes users may be one that
    /// nobody has done yet: that is worth a remark only.
    func check(_ known: KnownEvents) throws(UnknownEventError) {
        try target.check(known)
        try known.require(hasDone, flag: "--has-done")
        if hasNotDone != ["none"] { known.remark(hasNotDone, flag: "--has-not-done") }
    }
}

extension EventOptions {
    /// The names of the log's files, for messages.
    var fileNames: String { events.joined(separator: " ") }

    func known(in log: EventLog) -> KnownEvents { KnownEvents(log, file: fileNames) }
}
