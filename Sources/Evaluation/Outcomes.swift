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

    /// Makes outcomes; all lists are as long.
    public init(logOdds: [Double], probabilities: [Double], labels: [Bool], users: [Int32]) {
        precondition(
            logOdds.count == labels.count && probabilities.count == labels.count
                && users.count == labels.count, "each row needs a prediction, a label and a user")
        self.logOdds = logOdds
        self.probabilities = probabilities
        self.labels = labels
        self.users = users
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
            labels: rows.map { labels[$0] }, users: rows.map { users[$0] })
    }

    /// Adds the rows of `other`.
    public mutating func append(_ other: Outcomes) {
        logOdds += other.logOdds
        probabilities += other.probabilities
        labels += other.labels
        users += other.users
    }
}
