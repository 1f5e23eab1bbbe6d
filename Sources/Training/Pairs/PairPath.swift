/// A fold's pairs, boosted step by step, with its held-out rows at a number of rounds.
struct PairPath: ValidationPath {
    private var booster: PairBooster
    private var held: HeldOutPairs
    private let rows: [Int]
    private let threads: Int
    private var walkedRounds = 0
    /// The summed held-out log loss after the rounds so far.
    private(set) var loss: Double

    /// Begins with the main effects alone.
    init(_ run: PairedRun, list: PairList, count: Int, threads: Int) {
        booster = run.booster(list, count: count, threads: threads)
        rows = run.heldOut.rows
        self.threads = threads
        held = HeldOutPairs(run.heldOut, pairs: booster.rounds.pairs, threads: threads)
        loss = held.add([], threads: threads)
    }

    /// The steps so far.
    var rounds: PairRounds { booster.rounds }

    /// True when no further round would change anything.
    var isFinished: Bool { booster.isFinished && walkedRounds >= booster.rounds.count }

    func walked(to rounds: Int) -> PairPath {
        var path = self
        path.booster.boost(upTo: rounds)
        path.loss = path.held.add(
            path.booster.rounds.tables(walkedRounds..<max(walkedRounds, rounds)), threads: threads)
        path.walkedRounds = max(walkedRounds, rounds)
        return path
    }

    var walkedLogOdds: [(row: Int, logOdds: Double)] { zip(rows, held.scores).map { ($0, $1) } }
}
