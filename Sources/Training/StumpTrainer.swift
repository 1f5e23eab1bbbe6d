import LimpetEvents
import LimpetEvaluation
import LimpetScoring

/// Fits boosted stumps; the number of rounds is the one with the least log loss on held-out rows.
struct StumpTrainer: AdditiveTrainer {
    let settings: StumpSettings
    let threads: Int

    /// Rounds that all folds make between two looks at the held-out loss.
    private static let stride = 10

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        guard settings.stopsEarly else {
            let rounds = settings.maximumRounds
            return try await predict(data, folds: folds, rounds: rounds, progress: progress)
        }
        return try await predict(data, folds: folds, rounds: nil, progress: progress)
    }

    /// Boosts all folds side by side, and keeps the held-out log-odds of the best round.
    private func predict(
        _ data: TrainingData, folds: [Fold], rounds: Int?, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        var runs = try await concurrentMap(folds, threads: threads) {
            FoldRun(data, fold: $0, settings: settings)
        }
        var best = Choice.none(data)
        var done = 0
        let limit = rounds ?? settings.maximumRounds
        while done < limit {
            let count = min(Self.stride, limit - done)
            runs = try await concurrentMap(runs, threads: threads) { $0.boosted(rounds: count) }
            for step in 0..<count {
                let loss = runs.reduce(0.0) { $0 + $1.losses[step] }
                if loss < best.loss || rounds != nil {
                    best.loss = loss
                    best.setting = .rounds(done + step + 1)
                }
            }
            done += count
            if case .rounds(let round) = best.setting, round > done - count {
                best.heldOut = runs.flatMap { run in run.logOdds(after: round - (done - count)) }
            }
            progress(Double(done) / Double(limit))
            if case .rounds(let round) = best.setting, rounds == nil, done - round >= settings.patience {
                break
            }
        }
        progress(1)
        return best
    }

    func fit(
        _ data: TrainingData, setting: Setting, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        guard case .rounds(let rounds) = setting else { preconditionFailure("stumps are fitted in rounds") }
        let binned = BinnedData(data, maximumBins: settings.maximumBins)
        var booster = StumpBooster(
            binned, labels: data.labels, userShares: data.userShares, settings: settings)
        for round in 0..<rounds {
            try Task.checkCancellation()
            guard booster.boost() != nil else { break }
            if round % 10 == 0 { progress(Double(round) / Double(rounds)) }
        }
        progress(1)
        return booster.fit
    }
}

extension StumpBooster {
    /// The ensemble as one term for each input that was split; bins with the same value on both sides of an
    /// edge are merged.
    package var fit: AdditiveFit {
        var terms: [Term] = []
        for (input, definition) in data.definitions.enumerated() {
            let values = values[input]
            guard values.contains(where: { $0 != 0 }) else { continue }
            let missing = values[definition.valueBins]
            switch definition.kind {
            case .numbers(let edges):
                var steps = Term.Steps(edges: [], values: [values[0]])
                for (edge, value) in zip(edges, values.dropFirst()) where value != steps.values.last {
                    steps.edges.append(edge)
                    steps.values.append(value)
                }
                terms.append(Term(input: input, shape: .steps(steps), missing: missing))
            case .levels(let names):
                let levels = Term.Levels(
                    names: names, values: Array(values.prefix(names.count)), other: values[names.count])
                terms.append(Term(input: input, shape: .levels(levels), missing: missing))
            }
        }
        return AdditiveFit(intercept: intercept, terms: terms)
    }
}

/// One fold's booster, with the held-out rows that watch it.
private struct FoldRun: Sendable {
    private var booster: StumpBooster
    private let heldOut: BinnedData
    private let labels: [Bool]
    private let rows: [Int]
    private var scores: [Double]
    private var history: [[Double]] = []
    /// The summed held-out log loss after each of the latest rounds.
    private(set) var losses: [Double] = []

    init(_ data: TrainingData, fold: Fold, settings: StumpSettings) {
        let training = data.selecting(fold.training)
        let held = data.selecting(fold.heldOut)
        let binned = BinnedData(training, maximumBins: settings.maximumBins)
        heldOut = BinnedData(held, definitions: binned.definitions)
        booster = StumpBooster(
            binned, labels: training.labels, userShares: training.userShares, settings: settings)
        labels = held.labels
        rows = fold.heldOut
        scores = [Double](repeating: booster.intercept, count: held.count)
    }

    func boosted(rounds: Int) -> FoldRun {
        var run = self
        run.losses = []
        run.history = []
        for _ in 0..<rounds {
            if let (input, values) = run.booster.boost() {
                let column = run.heldOut.columns[input]
                for row in column.indices { run.scores[row] += values[Int(column[row])] }
            }
            run.history.append(run.scores)
            run.losses.append(
                zip(run.scores, run.labels).reduce(0.0) { sum, row in
                    sum + ElementaryFunctions.softplus(row.0) - (row.1 ? row.0 : 0)
                })
        }
        return run
    }

    func logOdds(after round: Int) -> [(row: Int, logOdds: Double)] {
        zip(rows, history[round - 1]).map { ($0, $1) }
    }
}
