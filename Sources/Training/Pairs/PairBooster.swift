import LimpetScoring

/// Boosts tables over two inputs each on what is left when the inputs have been heard alone: each round parts one
/// pair's table into four, where the quadratic model of the log loss falls most.
struct PairBooster: Sendable {
    /// The sides of each pair.
    let pairs: [(PairAxis, PairAxis)]
    /// What each cell of each pair adds.
    private(set) var values: [[Double]]
    /// The steps so far, each a pair with what its cells gained.
    private(set) var rounds: [(pair: Int, steps: [Double])] = []
    /// Whether no pair lowers the loss any more.
    private(set) var isFinished = false
    private(set) var loss = Double.infinity

    private var rows: PairRows
    private let settings: PairSettings
    private let threads: Int
    /// The best next step of each pair, as far as it is up to date.
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

    /// Makes more rounds, up to a number in the end. Each sweep goes over all pairs, the one that promises most
    /// first; pairs that promise less than a tenth of it wait for the next sweep.
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
            // The first one is up to date; the others are looked at again after those before them.
            guard let best = place == 0 ? candidates[pair] : step(of: pair), best.gain > most / 10 else {
                continue
            }
            take(best.steps, of: pair)
        }
        // Steps of tables that hang together could in the end outdo each other.
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

    /// The tables as terms.
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
