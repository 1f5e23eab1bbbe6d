import LimpetDocuments
package import LimpetEvents
public import LimpetFeatures
public import LimpetFiles
import LimpetScoring

/// The features of an extraction: a feature set, or one that is proposed for the log.
public enum FeatureSource: Sendable {
    /// A feature set; warnings name the lines of the document that defines it, where there is one.
    case set(FeatureSet, document: YAMLDocument? = nil)
    /// A set that is proposed from the events before the last snapshot.
    ///
    /// - systemEvents: the events that users do not cause themselves.
    case proposal(systemEvents: [String] = [])

    /// Reads a feature set from a file.
    ///
    /// - Throws: `FileError` or `InputError` when it cannot be read, ``ConfigurationError`` when it is no
    ///   feature set.
    public static func file(_ path: String) throws -> FeatureSource {
        let document = try YAMLDocument(path: path)
        return .set(try FeatureSet(document), document: document)
    }

    /// The feature set; nil where one is proposed.
    package var given: FeatureSet? {
        if case .set(let set, _) = self { set } else { nil }
    }

    /// The document that defines the feature set; nil where none does.
    package var document: YAMLDocument? {
        if case .set(_, let document) = self { document } else { nil }
    }

    /// The events that users do not cause themselves, as the request names them for a proposal.
    package var systemEvents: [String] {
        if case .proposal(let systemEvents) = self { systemEvents } else { [] }
    }

    /// Returns the feature set for a log; the predicted event gets no features of its own.
    ///
    /// - Parameters:
    ///   - end: the time from which on events are not looked at.
    ///   - zone: the time zone of a proposed set.
    package func set(
        for log: EventLog, population: Population, before end: Timestamp, zone: TimeZoneRules
    ) -> FeatureSet {
        switch self {
        case .set(let set, _): set
        case .proposal: proposal(population).propose(for: log, before: end, timeZone: zone.name)
        }
    }

    /// Returns the rules of a proposal; the predicted event gets no features of its own.
    func proposal(_ population: Population) -> FeatureProposal {
        FeatureProposal(
            systemEvents: systemEvents, excluded: VerbatimSet(population.hasNotDone?.names ?? []))
    }
}

extension FeatureSet {
    /// Reads the feature set of a document.
    ///
    /// - Throws: ``ConfigurationError`` with the line of the mistake.
    package init(_ document: YAMLDocument) throws(ConfigurationError) {
        do {
            self = try document.read { node throws(DocumentError) in try FeatureSet(node) }
        } catch {
            throw ConfigurationError(error)
        }
    }

    /// Returns the rules of the set's time zone.
    ///
    /// - Throws: ``ConfigurationError`` when it is no time zone of the tz database.
    package func zoneRules() throws(ConfigurationError) -> TimeZoneRules {
        guard let zone = ZoneDirectory.system.rules(named: timeZone) else {
            throw ConfigurationError(
                InputError(
                    InputPlace(file: "feature set", field: "timeZone"), "\(timeZone) is no time zone"))
        }
        return zone
    }
}
