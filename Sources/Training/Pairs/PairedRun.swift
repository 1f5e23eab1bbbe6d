import LimpetScoring

/// One fold's rows with the log-odds of their main effects, on which the number of pairs and their rounds are
/// evaluated.
struct PairedRun: Sendable {
    private let training: Part
    let heldOut: Part
    let settings: PairSettings
    let threads: Int
    private let axes: [PairAxis?]
    private let ranking: [PairRanking.Pair]

    struct Part: Sendable {
        let binned: BinnedData
        let labels: [Bool]
        let weights: [Float]?
        let scores: [Double]
        let rows: [Int]
    }

    /// Ranks the pairs on a fold's training rows.
    ///
    /// - Parameter scores: the log-odds of the training and the held-out rows by main effects.
    init(
        _ data: TrainingData, _ binned: BinnedData, fold: Fold,
        scores: (training: [Double], heldOut: [Double]),
        settings: PairSettings, threads: Int
    ) {
        func part(_ rows: [Int], _ scores: [Double]) -> Part {
            Part(
                binned: binned.selecting(rows, threads: threads), labels: rows.map { data.labels[$0] },
                weights: data.weights.map { weights in rows.map { Float(weights[$0]) } }, scores: scores,
                rows: rows)
        }
        training = part(fold.training, scores.training)
        heldOut = part(fold.heldOut, scores.heldOut)
        self.settings = settings
        self.threads = threads
        let shares = data.userShares
        axes = PairAxis.axes(
            training.binned, userShares: fold.training.map { shares[$0] }, settings: settings)
        ranking =
            PairRanking(
                training.binned, axes: axes, labels: training.labels, weights: training.weights,
                scores: training.scores, settings: settings, threads: threads
            ).pairs
    }

    /// Returns the numbers of rounds after which held-out rows are evaluated.
    static func checkpoints(pairs: Int, settings: PairSettings) -> [Int] {
        ValidationRun.checkpoints.filter { $0 <= pairs * settings.roundsPerPair }
    }

    /// Returns the summed held-out log loss with `count` pairs at each checkpoint.
    func losses(pairs count: Int) -> [Double] {
        let booster = booster(pairs: count, rounds: count * settings.roundsPerPair)
        var held = heldOutRows(booster)
        var last = held.add([], to: nil, threads: threads)
        var made = 0
        return Self.checkpoints(pairs: count, settings: settings).map { checkpoint in
            while made < min(checkpoint, booster.rounds.count) {
                let round = booster.rounds[made]
                last = held.add(round.steps, to: round.pair, threads: threads)
                made += 1
            }
            return last
        }
    }

    /// Returns the held-out log-odds with the given numbers of pairs and rounds.
    func logOdds(pairs count: Int, rounds: Int) -> [(row: Int, logOdds: Double)] {
        guard count > 0, rounds > 0 else { return zip(heldOut.rows, heldOut.scores).map { ($0, $1) } }
        let booster = booster(pairs: count, rounds: rounds)
        var held = heldOutRows(booster)
        for (pair, values) in booster.values.enumerated() {
            _ = held.add(values, to: pair, threads: threads)
        }
        return zip(heldOut.rows, held.scores).map { ($0, $1) }
    }

    func booster(pairs count: Int, rounds: Int) -> PairBooster {
        var booster = PairBooster(
            training.binned, pairs: PairAxis.pairs(ranking.prefix(count), axes), labels: training.labels,
            weights: training.weights, scores: training.scores, settings: settings, threads: threads)
        booster.boost(upTo: rounds)
        return booster
    }

    func heldOutRows(_ booster: PairBooster) -> PairRows {
        PairRows(
            heldOut.binned, pairs: booster.pairs, labels: heldOut.labels, weights: heldOut.weights,
            scores: heldOut.scores,
            threads: threads)
    }
}

extension PairAxis {
    /// Returns the axis of each input in a pair; nil for excluded inputs, and where all rows share a bin.
    static func axes(_ data: BinnedData, userShares: [Double], settings: PairSettings) -> [PairAxis?] {
        let users = BoostingHistograms(data, userShares: userShares, weights: nil)
        return data.definitions.enumerated().map { input, definition in
            guard !settings.excluded.contains(input),
                users.users(input).count(where: { $0 > 0 }) > 1
            else { return nil }
            return PairAxis(
                input: input, definition: definition, users: users.users(input),
                maximumBins: settings.maximumBins)
        }
    }

    /// Returns the two axes of each pair.
    static func pairs(
        _ pairs: some Sequence<PairRanking.Pair>, _ axes: [PairAxis?]
    ) -> [(PairAxis, PairAxis)] {
        pairs.compactMap { pair in
            guard let first = axes[pair.first], let second = axes[pair.second] else { return nil }
            return (first, second)
        }
    }
}
