package import LimpetEvents
import LimpetFeatures
package import LimpetScoring

/// The effect that the length of a log has on the distribution of an input.
///
/// A feature that reads further back than the data reached at a snapshot of training is another number once
/// there are more data, though no user has changed: in one more month there is one more month to count.
public enum InputHistory: String, Sendable {
    /// None: all that the feature reads lay within the data in training, and lies there now.
    case independent
    /// Fewer rows are missing the longer the log is; the values themselves compare.
    case values
    /// The values grow with the log, or are bounded by its length.
    case grows

    /// Returns the effect on each input of a model; ``independent`` for all of a table's.
    ///
    /// The data of a feature begin when the kinds of event have begun that make up half of what it reads: in
    /// months in which users only signed up, nobody could be active. Where the log begins
    /// after the first snapshot of training, nothing is known of those, and the rows of today count alone.
    ///
    /// - Parameter first: the first snapshot time of the population.
    package static func ofInputs(_ model: Model, in log: EventLog, first: Timestamp) -> [InputHistory] {
        guard let set = model.featureSet, let begin = log.span?.first else {
            return model.inputs.map { _ in .independent }
        }
        let beginnings = EventBeginnings(log)
        let training = model.training.snapshots?.lowerBound
        let earliest = [training, first].compactMap { $0 }.filter { $0 >= begin }.min() ?? first
        return set.features.map { feature in
            let start = beginnings.beginning(of: [feature.events] + feature.stages) ?? begin.milliseconds
            guard let span = feature.reach, span.milliseconds <= earliest.milliseconds - start else {
                return feature.kind.growsWithHistory ? .grows : .values
            }
            return .independent
        }
    }
}

/// The first time of each kind of event of a log, with its rows.
private struct EventBeginnings {
    private var kinds: [(name: String, first: Int64, rows: Int)]

    init(_ log: EventLog) {
        var kinds = log.eventNames.map { (name: $0, first: Int64.max, rows: 0) }
        for row in 0..<log.count {
            let event = Int(log.events[row])
            kinds[event].first = min(kinds[event].first, log.times[row])
            kinds[event].rows += 1
        }
        self.kinds = kinds.sorted { $0.first < $1.first }
    }

    /// Returns the time by which the kinds have begun that make up half of the rows of some patterns; nil
    /// without any.
    func beginning(of patterns: [EventPattern]) -> Int64? {
        let own = kinds.filter { kind in patterns.contains { $0.matches(kind.name) } }
        let half = (own.reduce(0) { $0 + $1.rows } + 1) / 2
        var rows = 0
        return own.first { kind in
            rows += kind.rows
            return rows >= half
        }?.first
    }
}

extension Feature {
    /// The length of time before a snapshot that the feature reads; nil for the whole history.
    fileprivate var reach: TimeSpan? {
        if let against { return window.map { max($0, against) } ?? against }
        return window.map { kind == .change ? TimeSpan(milliseconds: 2 * $0.milliseconds) : $0 }
    }
}

extension FeatureKind {
    /// True when the value of a user who goes on as before grows, or can grow, with the data before it.
    fileprivate var growsWithHistory: Bool {
        switch self {
        case .mean, .latest, .overdue, .trend, .ratio, .share, .member, .lastCategory, .chain, .streak:
            false
        case .count, .decayedCount, .change, .countSince, .activeDays, .longestStreak, .sessions, .distinct,
            .difference, .sum, .standardDeviation, .minimum, .maximum, .recency, .tenure, .meanGap,
            .shortestGap, .longestGap, .gapDeviation, .affinity, .entropy, .funnelStage, .unanswered,
            .repeats:
            true
        }
    }
}
