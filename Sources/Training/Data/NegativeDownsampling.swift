import LimpetNumerics
import LimpetEvents
import LimpetEvaluation
import LimpetScoring

/// Negative downsampling: data that hold only a share of the rows with label 0, as where positives are rare.
///
/// With the share `S` of the negatives the odds are `1/S` as large as in the population, whatever the inputs;
/// so each row's log-odds get the offset `−log S` while a model is fitted, and the model itself is that of
/// all rows (G. King and L. Zeng, 2001, prior correction). Metrics of held-out rows are those of all rows: a
/// negative represents `1/S` of them.
struct NegativeDownsampling: Sendable {
    /// The share of the negatives in the data, above 0 and up to 1.
    let share: Double

    /// The offset of each row's log-odds.
    var offset: Double { -ElementaryFunctions.log(share) }

    /// Returns the data with the offset added to each row's own.
    func offsetting(_ data: TrainingData) -> TrainingData {
        guard share < 1 else { return data }
        let offset = offset
        return data.with(
            offsets: data.offsets?.map { $0 + offset } ?? [Double](repeating: offset, count: data.count))
    }

    /// Returns held-out log-odds without the offset, as the model gives them.
    func undoing(_ heldOut: [(row: Int, logOdds: Double)]) -> [(row: Int, logOdds: Double)] {
        guard share < 1 else { return heldOut }
        let offset = offset
        return heldOut.map { ($0.row, $0.logOdds - offset) }
    }

    /// Returns the number of rows that each of the given rows represents; nil where each is one.
    func weights(of rows: [Int], in data: TrainingData) -> [Double]? {
        guard share < 1 else { return data.weights.map { weights in rows.map { weights[$0] } } }
        return rows.map { (data.weights?[$0] ?? 1) * (data.labels[$0] ? 1 : 1 / share) }
    }
}

extension TrainingData {
    /// Returns the rows that negative downsampling keeps: all with label 1, and those with label 0 of a
    /// random share of the users.
    ///
    /// - Parameters:
    ///   - share: of the users, from 0 to 1.
    ///   - seed: decides the draw.
    public func rows(keepingZeros share: Double, seed: UInt64) -> [Int] {
        guard share < 1 else { return Array(labels.indices) }
        var isKept: [Int32: Bool] = [:]
        var draw = UserDraw(share: share, seed: seed)
        for user in Set(users).sorted() { isKept[user] = draw.next() }
        return labels.indices.filter { labels[$0] || isKept[users[$0]] ?? false }
    }
}

/// A draw of users whose rows with label 0 are kept, in their ascending order.
struct UserDraw: Sendable {
    private let share: Double
    private var generator: RandomGenerator

    init(share: Double, seed: UInt64) {
        self.share = share
        generator = RandomGenerator(seed: seed ^ 0x7E05)
    }

    /// Returns true when the next user's rows are kept.
    mutating func next() -> Bool { Double(generator.next() >> 11) * 0x1p-53 < share }
}
