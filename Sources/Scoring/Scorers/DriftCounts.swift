import LimpetEvents
public import LimpetFeatures

/// Counts of inputs and scores in the bins of a model's training distribution, from which drift is measured.
///
/// They take a few kilobytes and hold no user's data. Each thread counts into a value of its own; the counts
/// of several threads or hours are combined with ``add(_:)``.
public struct DriftCounts: Hashable, Sendable {
    /// The number of rows counted.
    public private(set) var rows = 0
    /// The counts of each input, in the bins of the model's training summary.
    public private(set) var inputs: [TrainingSummary.Distribution]
    /// The counts of the log-odds, in the bins of the model's training summary.
    public private(set) var logOdds: TrainingSummary.Distribution
    /// The rows of each text key that no training row had, by input; at most ``unseenLimit`` keys
    /// of each input are kept.
    public private(set) var unseen: [[UInt64: Int]]
    private let levels: [[UInt64: Int]]
    private let isCategory: [Bool]

    /// The maximum number of unseen texts of an input that are counted separately.
    public static let unseenLimit = 1_000

    /// Creates counts of no rows, in the bins of a model.
    public init(_ model: Model) {
        inputs = model.training.inputs.map(\.emptied)
        logOdds = model.training.logOdds.emptied
        unseen = model.inputs.map { _ in [:] }
        isCategory = model.inputs.map(\.isCategorical)
        levels = model.training.inputs.map { distribution in
            var places: [UInt64: Int] = [:]
            for (place, level) in distribution.levels.enumerated() { places[TextKey(level).rawValue] = place }
            return places
        }
    }

    /// Counts one row.
    public mutating func add(_ vector: borrowing FeatureVector, score: Scorer.Score) {
        rows += 1
        for input in inputs.indices {
            if isCategory[input] {
                count(vector.categories[input].rawValue, input: input, weight: 1)
            } else {
                inputs[input].count(vector.numbers[input], weight: 1)
            }
        }
        logOdds.count(score.logOdds, weight: 1)
    }

    /// Counts rows given as columns, as ``Scorer/scores(numbers:keys:rowCount:)`` takes them.
    ///
    /// - Parameter weights: how often each row counts, 0 or more; nil for once.
    public mutating func add(
        numbers: [[Double]], keys: [[UInt64]], scores: [Scorer.Score], weights: [Double]? = nil
    ) {
        for row in scores.indices where weights?[row] ?? 1 > 0 {
            let weight = weights?[row] ?? 1
            rows += 1
            logOdds.count(scores[row].logOdds, weight: weight)
        }
        for input in inputs.indices {
            for row in scores.indices where weights?[row] ?? 1 > 0 {
                let weight = weights?[row] ?? 1
                if isCategory[input] {
                    count(keys[input][row], input: input, weight: weight)
                } else {
                    inputs[input].count(numbers[input][row], weight: weight)
                }
            }
        }
    }

    private mutating func count(_ key: UInt64, input: Int, weight: Double) {
        guard key != TextKey.missing.rawValue else {
            inputs[input].missing += weight
            return
        }
        if let place = levels[input][key] {
            inputs[input].counts[place] += weight
            return
        }
        inputs[input].counts[inputs[input].counts.count - 1] += weight
        if unseen[input].count < Self.unseenLimit || unseen[input][key] != nil {
            unseen[input][key, default: 0] += 1
        }
    }

    /// Adds the counts of other rows of the same model.
    ///
    /// - Precondition: both are of one model.
    public mutating func add(_ other: DriftCounts) {
        precondition(inputs.count == other.inputs.count, "counts of two different models")
        rows += other.rows
        for input in inputs.indices {
            inputs[input].add(other.inputs[input])
            unseen[input].merge(other.unseen[input]) { $0 + $1 }
        }
        logOdds.add(other.logOdds)
    }
}

extension TrainingSummary.Distribution {
    /// The same bins with all counts at 0.
    var emptied: Self {
        TrainingSummary.Distribution(
            edges: edges, levels: levels, counts: counts.map { _ in 0 }, missing: 0)
    }

    mutating func count(_ number: Double, weight: Double) {
        if number.isNaN { missing += weight } else { counts[edges.bin(of: number)] += weight }
    }

    mutating func add(_ other: Self) {
        precondition(counts.count == other.counts.count, "counts of two different models")
        for place in counts.indices { counts[place] += other.counts[place] }
        missing += other.missing
    }
}
