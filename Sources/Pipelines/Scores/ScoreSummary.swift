package import LimpetDocuments
package import LimpetScoring

/// A summary of the rows that a run has scored.
public struct ScoreSummary: Sendable {
    /// The hash of the model.
    public let hash: String
    /// The number of rows.
    public package(set) var rows = 0
    /// The sum of the probabilities.
    public package(set) var sum = 0.0
    /// The number of rows by tenth of probability.
    public package(set) var tenths = [Int](repeating: 0, count: 10)

    package init(hash: String) { self.hash = hash }

    package init(_ scores: [Scorer.Score], hash: String) {
        self.hash = hash
        for score in scores { add(score.probability) }
    }

    package mutating func add(_ probability: Double) {
        rows += 1
        sum += probability
        tenths[max(0, min(9, Int(probability * 10)))] += 1
    }

    /// Adds the rows of another batch.
    package mutating func add(_ other: ScoreSummary) {
        rows += other.rows
        sum += other.sum
        for tenth in tenths.indices { tenths[tenth] += other.tenths[tenth] }
    }

    /// The mean probability; 0 without rows.
    public var mean: Double { sum / Double(max(1, rows)) }

    package var document: JSON {
        .object(["rows": .number(rows), "model": .string(hash), "meanProbability": .number(mean)])
    }
}
