import LimpetScoring

/// Predictions with observed labels, from which every metric is computed.
///
///     let outcomes = Outcomes(
///         logOdds: [-1.2, 0.4], probabilities: [0.23, 0.6], labels: [false, true], users: [0, 1])
///     let auc = Metric.auc.value(outcomes)
public struct Outcomes: Sendable {
    /// The log-odds, by which users are ranked.
    public var logOdds: [Double]
    /// The calibrated probabilities.
    public var probabilities: [Double]
    /// The observed labels.
    public var labels: [Bool]
    /// The user of each row, as an arbitrary number that rows of one user share.
    public var users: [Int32]
    /// The number of times that each row counts: a weight of 2 is the row twice, a weight of 0 no row. Nil is
    /// 1 for all.
    public var weights: [Double]?
    /// The value of keeping the user of each row, in money, for ``Profit``. Nil is the same for all.
    public var values: [Double]?

    /// Creates outcomes from lists of equal length.
    public init(
        logOdds: [Double], probabilities: [Double], labels: [Bool], users: [Int32], weights: [Double]? = nil,
        values: [Double]? = nil
    ) {
        precondition(
            logOdds.count == labels.count && probabilities.count == labels.count
                && users.count == labels.count, "each row needs a prediction, a label and a user")
        precondition(
            (weights?.count ?? labels.count) == labels.count
                && (values?.count ?? labels.count) == labels.count,
            "where rows have weights or values, each row has one")
        self.logOdds = logOdds
        self.probabilities = probabilities
        self.labels = labels
        self.users = users
        self.weights = weights
        self.values = values
    }

    /// Creates empty outcomes.
    public init() { self.init(logOdds: [], probabilities: [], labels: [], users: []) }

    /// The number of rows.
    public var count: Int { labels.count }

    /// The number of rows with label 1.
    public var positives: Int { labels.count { $0 } }

    /// Returns the rows for which `isIncluded` returns true.
    public func filtered(_ isIncluded: (Int) -> Bool) -> Outcomes {
        let rows = labels.indices.filter(isIncluded)
        return Outcomes(
            logOdds: rows.map { logOdds[$0] }, probabilities: rows.map { probabilities[$0] },
            labels: rows.map { labels[$0] }, users: rows.map { users[$0] },
            weights: weights.map { weights in rows.map { weights[$0] } },
            values: values.map { values in rows.map { values[$0] } })
    }

    /// Appends the rows of `other`.
    ///
    /// Where only one of the two has weights, the other's are 1. Where only one has values, both lose them
    /// unless the other is empty, since the values of its users are unknown.
    public mutating func append(_ other: Outcomes) {
        weights = Self.joined(self, other, \.weights, absent: 1)
        values = Self.joined(self, other, \.values, absent: nil)
        logOdds += other.logOdds
        probabilities += other.probabilities
        labels += other.labels
        users += other.users
    }

    private static func joined(
        _ first: Outcomes, _ second: Outcomes, _ column: KeyPath<Outcomes, [Double]?>, absent: Double?
    ) -> [Double]? {
        if first.count == 0 { return second[keyPath: column] }
        if second.count == 0 { return first[keyPath: column] }
        guard first[keyPath: column] != nil || second[keyPath: column] != nil else { return nil }
        let parts = [first, second].compactMap { part in
            part[keyPath: column] ?? absent.map { [Double](repeating: $0, count: part.count) }
        }
        return parts.count == 2 ? parts[0] + parts[1] : nil
    }
}
