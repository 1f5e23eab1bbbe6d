/// A booster with the held-out rows of its fold, on which its rounds are evaluated.
struct ValidationRun: Sendable {
    private var booster: StumpBooster
    /// The held-out rows with their scores after ``evaluatedRounds``.
    private var heldOut: BoostingRows
    private let start: BoostingRows
    /// The held-out rows after ``walkedRounds``, for metrics that need all folds at the same round.
    private var walkedRows: BoostingRows
    private var walkedRounds = 0
    private let fold: Fold
    /// The last checkpoint that was evaluated.
    private(set) var evaluatedRounds = 0
    private let threads: Int
    /// The summed held-out log loss at each of ``checkpoints`` so far.
    private(set) var losses: [Double] = []

    /// The numbers of rounds after which held-out rows are evaluated: every one at first, then at growing
    /// intervals, since the loss changes ever less from round to round.
    static let checkpoints: [Int] = {
        var rounds = [1]
        while rounds[rounds.count - 1] < 1_000_000 {
            let last = rounds[rounds.count - 1]
            rounds.append(max(last + 1, Int((Double(last) * 1.05).rounded())))
        }
        return rounds
    }()

    /// - Parameter model: the fold's number among the models of the coding.
    init(
        _ data: TrainingData, _ coded: CodedBins, fold: Fold, model: Int, settings: StumpSettings,
        threads: Int
    ) {
        let rows = fold.training
        let training = coded.selecting(rows, model: model, threads: threads)
        let shares = data.userShares
        booster = StumpBooster(
            training, labels: rows.map { data.labels[$0] },
            weights: data.weights.map { weights in rows.map { Float(weights[$0]) } },
            offsets: data.offsets.map { offsets in rows.map { offsets[$0] } },
            userShares: rows.map { shares[$0] }, settings: settings, threads: threads)
        self.fold = fold
        let intercept = booster.intercept
        start = BoostingRows(
            coded.selecting(fold.heldOut, model: model, threads: threads),
            labels: fold.heldOut.map { data.labels[$0] },
            weights: data.weights.map { weights in fold.heldOut.map { Float(weights[$0]) } },
            scores: fold.heldOut.map { intercept + (data.offsets?[$0] ?? 0) })
        heldOut = start
        walkedRows = start
        self.threads = threads
    }

    /// Returns the log-odds of the fold's training rows, and of those held out, after the given number of
    /// rounds.
    func scores(_ data: TrainingData, after rounds: Int) -> (training: [Double], heldOut: [Double]) {
        let rows = fold.training
        var training = BoostingRows(
            booster.data, labels: rows.map { data.labels[$0] }, weights: nil,
            scores: rows.map { booster.intercept + (data.offsets?[$0] ?? 0) })
        _ = training.add(booster.tables(0..<rounds), threads: threads)
        return (training.scores, heldOutScores(after: rounds))
    }

    /// True when no further round would change anything.
    var isFinished: Bool { booster.isFinished }

    /// The summed weight of the rows held out.
    var heldOutWeight: Double { heldOut.totalWeight }

    /// Boosts and evaluates up to the given number of rounds, or fewer after a stop request, but at least one
    /// round.
    func boosted(upTo target: Int, monitor: TrainingMonitor? = nil) -> ValidationRun {
        var run = self
        run.booster.boost(upTo: target) { Task.isCancelled || monitor?.isStopRequested ?? false }
        let isWhole = run.booster.isFinished || run.booster.rounds >= target
        let last = isWhole ? target : run.booster.rounds
        while run.losses.count < Self.checkpoints.count, Self.checkpoints[run.losses.count] <= last {
            let checkpoint = Self.checkpoints[run.losses.count]
            let tables = run.booster.tables(run.evaluatedRounds..<checkpoint)
            run.losses.append(run.heldOut.add(tables, threads: run.threads))
            run.evaluatedRounds = checkpoint
        }
        return run
    }

    /// Returns the held-out loss after the given number of rounds, at a checkpoint or not.
    func loss(after rounds: Int) -> Double {
        var rows = start
        return rows.add(booster.tables(0..<rounds), threads: threads)
    }

    /// Returns the held-out log-odds after the given number of rounds.
    func logOdds(after rounds: Int) -> [(row: Int, logOdds: Double)] {
        zip(fold.heldOut, heldOutScores(after: rounds)).map { ($0, $1) }
    }

    private func heldOutScores(after rounds: Int) -> [Double] {
        var held = start
        _ = held.add(booster.tables(0..<rounds), threads: threads)
        return held.scores
    }
}

extension ValidationRun: ValidationPath {
    func walked(to rounds: Int) -> ValidationRun {
        var run = self
        _ = run.walkedRows.add(booster.tables(walkedRounds..<max(walkedRounds, rounds)), threads: threads)
        run.walkedRounds = max(walkedRounds, rounds)
        return run
    }

    var walkedLogOdds: [(row: Int, logOdds: Double)] {
        zip(fold.heldOut, walkedRows.scores).map { ($0, $1) }
    }
}

extension StumpBooster {
    /// Returns the sums of the steps of a range of rounds; rounds after the last one add nothing.
    func tables(_ range: Range<Int>) -> StepTables {
        var tables = StepTables(inputCount: data.definitions.count)
        var first = 0
        for block in blocks {
            let part = range.clamped(to: first..<(first + block.rounds))
            if !part.isEmpty {
                block.add(rounds: (part.lowerBound - first)..<(part.upperBound - first), to: &tables)
            }
            first += block.rounds
        }
        return tables
    }
}
