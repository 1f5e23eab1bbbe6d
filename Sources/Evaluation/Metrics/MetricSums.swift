/// The sums over rows from which every metric that is a mean, or a ratio of means, follows.
struct MetricSums: Sendable {
    var rows = 0.0
    var positives = 0.0
    var expected = 0.0
    var logLoss = 0.0
    var brier = 0.0
    var profit = 0.0

    init() {}

    /// Creates the sums of one row of the outcomes with the given weight.
    ///
    /// - Parameter logLoss: the row's log loss, before its weight.
    init(
        _ outcomes: Outcomes, row: Int, weight: Double, logLoss loss: Double, settings: MetricSettings
    ) {
        let (p, label) = (outcomes.probabilities[row], outcomes.labels[row])
        rows = weight
        positives = label ? weight : 0
        expected = weight * p
        logLoss = weight * loss
        brier = weight * ProbabilityLoss.brier(p, label)
        guard let threshold = settings.threshold, !(p < threshold) else { return }
        let isKnown = p >= threshold
        profit = isKnown ? weight * settings.profit.contacting(row, of: outcomes) : .nan
    }

    /// Creates the sums of all rows of the outcomes.
    init(_ outcomes: Outcomes, logLosses: [Double], settings: MetricSettings) {
        for row in outcomes.labels.indices {
            let weight = outcomes.weights?[row] ?? 1
            guard weight > 0 else { continue }
            add(
                MetricSums(
                    outcomes, row: row, weight: weight, logLoss: logLosses[row], settings: settings))
        }
    }

    mutating func add(_ other: MetricSums, times: Double = 1) {
        rows += times * other.rows
        positives += times * other.positives
        expected += times * other.expected
        logLoss += times * other.logLoss
        brier += times * other.brier
        profit += times * other.profit
    }

    var base: Double { ProbabilityLoss.baseLogLoss(share: positives / rows) }
}

extension MetricSums {
    /// Returns the sums over the rows of each unit; rows of unit −1 are ignored.
    static func byUnit(_ prepared: PreparedOutcomes, _ ofRow: [Int32], count: Int) -> [MetricSums] {
        let outcomes = prepared.outcomes
        var sums = [MetricSums](repeating: MetricSums(), count: count)
        for row in outcomes.labels.indices where ofRow[row] >= 0 {
            sums[Int(ofRow[row])].add(
                MetricSums(
                    outcomes, row: row, weight: outcomes.weights?[row] ?? 1,
                    logLoss: prepared.logLosses[row], settings: prepared.settings))
        }
        return sums
    }
}
