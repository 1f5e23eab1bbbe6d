import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// All that conditions may look at: one user's history before a moment, and the score at that moment.
struct Situation {
    /// The user's events by time; those from ``asOf`` on are not looked at.
    let events: [Event]
    let asOf: Timestamp
    let vector: FeatureVector
    let score: Scorer.Score
    let core: DecisionCore

    /// The indices of the events in `[moment − within, moment)`.
    func range(within: TimeSpan?) -> Range<Int> {
        let upper = events.partitioningIndex { $0.time >= asOf }
        guard let within else { return 0..<upper }
        let start = asOf - within
        let lower = events.partitioningIndex { $0.time >= start }
        return min(lower, upper)..<upper
    }

    /// The number of events of a pattern in a window.
    func count(_ pattern: EventPattern, within: TimeSpan?) -> Int {
        events[range(within: within)].count { core.matches($0.name, pattern) }
    }

    /// The property of the latest event of a pattern that carries it.
    func latest(_ property: String, of pattern: EventPattern, within: TimeSpan?) -> String? {
        for event in events[range(within: within)].reversed() where core.matches(event.name, pattern) {
            if let text = event.properties[property], !text.isEmpty { return text }
        }
        return nil
    }
}
