import LimpetNumerics
import LimpetEvents
import LimpetEvaluation
import LimpetScoring

/// Rows with label 0 of which only a share is there, as where positives are rare and negatives cheap to leave out.
///
/// With the share `S` of the zeros the odds are `1/S` as large as in truth, whatever the inputs; so each row's
/// log-odds begin at `−log S` while a model is fitted, and the model itself comes out as that of all rows (G. King and
/// L. Zeng, 2001, prior correction). What is said of held-out rows is said of all: a zero stands for `1/S` of them.
struct NegativeDownsampling: Sendable {
    /// The share of the zeros that is there, above 0 and up to 1.
    let share: Double

    /// Where log-odds begin.
    var offset: Double { -ElementaryFunctions.log(share) }

    /// The data with the offset added to what each row begins with.
    func offsetting(_ data: TrainingData) -> TrainingData {
        guard share < 1 else { return data }
        let offset = offset
        return data.with(
            offsets: data.offsets?.map { $0 + offset } ?? [Double](repeating: offset, count: data.count))
    }

    /// Held-out log-odds as those of the model, without the offset.
    func undoing(_ heldOut: [(row: Int, logOdds: Double)]) -> [(row: Int, logOdds: Double)] {
        guard share < 1 else { return heldOut }
        let offset = offset
        return heldOut.map { ($0.row, $0.logOdds - offset) }
    }

    /// How many rows each of some rows stands for; nil where each is one.
    func weights(of rows: [Int], in data: TrainingData) -> [Double]? {
        guard share < 1 else { return data.weights.map { weights in rows.map { weights[$0] } } }
        return rows.map { (data.weights?[$0] ?? 1) * (data.labels[$0] ? 1 : 1 / share) }
    }
}

extension TrainingData {
    /// The rows that are left when only a share of the zeros is kept: all with label 1, and those with label 0 of the
    /// users that a draw keeps.
    ///
    /// - Parameters:
    ///   - share: of the users, from 0 to 1.
    ///   - seed: decides the draw.
    public func rows(keepingZeros share: Double, seed: UInt64) -> [Int] {
        guard share < 1 else { return Array(labels.indices) }
        var isKept: [Int32: Bool] = [:]
        var generator = RandomGenerator(seed: seed ^ 0x7E05)
        for user in Set(users).sorted() {
            isKept[user] = Double(generator.next() >> 11) * 0x1p-53 < share
        }
        return labels.indices.filter { labels[$0] || isKept[users[$0]] ?? false }
    }
}
