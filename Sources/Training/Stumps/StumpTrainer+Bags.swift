import LimpetParallel

/// Bags, as lanes of vectors where one pass over the rows can serve up to sixteen of them.
extension StumpTrainer {
    /// Fits all bags; nil where lanes are not the way to boost them: few rows, pairs, and what asks for
    /// another way.
    func bagsSideBySide(
        _ data: TrainingData, _ binned: BinnedData, setting: Setting, progress: (Double) -> Void
    ) throws -> [AdditiveFit]? {
        let most = LanePlan.mostModels
        guard setting.stumps.pairs.count == 0,
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

    /// Returns a fit of each bag, several bags in parallel: a fit on all threads would wait for the slowest
    /// at each block.
    func bags(
        _ data: TrainingData, _ binned: BinnedData, setting: Setting,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> [AdditiveFit] {
        let rowsOnly = data.withoutColumns
        let counts = binned.counts(weights: data.weights, threads: threads)
        let sideBySide = max(1, min(threads, settings.memory / BoostingPlan.mostBytes))
        let each = StumpTrainer(
            settings: settings, threads: max(1, threads / sideBySide), clock: clock, monitor: monitor)
        var done = 0
        return try await concurrentMap(
            Array(0..<settings.bags), threads: sideBySide,
            eachDone: {
                done += 1
                progress(Double(done) / Double(settings.bags))
            },
            { [monitor] bag -> Result<AdditiveFit, any Error>? in
                if bag > 0, monitor?.isStopRequested ?? false { return nil }
                return Result {
                    let (rows, weights) = Bag.draw(data, seed: settings.seed &+ UInt64(bag))
                    let fit = try each.fit(
                        rowsOnly.selecting(rows), binned.selecting(rows, threads: each.threads),
                        weights: weights, setting: setting, stumps: nil, progress: { _ in })
                    return setting.stumps.pairs.count == 0
                        ? fit.centred(over: counts, bins: binned.definitions)
                        : fit.purified(on: data, weights: data.weights).centred(on: data)
                }
            }
        ).compactMap { $0 }.map { try $0.get() }
    }
}
