import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// A booster of tables over two inputs each, on the residuals of the main effects: each round splits the
/// table of one pair into the four quadrants that lower the quadratic model of the log loss most.
///
/// Only a pair whose gain is near the largest is stepped. A table with a small gain has mostly noise to gain,
/// and many tables that each take their own step fit more of it than the best ones alone. A pair's gain is
/// computed anew when its turn comes: steps of other pairs seldom raise it, so that few are computed for
/// each round.
struct PairBooster: Sendable {
    /// The two axes of each pair.
    let pairs: [(PairAxis, PairAxis)]
    /// The steps so far, each a pair with the values added to its cells.
    private(set) var rounds: [(pair: Int, steps: [Double])] = []
    /// True when no pair lowers the loss any more.
    private(set) var isFinished = false
    private(set) var loss = Double.infinity

    private var rows: PairRows
    private let settings: PairSettings
    private let threads: Int
    /// The last known gain of each pair.
    private var gains: [Double]

    /// The share of the largest gain below which a pair is not stepped.
    private static let nearBest = 0.9
    private static let leastGain = 1e-9

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double], settings: PairSettings, threads: Int
    ) {
        self.pairs = pairs
        self.settings = settings
        self.threads = threads
        rows = PairRows(
            data, pairs: pairs, labels: labels, weights: weights, scores: scores, threads: threads)
        gains = []
        loss = rows.add([], threads: threads)
        let start = self
        gains = ConcurrentBlocks.map(pairs.count, threads: threads) {
            start.search($0, threads: 1).bestGain()?.value ?? 0
        }
        isFinished = pairs.isEmpty
    }

    /// Makes rounds until their total reaches `limit`.
    mutating func boost(upTo limit: Int) {
        while rounds.count < limit, !isFinished { makeRound() }
    }

    /// Steps a pair whose gain is near the largest.
    private mutating func makeRound() {
        while true {
            let (pair, next) = leading()
            guard gains[pair] > Self.leastGain else {
                isFinished = true
                return
            }
            let search = search(pair, threads: threads)
            let cut = search.bestGain()
            gains[pair] = cut?.value ?? 0
            guard let cut, cut.value > Self.leastGain, cut.value >= Self.nearBest * next else { continue }
            if take(search.steps(cut, rate: settings.learningRate), of: pair) { return }
        }
    }

    /// Returns the pair with the largest gain, the first one among equals, and the largest of the other
    /// gains.
    private func leading() -> (pair: Int, next: Double) {
        var (pair, next) = (0, 0.0)
        for place in gains.indices.dropFirst() {
            if gains[place] > gains[pair] {
                (pair, next) = (place, gains[pair])
            } else {
                next = max(next, gains[place])
            }
        }
        return (pair, next)
    }

    private func search(_ pair: Int, threads: Int) -> PairSearch {
        let (first, second) = pairs[pair]
        let sums = rows.derivatives(of: pair, cells: first.binCount * second.binCount, threads: threads)
        return PairSearch(
            gradients: sums.gradients, hessians: sums.hessians, rows: first.binCount,
            columns: second.binCount,
            isUnordered: (first.isUnordered, second.isUnordered), l2: settings.l2,
            minimumHessian: settings.minimumHessian)
    }

    /// Adds a step where it lowers the loss. One that does not is the pair's last: its gain is 0 from then
    /// on.
    private mutating func take(_ steps: [Double], of pair: Int) -> Bool {
        let after = rows.add(steps, to: pair, threads: threads)
        guard after < loss else {
            _ = rows.add(steps.map { -$0 }, to: pair, threads: threads)
            gains[pair] = 0
            return false
        }
        loss = after
        rounds.append((pair, steps))
        return true
    }

    /// Returns the sums of the steps of some rounds, `[pairs][cells]`; rounds after the last one add nothing,
    /// and a pair without any of them has no cells.
    func tables(_ range: Range<Int>) -> [[Double]] {
        var tables = [[Double]](repeating: [], count: pairs.count)
        for round in rounds[range.clamped(to: 0..<rounds.count)] {
            tables[round.pair] =
                tables[round.pair].isEmpty
                ? round.steps : zip(tables[round.pair], round.steps).map { $0 + $1 }
        }
        return tables
    }

    /// The tables as terms, without those that are 0 everywhere.
    var terms: [Term] {
        zip(pairs, tables(0..<rounds.count)).compactMap { pair, values in
            guard values.contains(where: { $0 != 0 }) else { return nil }
            return Term(
                input: pair.0.input,
                grid: Term.Grid(
                    second: pair.1.input, rows: pair.0.axis, columns: pair.1.axis, values: values))
        }
    }
}
