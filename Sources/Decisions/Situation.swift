import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The input of conditions: one user's history before an as-of time, and the score at that time.
struct Situation {
    /// The user's events in ascending order of time; those at or after ``asOf`` are ignored.
    let events: [Event]
    let asOf: Timestamp
    let vector: FeatureVector
    let score: Scorer.Score
    let core: DecisionCore

    /// Returns the indices of the events in `[asOf − within, asOf)`.
    func range(within: TimeSpan?) -> Range<Int> {
        let upper = events.partitioningIndex { $0.time >= asOf }
        guard let within else { return 0..<upper }
        let start = asOf - within
        let lower = events.partitioningIndex { $0.time >= start }
        return min(lower, upper)..<upper
    }

    /// Returns the number of events of a pattern in a window.
    func count(_ pattern: EventPattern, within: TimeSpan?) -> Int {
        events[range(within: within)].count { core.matches($0.name, pattern) }
    }

    /// Returns the property of the latest event of a pattern that carries it.
    func latest(_ property: String, of pattern: EventPattern, within: TimeSpan?) -> String? {
        for event in events[range(within: within)].reversed() where core.matches(event.name, pattern) {
            if let text = event.properties[property], !text.isEmpty { return text }
        }
        return nil
    }
}
