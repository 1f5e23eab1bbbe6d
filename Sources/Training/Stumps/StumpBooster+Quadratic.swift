import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel

/// Blocks of rounds on the quadratic model.
extension StumpBooster {
    mutating func quadraticBlock(limit: Int) {
        var gains = inputGains()
        if curvature == nil || trustRegion.wantsCurvature || !holdsBest(gains) {
            refreshCurvature(gains)
            gains = inputGains()
        }
        guard let curvature else { return }
        var model = curvature.model(histograms, settings: settings)
        let count = min(limit, trustRegion.rounds)
        let stumps = stumps(on: &model, curvature: curvature, count: count, least: 0.7 * outsideGain(gains))
        if stumps.isEmpty {
            // There may still be a split among the inputs or bins that the model leaves out.
            trustRegion.wantsCurvature = true
            plainRound()
        } else {
            accept(stumps, in: curvature.space, wasShortened: stumps.count < count)
            if stumps.count < count { trustRegion.wantsCurvature = true }
        }
    }

    /// Returns the gain of each input's best split; empty where the model has all inputs anyway.
    private func inputGains() -> [Double] {
        guard plan.inputLimit < inputs.count else { return [] }
        let (inputs, histograms, settings, data) = (inputs, histograms, settings, data)
        return ConcurrentBlocks.map(inputs.count, threads: threads) { place in
            let input = inputs[place]
            return StumpSearch(
                gradients: histograms.gradients(input), hessians: histograms.hessians(input),
                users: histograms.users(input), settings: settings,
                direction: settings.directions[input] ?? 0
            ).best(data.definitions[input])?.gain ?? 0
        }
    }

    /// Returns the best gain among inputs that the model leaves out.
    private func outsideGain(_ gains: [Double]) -> Double {
        zip(inputs, gains).reduce(0) { best, next in
            curvature?.contains(next.0) ?? false ? best : max(best, next.1)
        }
    }

    /// Returns true if the model has the input with the largest gain.
    private func holdsBest(_ gains: [Double]) -> Bool {
        guard let most = gains.max() else { return true }
        return outsideGain(gains) < most
    }

    private mutating func stumps(
        on model: inout SplitModel, curvature: BoostingCurvature, count: Int, least: Double
    ) -> [SplitModel.Stump] {
        var stumps: [SplitModel.Stump] = []
        var caps = StepCaps(settings.caps, values: values)
        while stumps.count < count {
            let allowed = allowedSplits(curvature.space, caps: caps)
            guard
                var stump = model.boost(rate: settings.learningRate, least: least, allowed: allowed)
            else { break }
            // Gains fall from round to round; where they rise, the model is outside the region where it is
            // valid.
            if let first = stumps.first, stump.fall > 4 * first.fall { break }
            caps.limit(&stump, in: curvature.space)
            model.take(stump)
            stumps.append(stump)
        }
        return stumps
    }

    /// Takes the stumps, or the first half of them, a quarter… until the gain ratio is high enough.
    private mutating func accept(
        _ stumps: [SplitModel.Stump], in space: SplitSpace, wasShortened: Bool
    ) {
        let before = lastPass.loss
        var count = stumps.count
        var taken = StepTables(inputCount: data.definitions.count)
        while true {
            let block = RoundBlock.stumps(Array(stumps.prefix(count)), space)
            var wanted = StepTables(inputCount: data.definitions.count)
            block.add(to: &wanted)
            pass(taken.columns.isEmpty ? wanted : wanted.minus(taken), hessians: trustRegion.expectsCurvature)
            taken = wanted
            let promised = stumps.prefix(count).reduce(0) { $0 + $1.fall }
            let gainRatio = (before - lastPass.loss) / promised
            if gainRatio >= TrustRegion.leastGainRatio {
                record(block, rounds: count, taken)
                trustRegion.accepted(
                    rounds: count, gainRatio: gainRatio, wasCut: wasShortened || count < stumps.count)
                return
            }
            guard count > 1 else { break }
            count /= 2
            trustRegion.failed(rounds: count)
        }
        // Not even one stump of the model has a sufficient gain ratio: it is rejected, and the next round
        // reads all rows.
        pass(StepTables(inputCount: data.definitions.count).minus(taken), hessians: true)
        trustRegion.failed(rounds: 1)
    }

    private mutating func refreshCurvature(_ gains: [Double]) {
        if lastPass.hessians.isEmpty { pass(nil, hessians: true) }
        let best = gains.indices.sorted { (gains[$1], $0) < (gains[$0], $1) }.prefix(plan.inputLimit)
        let chosen = gains.isEmpty ? inputs : best.sorted().map { inputs[$0] }
        let memory = curvature?.takeMemory() ?? []
        curvature = BoostingCurvature(
            data, rows: rows, sample: sample(of: chosen), histograms: histograms, inputs: chosen,
            isAll: gains.isEmpty, plan: plan, settings: settings, memory: memory, threads: threads)
        trustRegion.wantsCurvature = false
    }

    private mutating func sample(of inputs: [Int]) -> CurvatureSample {
        let known = sampler.flatMap { $0.inputs == inputs ? $0 : nil }
        let sampler =
            known
            ?? CurvatureSampler(
                data, inputs: inputs, counts: histograms.rows, count: plan.sampleRows, threads: threads)
        self.sampler = sampler
        return sampler.sample(using: &generator)
    }
}
