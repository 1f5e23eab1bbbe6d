import LimpetScoring

/// Predictions with what really happened: what every metric is computed from.
public struct Outcomes: Sendable {
    /// The sums of the terms, by which users are ranked.
    public var logOdds: [Double]
    /// The calibrated probabilities.
    public var probabilities: [Double]
    /// Whether the label was 1.
    public var labels: [Bool]
    /// The user of each row, as any number; rows of one user have the same.
    public var users: [Int32]
    /// How often each row counts: a weight of 2 is the row twice, a weight of 0 no row. Nil is 1 for all.
    public var weights: [Double]?
    /// What keeping the user of each row is worth, in money, for ``Profit``. Nil is the same for all.
    public var values: [Double]?

    /// Makes outcomes; all lists are as long.
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

    /// No outcomes.
    public init() { self.init(logOdds: [], probabilities: [], labels: [], users: []) }

    /// The number of rows.
    public var count: Int { labels.count }

    /// The number of rows with label 1.
    public var positives: Int { labels.count { $0 } }

    /// The rows for which `isIncluded` holds.
    public func filtered(_ isIncluded: (Int) -> Bool) -> Outcomes {
        let rows = labels.indices.filter(isIncluded)
        return Outcomes(
            logOdds: rows.map { logOdds[$0] }, probabilities: rows.map { probabilities[$0] },
            labels: rows.map { labels[$0] }, users: rows.map { users[$0] },
            weights: weights.map { weights in rows.map { weights[$0] } },
            values: values.map { values in rows.map { values[$0] } })
    }

    /// Adds the rows of `other`. Where only one of the two has weights, the other's are 1; where only one has
    /// values, both lose them, unless the other is empty: nobody knows what its users are worth.
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
