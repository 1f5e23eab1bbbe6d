import LimpetScoring

/// A booster of tables over two inputs each, on the residuals of the main effects: each round splits one
/// pair's table into the four quadrants that lower the quadratic model of the log loss most.
struct PairBooster: Sendable {
    /// The two axes of each pair.
    let pairs: [(PairAxis, PairAxis)]
    /// The log-odds of each cell, `[pairs][cells]`.
    private(set) var values: [[Double]]
    /// The steps so far, each a pair with the values added to its cells.
    private(set) var rounds: [(pair: Int, steps: [Double])] = []
    /// True when no pair lowers the loss any more.
    private(set) var isFinished = false
    private(set) var loss = Double.infinity

    private var rows: PairRows
    private let settings: PairSettings
    private let threads: Int
    /// The best next step of each pair; those of the current pass over the pairs.
    private var candidates: [(gain: Double, steps: [Double])?]

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double], settings: PairSettings, threads: Int
    ) {
        self.pairs = pairs
        self.settings = settings
        self.threads = threads
        values = pairs.map { [Double](repeating: 0, count: $0.binCount * $1.binCount) }
        candidates = pairs.map { _ in nil }
        rows = PairRows(
            data, pairs: pairs, labels: labels, weights: weights, scores: scores, threads: threads)
        isFinished = pairs.isEmpty
        loss = rows.add([], to: nil, threads: threads)
    }

    /// Makes rounds until their total reaches `limit`. Each pass goes over all pairs by descending gain;
    /// pairs with less than a tenth of the largest gain wait for the next pass.
    mutating func boost(upTo limit: Int) {
        while rounds.count < limit, !isFinished { sweep(limit: limit) }
    }

    private mutating func sweep(limit: Int) {
        for pair in pairs.indices { candidates[pair] = step(of: pair) }
        let order = pairs.indices.sorted { (gain($1), $0) < (gain($0), $1) }
        let most = order.first.map(gain) ?? 0
        guard most > 1e-9 else {
            isFinished = true
            return
        }
        let before = loss
        for (place, pair) in order.enumerated() where rounds.count < limit {
            // The first candidate is up to date; the others are searched again after the steps before them.
            guard let best = place == 0 ? candidates[pair] : step(of: pair), best.gain > most / 10 else {
                continue
            }
            take(best.steps, of: pair)
        }
        // Steps of tables with shared inputs could otherwise alternate without lowering the loss.
        if loss >= before { isFinished = true }
    }

    private func gain(_ pair: Int) -> Double { candidates[pair]?.gain ?? 0 }

    private func step(of pair: Int) -> (gain: Double, steps: [Double])? {
        let (first, second) = pairs[pair]
        let sums = rows.derivatives(of: pair, cells: values[pair].count, threads: threads)
        let search = PairSearch(
            gradients: sums.gradients, hessians: sums.hessians, rows: first.binCount,
            columns: second.binCount,
            isUnordered: (first.isUnordered, second.isUnordered), l2: settings.l2,
            minimumHessian: settings.minimumHessian)
        guard let cut = search.best(by: \.gain) else { return nil }
        return (cut.gain, search.steps(cut, rate: settings.learningRate))
    }

    private mutating func take(_ steps: [Double], of pair: Int) {
        let after = rows.add(steps, to: pair, threads: threads)
        guard after <= loss else {
            _ = rows.add(steps.map { -$0 }, to: pair, threads: threads)
            return
        }
        loss = after
        rounds.append((pair, steps))
        values[pair] = zip(values[pair], steps).map { $0 + $1 }
    }

    /// The tables as terms, without those that are 0 everywhere.
    var terms: [Term] {
        zip(pairs, values).compactMap { pair, values in
            guard values.contains(where: { $0 != 0 }) else { return nil }
            return Term(
                input: pair.0.input,
                grid: Term.Grid(
                    second: pair.1.input, rows: pair.0.axis, columns: pair.1.axis, values: values))
        }
    }
}
