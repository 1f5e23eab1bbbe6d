import LimpetEvaluation
import LimpetEvents
import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel
import LimpetScoring

/// A ranking of pairs of inputs by their interaction in the residuals of the main effects.
enum ContrastRanking {
    /// The largest number of rows that are used, and the smallest that it falls to where pairs are many; of
    /// more, a sample is drawn.
    private static let mostRows = 50_000
    private static let leastRows = 20_000
    /// The rows times the pairs above which fewer rows are used.
    private static let mostWork = 200_000_000

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
        let inputs = axes.count { $0 != nil }
        let affordable = mostWork / max(1, inputs * (inputs - 1) / 2)
        let rows = RowSample.rows(
            of: data.rowCount, count: max(leastRows, min(mostRows, affordable)), using: &generator)
        var derivatives = PackedDerivatives(
            count: rows.count, unit: DerivativeUnit.unit(weights), most: weights?.max() ?? 1)
        derivatives.update(
            scores: rows.map { Float(scores[$0]) }, labels: rows.map { labels[$0] ? 1 : 0 },
            weights: weights.map { weights in rows.map { weights[$0] } })
        let (drawn, coarse) = (derivatives, axes.map { $0.map { CoarseAxis($0) } })
        let fine = PairAxis.columns(data, axes: axes, rows: rows, threads: threads)
        let columns = ConcurrentBlocks.map(axes.count, threads: threads) { input in
            coarse[input].map { axis in fine[input].map { axis.groupOfBin[Int($0)] } } ?? []
        }
        let scored = ConcurrentBlocks.map(axes.count, threads: threads) {
            first -> [(pair: InputPair, score: Double)] in
            guard let one = coarse[first] else { return [] }
            return axes.indices.dropFirst(first + 1).compactMap { second in
                guard let other = coarse[second] else { return nil }
                let sums = PairKernels.sums(
                    columns[first], columns[second], drawn, rows: one.count, columns: other.count)
                let score = score(sums, unit: drawn.unit, one, other, settings)
                return score > 0 ? (InputPair(first, second), score) : nil
            }
        }
        return scored.flatMap { $0 }.sorted {
            ($1.score, $0.pair.first, $0.pair.second) < ($0.score, $1.pair.first, $1.pair.second)
        }.map(\.pair)
    }

    /// An axis with half as many groups, which find the same pairs in a quarter of the time.
    private struct CoarseAxis {
        let count: Int
        let groupOfBin: [UInt8]
        let isUnordered: Bool

        private static let mostValues = 15

        init(_ axis: PairAxis) {
            isUnordered = axis.isUnordered
            let values = axis.binCount - 1
            guard !isUnordered, values > Self.mostValues else {
                count = axis.binCount
                groupOfBin = (0..<axis.binCount).map { UInt8($0) }
                return
            }
            count = Self.mostValues + 1
            groupOfBin =
                (0..<values).map { UInt8($0 * Self.mostValues / values) } + [UInt8(Self.mostValues)]
        }
    }

    /// Returns the chi-squared of the best cut beyond chance: without an interaction, the largest of as many
    /// contrasts as there are cuts is about twice the logarithm of their number.
    private static func score(
        _ sums: [PackedDerivatives.Sum], unit: Double, _ one: CoarseAxis, _ other: CoarseAxis,
        _ settings: PairSettings
    ) -> Double {
        let search = PairSearch(
            gradients: sums.map { Double($0.gradient) * unit },
            hessians: sums.map { Double($0.hessian) * unit }, rows: one.count, columns: other.count,
            isUnordered: (one.isUnordered, other.isUnordered), l2: settings.l2,
            minimumHessian: settings.minimumHessian)
        let cuts = Double((one.count - 1) * (other.count - 1))
        return search.bestContrast() - 2 * ElementaryFunctions.log(max(2, cuts))
    }
}
