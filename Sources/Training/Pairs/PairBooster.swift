import LimpetLinearAlgebra
import LimpetParallel

/// A booster of tables over two inputs each, on the residuals of the main effects: each round splits the
/// table of one pair into the four quadrants that lower the quadratic model of the log loss most.
///
/// Only a pair whose gain is near the largest is stepped. A table with a small gain has mostly noise to gain,
/// and many tables that each take their own step fit more of it than the best ones alone. A pair's gain is
/// computed anew when its turn comes: steps of other pairs seldom raise it, so that few are computed for
/// each round.
struct PairBooster: Sendable {
    /// The steps so far.
    private(set) var rounds: PairRounds
    /// True when no pair lowers the loss any more.
    private(set) var isFinished = false

    private var rows: PairRows
    private let settings: PairSettings
    private let threads: Int
    /// The last known gain of each pair.
    private var gains: [Double]

    /// The share of the largest gain below which a pair is not stepped.
    private static let nearBest = 0.9
    private static let leastGain = 1e-9
    /// The largest step in log-odds. Up to it a fifth of a Newton step always lowers the loss, as curvature
    /// changes by less than a factor of e.
    private static let mostStep = 1.0

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double], settings: PairSettings, threads: Int
    ) {
        rounds = PairRounds(pairs: pairs)
        self.settings = settings
        self.threads = threads
        rows = PairRows(
            data, pairs: pairs, labels: labels, weights: weights, scores: scores, threads: threads)
        gains = []
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
            let steps = search.steps(cut, rate: settings.learningRate).map {
                max(-Self.mostStep, min(Self.mostStep, $0))
            }
            rows.add(steps, to: pair, threads: threads)
            rounds.append(steps, to: pair)
            return
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
        let (first, second) = rounds.pairs[pair]
        let sums = rows.derivatives(of: pair, cells: first.binCount * second.binCount, threads: threads)
        return PairSearch(
            gradients: sums.gradients, hessians: sums.hessians, rows: first.binCount,
            columns: second.binCount,
            isUnordered: (first.isUnordered, second.isUnordered), l2: settings.l2,
            minimumHessian: settings.minimumHessian)
    }
}
