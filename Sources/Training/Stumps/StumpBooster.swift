import LimpetNumerics
import LimpetEvents
import LimpetEvaluation
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// A booster of gradient-boosted stumps (J. Friedman, 2001, with the second-order step of T. Chen and C.
/// Guestrin, 2016).
///
/// Each round splits one input at one edge, missing values on either side, where the quadratic model of the
/// log loss falls most. A stump only ever changes one input's bins, so the whole ensemble is a table per
/// input.
///
/// The quadratic model of all rows is small in terms of splits: it needs the weight of the rows that two
/// splits share (`SplitModel`). Rounds are made on that model in blocks; after each block one pass over the
/// rows gives the true loss and exact gradients. A block whose gain ratio is too low is rejected and
/// shortened, so that the loss never rises from block to block. Where few rows meet many splits, rounds that
/// read all rows are faster, and are made instead.
package struct StumpBooster: Sendable {
    package let data: BinnedData
    /// The log-odds before the first round.
    package let intercept: Double
    /// The value of each bin, `[inputs][bins]`.
    package private(set) var values: [[Double]]
    /// The mean log loss after the rounds so far.
    package var loss: Double { rows.totalWeight > 0 ? lastPass.loss / rows.totalWeight : 0 }
    /// The blocks of rounds, in their order.
    package private(set) var blocks: [RoundBlock] = []
    /// The number of rounds so far.
    package private(set) var rounds = 0
    /// True when no split lowers the loss any more.
    package private(set) var isFinished = false

    let settings: StumpSettings
    let threads: Int
    let inputs: [Int]
    let plan: BoostingPlan
    var rows: BoostingRows
    var histograms: BoostingHistograms
    var lastPass: BoostingRows.Pass
    var sampler: CurvatureSampler?
    var curvature: BoostingCurvature?
    var trustRegion: TrustRegion
    var generator: RandomGenerator

    /// Makes a booster without rounds.
    ///
    /// - Parameters:
    ///   - weights: a weight for each row; nil for ones.
    ///   - offsets: the constants added to the rows' log-odds; nil for zeros.
    package init(
        _ data: BinnedData, labels: [Bool], weights: [Float]? = nil, offsets: [Double]? = nil,
        userShares: [Double], settings: StumpSettings, threads: Int = 1
    ) {
        self.data = data
        self.settings = settings
        self.threads = threads
        intercept = Intercept.best(labels: labels, weights: weights, offsets: offsets)
        let intercept = intercept
        rows = BoostingRows(
            data, labels: labels, weights: weights,
            scores: offsets.map { $0.map { $0 + intercept } }
                ?? [Double](repeating: intercept, count: labels.count))
        histograms = BoostingHistograms(data, userShares: userShares, weights: weights, threads: threads)
        values = data.definitions.map { [Double](repeating: 0, count: $0.binCount) }
        let users = histograms
        inputs = data.definitions.indices.filter { users.users($0).count { $0 > 0 } > 1 }
        plan = BoostingPlan(
            rows: data.rowCount, splits: inputs.map { 2 * data.definitions[$0].valueBins - 1 },
            rounds: settings.maximumRounds, memory: settings.memory, form: settings.form)
        trustRegion = TrustRegion()
        generator = RandomGenerator(seed: settings.seed)
        lastPass = rows.pass(
            adding: nil, inputs: inputs.map(Int32.init), hessians: true, threads: threads)
        let rows = rows
        histograms.update(lastPass, value: rows.value)
    }

    /// The log-odds of every row after the rounds so far.
    package var logOdds: [Double] { rows.scores }

    /// Makes more rounds.
    ///
    /// - Parameters:
    ///   - limit: the total number of rounds to reach; fewer when no split lowers the loss.
    ///   - stops: called after each block; returns true to end there.
    package mutating func boost(upTo limit: Int, stops: () -> Bool = { false }) {
        while rounds < limit, !isFinished {
            boostBlock(rounds: limit - rounds)
            if rounds > 0, stops() { return }
        }
    }

    /// Makes one block of at most `limit` rounds.
    package mutating func boostBlock(rounds limit: Int) {
        guard !inputs.isEmpty, rows.totalWeight > 0 else {
            isFinished = true
            return
        }
        if plan.isPlain || trustRegion.rounds < 2 { plainRound() } else { quadraticBlock(limit: limit) }
    }

    // MARK: - Rounds that read all rows

    mutating func plainRound() {
        if lastPass.hessians.isEmpty { pass(nil, hessians: true) }
        let drawn = drawnInputs()
        let (histograms, settings, data) = (histograms, settings, data)
        let found = ConcurrentBlocks.map(drawn.count, threads: drawn.count < 64 ? 1 : threads) { place in
            let input = drawn[place]
            return StumpSearch(
                gradients: histograms.gradients(input), hessians: histograms.hessians(input),
                users: histograms.users(input), settings: settings,
                direction: settings.directions[input] ?? 0
            ).best(data.definitions[input])
        }
        var best: (input: Int, stump: Stump)?
        for (input, stump) in zip(drawn, found) {
            guard let stump, stump.gain > best?.stump.gain ?? 0 else { continue }
            best = (input, stump)
        }
        guard var step = best.map({ (input: $0.input, values: $0.stump.values) }) else {
            // Another draw may contain an input that still lowers the loss.
            isFinished = drawn.count == inputs.count
            guard !isFinished else { return }
            record(.step(input: inputs[0], values: []), rounds: 1, StepTables(inputCount: values.count))
            return
        }
        step.values = cap(step.values, of: step.input)
        take(step.input, step.values)
        trustRegion.plainRound()
    }

    /// Takes a step, or the half of it, a quarter… that does not raise the loss.
    private mutating func take(_ input: Int, _ values: [Double]) {
        let before = lastPass
        var factor = 1.0
        var taken = StepTables(inputCount: data.definitions.count)
        while factor > 1e-6 {
            var wanted = StepTables(inputCount: data.definitions.count)
            wanted.add(values.map { $0 * factor }, to: input)
            pass(factor == 1 ? wanted : wanted.minus(taken), hessians: true)
            taken = wanted
            guard lastPass.loss > before.loss else {
                let block = RoundBlock.step(input: input, values: values.map { $0 * factor })
                record(block, rounds: 1, taken)
                return
            }
            factor /= 2
        }
        pass(StepTables(inputCount: data.definitions.count).minus(taken), hessians: true)
        isFinished = true
    }

    // MARK: - Shared steps

    mutating func pass(_ steps: StepTables?, hessians: Bool) {
        lastPass = rows.pass(
            adding: steps, inputs: inputs.map(Int32.init), hessians: hessians, threads: threads)
        let rows = rows
        histograms.update(lastPass, value: rows.value)
    }

    mutating func record(_ block: RoundBlock, rounds count: Int, _ steps: StepTables) {
        blocks.append(block)
        rounds += count
        for column in steps.columns {
            let input = Int(column)
            let added = steps.values(of: input, bins: values[input].count)
            values[input] = zip(values[input], added).map { $0 + $1 }
        }
    }

    /// Returns the inputs that one round may split.
    private mutating func drawnInputs() -> [Int] {
        guard settings.inputShare < 1 else { return inputs }
        let count = max(1, Int((Double(inputs.count) * settings.inputShare).rounded()))
        return inputs.shuffled(using: &generator).prefix(count).sorted()
    }

    /// Returns 1 for each split that one round may choose, else 0; nil when all are allowed.
    mutating func allowedSplits(_ space: SplitSpace, caps: StepCaps) -> [Float]? {
        guard settings.inputShare < 1 || caps.hasFull else { return nil }
        let drawn = Set(drawnInputs())
        return space.splitFlags { drawn.contains($0) && !caps.isFull($0) }
    }

    private func cap(_ step: [Double], of input: Int) -> [Double] {
        StepCaps(settings.caps, values: values).limited(step, of: input)
    }
}
