import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel
import LimpetScoring

/// A ranking of pairs of inputs by boosted trees of two levels, grown from the intercept: a pair is credited
/// with the contrast of the four parts that the cut at the root and a cut below it make, summed over all
/// trees in which they cut different inputs.
///
/// Such trees cut the strong inputs first and ask what a second input adds to them, before the main effects
/// of both have explained a part of what they do together.
enum TreeRanking {
    /// The largest number of rows that are used; of more, a sample is drawn.
    private static let mostRows = 20_000
    private static let trees = 150

    /// Returns the pairs with any credit, best first.
    ///
    /// - Parameters:
    ///   - axes: the axis of each input in a pair; nil for inputs that are left out.
    ///   - offsets: the log-odds of the rows before the first tree, less the intercept; nil for zeros.
    static func pairs(
        _ data: BinnedData, axes: [PairAxis?], labels: [Bool], users: [Int32], weights: [Float]?,
        offsets: [Double]?, seed: UInt64, threads: Int
    ) -> [InputPair] {
        var generator = RandomGenerator(seed: seed)
        let rows = RowSample.rows(of: data.rowCount, count: mostRows, using: &generator)
        let (some, columns) = (
            axes.compactMap { $0 }, PairAxis.columns(data, axes: axes, rows: rows, threads: threads)
        )
        guard some.count > 1, !rows.isEmpty else { return [] }
        var grower = PairTreeGrower(
            some, bins: some.map { columns[$0.input] }, labels: rows.map { labels[$0] },
            users: rows.map { users[$0] },
            weights: weights.map { weights in rows.map { weights[$0] } },
            offsets: offsets.map { offsets in rows.map { offsets[$0] } }, threads: threads)
        var credits: [InputPair: Double] = [:]
        for _ in 0..<trees {
            for cuts in grower.grow(using: &generator) ?? [] {
                let pair = InputPair(some[cuts.one].input, some[cuts.other].input)
                credits[pair, default: 0] += cuts.contrast
            }
        }
        return credits.sorted {
            ($1.value, $0.key.first, $0.key.second) < ($0.value, $1.key.first, $1.key.second)
        }.map(\.key)
    }
}
