import LimpetEvaluation
import LimpetEvents
import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel
import LimpetScoring

/// A ranking of pairs of inputs by their interaction in the residuals of the main effects.
enum ContrastRanking {
    /// The largest number of rows that are used; of more, a sample is drawn.
    private static let mostRows = 50_000

    /// Returns the pairs with more interaction than expected by chance, best first.
    ///
    /// - Parameters:
    ///   - axes: the axis of each input in a pair; nil for inputs that are left out.
    ///   - scores: the log-odds of the rows by main effects.
    static func pairs(
        _ data: BinnedData, axes: [PairAxis?], labels: [Bool], weights: [Float]?, scores: [Double],
        settings: PairSettings, threads: Int
    ) -> [InputPair] {
        var generator = RandomGenerator(seed: UInt64(data.rowCount))
        let rows = RowSample.rows(of: data.rowCount, count: mostRows, using: &generator)
        var (gradients, hessians): ([Float], [Float]) = ([], [])
        for row in rows {
            let p = ElementaryFunctions.logistic(scores[row])
            let weight = weights?[row] ?? 1
            gradients.append(weight * Float(p - (labels[row] ? 1 : 0)))
            hessians.append(weight * Float(p * (1 - p)))
        }
        let (g, h) = (gradients, hessians)
        let columns = PairAxis.columns(data, axes: axes, rows: rows, threads: threads)
        let scored = ConcurrentBlocks.map(axes.count, threads: threads) {
            first -> [(pair: InputPair, score: Double)] in
            guard let one = axes[first] else { return [] }
            var table = [Float](repeating: 0, count: 2 * StumpKernels.places * StumpKernels.places)
            return axes.indices.dropFirst(first + 1).compactMap { second in
                guard let other = axes[second] else { return nil }
                PairKernels.derivatives(
                    columns[first], columns[second], gradients: g, hessians: h, rows: one.binCount,
                    columns: other.binCount, into: &table)
                let score = score(table, one, other, settings)
                return score > 0 ? (InputPair(first, second), score) : nil
            }
        }
        return scored.flatMap { $0 }.sorted {
            ($1.score, $0.pair.first, $0.pair.second) < ($0.score, $1.pair.first, $1.pair.second)
        }.map(\.pair)
    }

    /// Returns the chi-squared of the best cut beyond chance: without an interaction, the largest of as many
    /// contrasts as there are cuts is about twice the logarithm of their number.
    private static func score(
        _ table: [Float], _ one: PairAxis, _ other: PairAxis, _ settings: PairSettings
    ) -> Double {
        let cells = one.binCount * other.binCount
        let search = PairSearch(
            gradients: (0..<cells).map { Double(table[2 * $0]) },
            hessians: (0..<cells).map { Double(table[2 * $0 + 1]) }, rows: one.binCount,
            columns: other.binCount,
            isUnordered: (one.isUnordered, other.isUnordered), l2: settings.l2,
            minimumHessian: settings.minimumHessian)
        let cuts = Double((one.binCount - 1) * (other.binCount - 1))
        return search.bestContrast() - 2 * ElementaryFunctions.log(max(2, cuts))
    }
}
