import LimpetScoring

extension PairList {
    /// Returns the pairs of the given axes, best first, without those whose finished tables no model file
    /// holds.
    ///
    /// - Parameters:
    ///   - scores: the log-odds of the rows by main effects.
    ///   - offsets: the log-odds of the rows before any effect; nil for zeros.
    func pairs(
        _ data: BinnedData, axes: [PairAxis?], labels: [Bool], users: [Int32], weights: [Float]?,
        scores: [Double], offsets: [Double]?, settings: PairSettings, threads: Int
    ) -> [InputPair] {
        let pairs =
            switch self {
            case .contrasts:
                ContrastRanking.pairs(
                    data, axes: axes, labels: labels, weights: weights, scores: scores, settings: settings,
                    threads: threads)
            case .trees:
                TreeRanking.pairs(
                    data, axes: axes, labels: labels, users: users, weights: weights, offsets: offsets,
                    seed: settings.seed, threads: threads)
            case .named: settings.named
            }
        return pairs.filter { pair in
            guard !settings.forbidden.contains(pair) else { return false }
            guard let first = axes[pair.first], let second = axes[pair.second] else { return false }
            let (rows, columns) = (settings.finishedBins(first), settings.finishedBins(second))
            return max(rows, columns) <= Term.Grid.mostBins && rows * columns <= Term.Grid.mostCells
        }
    }
}

extension PairSettings {
    /// The number of an input's bins in a finished table.
    fileprivate func finishedBins(_ axis: PairAxis) -> Int {
        max(axis.binCount, finishedBins[axis.input] ?? 0)
    }
}
