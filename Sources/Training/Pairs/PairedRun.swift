/// One fold's rows with the log-odds of their main effects, on which lists of pairs are evaluated.
struct PairedRun: Sendable {
    /// The number of the fold.
    let number: Int
    private let training: Part
    let heldOut: Part
    let settings: PairSettings
    private let axes: [PairAxis?]
    private let lists: [PairList: [InputPair]]

    struct Part: Sendable {
        let binned: BinnedData
        let labels: [Bool]
        let weights: [Float]?
        let scores: [Double]
        let rows: [Int]
    }

    /// Lists the pairs by a fold's training rows.
    ///
    /// - Parameters:
    ///   - number: the fold's number, which is that of its model in the coding.
    ///   - scores: the log-odds of the training and the held-out rows by main effects.
    init(
        _ data: TrainingData, _ coded: CodedBins, fold: Fold, number: Int,
        scores: (training: [Double], heldOut: [Double]), settings: PairSettings, threads: Int
    ) {
        self.number = number
        func part(_ rows: [Int], _ scores: [Double]) -> Part {
            Part(
                binned: coded.selecting(rows, model: number, threads: threads),
                labels: rows.map { data.labels[$0] },
                weights: data.weights.map { weights in rows.map { Float(weights[$0]) } }, scores: scores,
                rows: rows)
        }
        let rows = fold.training
        training = part(rows, scores.training)
        heldOut = part(fold.heldOut, scores.heldOut)
        self.settings = settings
        let shares = data.userShares
        axes = PairAxis.axes(training.binned, userShares: rows.map { shares[$0] }, settings: settings)
        let offsets = data.offsets.map { offsets in rows.map { offsets[$0] } }
        var lists: [PairList: [InputPair]] = [:]
        for list in settings.lists {
            lists[list] = list.pairs(
                training.binned, axes: axes, labels: training.labels, users: rows.map { data.users[$0] },
                weights: training.weights, scores: training.scores, offsets: offsets, settings: settings,
                threads: threads)
        }
        self.lists = lists
    }

    /// Returns the log-odds of the held-out rows after the first rounds of boosted pairs.
    func logOdds(_ pairs: PairRounds, after rounds: Int) -> [(row: Int, logOdds: Double)] {
        var held = HeldOutPairs(heldOut, pairs: pairs.pairs, threads: 1)
        _ = held.add(pairs.tables(0..<rounds), threads: 1)
        return zip(heldOut.rows, held.scores).map { ($0, $1) }
    }

    /// The log-odds of the held-out rows by main effects.
    var mainLogOdds: [(row: Int, logOdds: Double)] { zip(heldOut.rows, heldOut.scores).map { ($0, $1) } }

    /// Returns a booster of the first pairs of a list.
    func booster(_ list: PairList, count: Int, threads: Int) -> PairBooster {
        PairBooster(
            training.binned, pairs: PairAxis.pairs((lists[list] ?? []).prefix(count), axes),
            labels: training.labels, weights: training.weights, scores: training.scores,
            settings: settings, threads: threads)
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
    static func pairs(_ pairs: some Sequence<InputPair>, _ axes: [PairAxis?]) -> [(PairAxis, PairAxis)] {
        pairs.compactMap { pair in
            guard let first = axes[pair.first], let second = axes[pair.second] else { return nil }
            return (first, second)
        }
    }
}
