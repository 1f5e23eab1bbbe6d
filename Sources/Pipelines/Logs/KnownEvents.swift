import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles
import LimpetScoring

/// The error of a flag that names an event which the log does not have: most likely a misspelling, which
/// would otherwise give a label that is the same for everybody.
package struct UnknownEventError: Error, CustomStringConvertible {
    package let flag: String
    package let name: String
    package let log: String
    /// The log's events, the most frequent first.
    package let events: [String]

    private static let shown = 5

    package var description: String {
        let frequent = events.prefix(Self.shown).joined(separator: ", ")
        let rest = events.count > Self.shown ? ", … (\(events.count) in all)" : ""
        return "\(flag) \(name): no event of \(log) is called so; it has \(frequent)\(rest)"
            + Suggestion.text(for: name, among: events)
    }
}

/// The names of a log's events, to check those in flags and features.
package struct KnownEvents {
    private let file: String
    private let log: EventLog
    private let span: (first: Timestamp, last: Timestamp)?
    /// The properties of the whole log, where `log` is a partition of its users.
    private let properties: [String]?
    private let observer: any PipelineObserver

    /// - Parameter whole: the summary of the whole log, where `log` is a partition of its users.
    package init(
        _ log: EventLog, file: String, observer: any PipelineObserver, of whole: ColumnarLogSummary? = nil
    ) {
        self.log = log
        self.file = file
        self.observer = observer
        span = whole.map { ($0.span.lowerBound, $0.span.upperBound) } ?? log.span
        properties = whole?.properties
    }

    /// Returns the names and patterns that match no event of the log.
    package func unknown(_ names: [String]) -> [String] {
        names.filter { name in
            let pattern = EventPattern(names: [name])
            return !log.eventNames.contains { pattern.matches($0) }
        }
    }

    /// Refuses names that the log does not have.
    package func require(_ names: [String], flag: String) throws(UnknownEventError) {
        guard let name = unknown(names).first else { return }
        throw UnknownEventError(flag: flag, name: name, log: file, events: byFrequency)
    }

    /// Refuses a label or a population of events that the log does not have. An event that excludes users may
    /// be one that nobody has done yet, so that it is worth a warning only.
    package func check(_ label: Label?, _ population: Population? = nil) throws(UnknownEventError) {
        if let label {
            try require(label.events.names, flag: label.kind == .event ? "--target-event" : "--churn-events")
        }
        guard let population else { return }
        try require(population.hasDone.names, flag: "--has-done")
        warn(population.hasNotDone?.names ?? [], flag: "--has-not-done")
    }

    /// Warns of names that change nothing, since the log does not have them.
    package func warn(_ names: [String], flag: String) {
        let unknown = unknown(names)
        guard !unknown.isEmpty else { return }
        observer.note(
            "warning: \(flag) \(unknown.joined(separator: " ")): no event of \(file) is called so")
    }

    /// Warns of features that read nothing, or whose windows begin before the log; by line where a file
    /// defines them.
    package func warn(_ features: [Feature], in document: YAMLDocument? = nil) {
        var warnings: [String] = []
        for (place, feature) in features.enumerated() {
            let problems = unknown(feature.eventNames).map { name in
                "no event of \(file) is called \(name)"
                    + Suggestion.text(for: name, among: log.eventNames.map { $0 })
            }
            for problem in problems + idleProperties(feature) + [tooLong(feature)].compactMap({ $0 }) {
                let place = document.map { "\($0.place(of: "features[\(place)]")): " } ?? ""
                warnings.append("warning: \(place)\(feature.name): \(problem)")
            }
        }
        for warning in warnings.prefix(Self.warningLimit) { observer.note(warning) }
        if warnings.count > Self.warningLimit {
            observer.note("… and \(warnings.count - Self.warningLimit) more warnings of this kind")
        }
    }

    private static let warningLimit = 12

    /// Returns the feature's properties that no event carries, each with a name that may have been meant.
    private func idleProperties(_ feature: Feature) -> [String] {
        let read = [feature.property].compactMap { $0 } + feature.conditions.properties.map(\.property)
        let own = properties ?? Array(log.texts.keys) + Array(log.numbers.keys)
        let known = own + log.aliases.keys
        return read.filter { !isCarried($0) }.map { name in
            "no event of \(file) carries \(name)"
                + Suggestion.text(for: name, among: known.filter { $0 != name })
        }
    }

    /// Returns true if an event carries a property.
    private func isCarried(_ property: String) -> Bool {
        if property == Feature.eventNameProperty || log.isEventName(property) { return true }
        if let properties {
            return properties.contains(verbatim: property)
                || log.aliases[property].map { properties.contains(verbatim: $0) } ?? false
        }
        if let texts = log.texts(of: property), texts.dictionary.count > 1 { return true }
        guard let numbers = log.amounts(of: property) else { return false }
        return numbers.units.contains { $0 != NumberColumn.missing }
    }

    private func tooLong(_ feature: Feature) -> String? {
        guard let span else { return nil }
        let length = TimeSpan(milliseconds: span.last.milliseconds - span.first.milliseconds)
        guard let window = [feature.window, feature.against].compactMap({ $0 }).max(), window > length else {
            return nil
        }
        return "looks back \(window), and \(file) has only \(Format.span(days: length.days)) of events"
    }

    /// Warns of a log without any of the events that features read: most likely the wrong one.
    package func warnIfForeign(to features: [Feature]) {
        let names = VerbatimSet(features.flatMap(\.eventNames)).sorted()
        if names.contains(verbatim: Event.attributesName), !unknown([Event.attributesName]).isEmpty {
            let read = features.filter { $0.eventNames.contains(verbatim: Event.attributesName) }
            let names = read.prefix(5).map(\.name).joined(separator: ", ")
            observer.note(
                "warning: the model reads attributes (\(names)), "
                    + "and \(file) comes without any: they are missing for everybody; give --attributes FILE")
        }
        guard !names.isEmpty, unknown(names).count == names.count else { return }
        observer.note(
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
