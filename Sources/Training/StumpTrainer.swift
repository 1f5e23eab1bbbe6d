import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// Fits boosted stumps; the number of rounds is the one with the least log loss on held-out rows.
struct StumpTrainer: AdditiveTrainer {
    let settings: StumpSettings
    let threads: Int

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let binned = BinnedData(data, maximumBins: settings.maximumBins, threads: threads)
        let settings = settings
        // Folds share the threads; a single one has them all.
        let each = folds.count > 1 ? 1 : threads
        var runs = try await concurrentMap(folds, threads: threads) {
            HeldOutRun(data, binned, fold: $0, settings: settings, threads: each)
        }
        let limit = settings.maximumRounds
        var target = settings.stopsEarly ? min(64, limit) : limit
        while true {
            let upTo = target
            runs = try await concurrentMap(runs, threads: threads) { $0.boosted(upTo: upTo) }
            progress(Double(target) / Double(limit))
            let best = Self.bestRound(runs)
            let isPast = target - best >= settings.patience && Double(best) < 0.8 * Double(target)
            if target == limit || isPast || runs.allSatisfy(\.isFinished) { break }
            target = min(limit, target * 2)
        }
        let rounds = settings.stopsEarly ? Self.bestRound(runs) : limit
        progress(1)
        let heldOut = try await concurrentMap(runs, threads: threads) { $0.logOdds(after: rounds) }
        return Choice(
            setting: .rounds(rounds), loss: runs.reduce(0) { $0 + $1.loss(after: rounds) },
            heldOut: heldOut.flatMap { $0 })
    }

    /// The checkpoint with the least loss over all folds.
    private static func bestRound(_ runs: [HeldOutRun]) -> Int {
        let checkpoints = runs[0].losses.indices
        let best = checkpoints.min { first, second in
            let losses = [first, second].map { place in runs.reduce(0) { $0 + $1.losses[place] } }
            return losses[0] < losses[1]
        }
        return best.map { HeldOutRun.checkpoints[$0] } ?? 1
    }

    func fit(
        _ data: TrainingData, setting: Setting, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        guard case .rounds(let rounds) = setting else { preconditionFailure("stumps are fitted in rounds") }
        let binned = BinnedData(data, maximumBins: settings.maximumBins, threads: threads)
        var booster = StumpBooster(
            binned, labels: data.labels, userShares: data.userShares, settings: settings, threads: threads)
        while booster.rounds < rounds, !booster.isFinished {
            try Task.checkCancellation()
            booster.leg(rounds: rounds - booster.rounds)
            progress(Double(booster.rounds) / Double(rounds))
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
