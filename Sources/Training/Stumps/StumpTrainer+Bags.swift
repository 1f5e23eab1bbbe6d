import LimpetParallel

/// Bags as lanes of vectors: one pass over the rows serves up to sixteen of them.
extension StumpTrainer {
    /// Fits all bags; nil where lanes are not the way to boost them: few rows, pairs, and what asks for
    /// another way.
    func bagsSideBySide(
        _ data: TrainingData, _ binned: BinnedData, setting: Setting, progress: (Double) -> Void
    ) throws -> [AdditiveFit]? {
        let most = LanePlan.mostModels
        guard setting.stumps.pairs == 0,
            LaneSelection.isWorthwhile(binned, .bags(min(most, settings.bags)), settings)
        else { return nil }
        var fits: [AdditiveFit] = []
        for first in stride(from: 0, to: settings.bags, by: most) {
            if first > 0, isStopRequested { break }
            let bags = first..<min(first + most, settings.bags)
            fits += try fit(bags, data, binned, rounds: setting.stumps.rounds) {
                progress((Double(first) + $0 * Double(bags.count)) / Double(settings.bags))
            }
        }
        progress(1)
        return fits
    }

    private func fit(
        _ bags: Range<Int>, _ data: TrainingData, _ binned: BinnedData, rounds: Int,
        progress: (Double) -> Void
    ) throws -> [AdditiveFit] {
        let draws = ConcurrentBlocks.map(bags.count, threads: threads) {
            Bag.draws(data, seed: settings.seed &+ UInt64(bags.lowerBound + $0))
        }
        var booster = LaneBooster(
            binned, plan: .bags(bags.count), groupOfRow: [Int32](repeating: 0, count: data.count),
            labels: data.labels,
            weights: LaneWeights(ofRow: data.weights, draws: draws),
            offsets: data.offsets, userShares: data.userShares, settings: settings, threads: threads)
        var made = 0
        while made < rounds, !booster.isFinished {
            try Task.checkCancellation()
            made = min(rounds, LaneBooster.blockEnd(after: made))
            booster.boost(upTo: made)
            progress(Double(made) / Double(rounds))
            if isStopRequested { break }
        }
        return bags.indices.map { booster.fit($0 - bags.lowerBound, after: made) }
    }
}
