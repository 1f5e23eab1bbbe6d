import LimpetEvaluation
import LimpetParallel

/// Choices of the list of pairs, their number and their rounds, by rows that the folds hold out: first of the
/// list, with a moderate number of pairs, then of the number.
///
/// Each list and number is boosted once in every fold, and serves all choices.
struct PairSelection {
    private let runs: [PairedRun]
    private let data: TrainingData
    /// The metric that chooses; nil for log loss.
    private let metric: ValidationMetric?
    private let patience: Int
    private let threads: Int
    private let monitor: TrainingMonitor?
    /// The places of the runs that choose: all for the first group, then for each fold those of the others.
    private let groups: [[Int]]
    private var tried: [Trial: Trace] = [:]

    /// The number of pairs by which lists are compared.
    private static let moderate = 30
    /// The most that the mean log loss may be higher without pairs.
    private static let mostForSimplicity = 0.001

    private struct Trial: Hashable {
        var list: PairList
        var count: Int
    }

    /// A number of pairs boosted in all folds.
    private struct Trace {
        /// The steps of each fold.
        var rounds: [PairRounds]
        /// The best value of each group, with the rounds after which it was reached; nil where undefined.
        var best: [(rounds: Int, value: Double)?]
    }

    /// A number of pairs with its rounds, and the value that a group gives it: the summed log loss, or minus
    /// a metric that is better when higher.
    private struct Candidate {
        var choice: PairChoice
        var value: Double
    }

    init(
        _ runs: [PairedRun], of data: TrainingData, metric: ValidationMetric?, patience: Int, threads: Int,
        monitor: TrainingMonitor?
    ) {
        (self.runs, self.data, self.metric) = (runs, data, metric)
        (self.patience, self.threads, self.monitor) = (patience, threads, monitor)
        let places = Array(runs.indices)
        groups = [places] + runs.map { run in places.filter { runs[$0].number != run.number } }
    }

    /// Returns the best candidate, with the fewest pairs among equals.
    ///
    /// - Parameters:
    ///   - left: the fold that the choice leaves out; nil for none.
    ///   - alone: the choice without pairs.
    /// - Throws: ``TrainingError`` when the metric is undefined everywhere, or no loss is finite.
    mutating func choice(
        without left: Int?, alone: Choice, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let place = runs.firstIndex { $0.number == left }
        let group = place.map { $0 + 1 } ?? 0
        let leading = try await best(group, progress: progress)
        progress(1)
        guard let settings = runs.first?.settings else { throw TrainingError.noRows }
        guard settings.candidates.contains(0), let none = valueAlone(of: group) else {
            guard let leading else {
                guard let metric else { throw TrainingError.noFiniteLoss(settings: settings.lists.count) }
                throw TrainingError.undefinedMetric(metric.metric)
            }
            return made(leading, group, place: place, alone: alone)
        }
        guard let leading, leading.value < none, pays(leading, group) else {
            var choice = alone
            choice.setting = .paired(rounds: alone.setting.stumps.rounds, pairs: .none)
            return choice
        }
        return made(leading, group, place: place, alone: alone)
    }

    /// Returns the best candidate with pairs; nil where none has a value.
    private mutating func best(
        _ group: Int, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Candidate? {
        guard let settings = runs.first?.settings else { return nil }
        let counts = settings.candidates.filter { $0 > 0 }
        let start = counts.lastIndex { $0 <= Self.moderate } ?? 0
        var leading: Candidate?
        for (done, list) in settings.lists.enumerated() where !counts.isEmpty {
            // After a stop request one candidate is enough.
            if isStopRequested, leading != nil || settings.candidates.contains(0) { break }
            let found = try await candidate(list, counts[start], group)
            leading = Self.better(leading, found)
            progress(0.6 * Double(done + 1) / Double(settings.lists.count))
        }
        // More pairs, or where these are no better, fewer.
        if let list = leading?.choice.list {
            let more = try await climb(counts[(start + 1)...], list, group, from: &leading)
            if !more { _ = try await climb(counts[..<start].reversed(), list, group, from: &leading) }
        }
        return leading
    }

    /// Tries numbers of pairs for as long as each is better than the one before; false when the first is not.
    private mutating func climb(
        _ counts: some Collection<Int>, _ list: PairList, _ group: Int, from best: inout Candidate?
    ) async throws -> Bool {
        var isBetter = false
        for count in counts where !isStopRequested {
            guard let found = try await candidate(list, count, group),
                found.value < best?.value ?? .infinity
            else { return isBetter }
            (best, isBetter) = (found, true)
        }
        return isBetter
    }

    /// Returns the candidate with the lower value, the first one among equals.
    private static func better(_ one: Candidate?, _ other: Candidate?) -> Candidate? {
        guard let one, let other else { return one ?? other }
        return other.value < one.value ? other : one
    }

    private var isStopRequested: Bool { monitor?.isStopRequested ?? false }

    // MARK: - Values

    /// Returns the choice of a candidate, with the log-odds that it gives to held-out rows.
    private func made(_ candidate: Candidate, _ group: Int, place: Int?, alone: Choice) -> Choice {
        var choice = alone
        choice.setting = .paired(rounds: alone.setting.stumps.rounds, pairs: candidate.choice)
        choice.loss = metric == nil ? candidate.value : .nan
        choice.heldOut = heldOut(candidate, groups[group])
        if let place, alone.left != nil { choice.left = heldOut(candidate, [place]) }
        return choice
    }

    private func heldOut(_ candidate: Candidate, _ places: [Int]) -> [(row: Int, logOdds: Double)] {
        let (list, count) = (candidate.choice.list, candidate.choice.count)
        guard let trace = tried[Trial(list: list, count: count)] else { return [] }
        return places.flatMap { runs[$0].logOdds(trace.rounds[$0], after: candidate.choice.rounds) }
    }

    /// The value that a group gives to main effects alone; nil where its metric is undefined.
    private func valueAlone(of group: Int) -> Double? {
        let heldOut = groups[group].flatMap { runs[$0].mainLogOdds }
        guard let metric else { return heldOut.reduce(0) { $0 + data.logLoss($1.row, $1.logOdds) } }
        return metric.cost(heldOut, of: data)
    }

    /// Returns true where pairs lower the log loss by more than the standard error of the difference between
    /// users, or by more than simplicity may cost.
    private func pays(_ pairs: Candidate, _ group: Int) -> Bool {
        guard metric == nil else { return true }
        let difference = LossDifference(
            groups[group].flatMap { runs[$0].mainLogOdds }, heldOut(pairs, groups[group]), of: data)
        return difference.mean > min(difference.standardError, Self.mostForSimplicity)
    }

    /// Returns a number of pairs with the best value that a group gives it; nil where it is undefined.
    private mutating func candidate(
        _ list: PairList, _ count: Int, _ group: Int
    ) async throws -> Candidate? {
        let trial = Trial(list: list, count: count)
        let trace: Trace
        if let known = tried[trial] {
            trace = known
        } else {
            trace = try await boosted(trial)
            tried[trial] = trace
        }
        return trace.best[group].map {
            Candidate(choice: PairChoice(list: list, count: count, rounds: $0.rounds), value: $0.value)
        }
    }

    /// Boosts a number of pairs in all folds until the best value of every group has passed.
    private func boosted(_ trial: Trial) async throws -> Trace {
        let each = runs.count > 1 ? 1 : threads
        var paths = try await concurrentMap(runs, threads: threads) {
            PairPath($0, list: trial.list, count: trial.count, threads: each)
        }
        let limit = trial.count * (runs.first?.settings.roundsPerPair ?? 0)
        var best = groups.map { _ in (rounds: Int, value: Double)?.none }
        // How long others go on has no part in a group's choice.
        var isPast = groups.map { _ in false }
        for checkpoint in ValidationRun.checkpoints where checkpoint <= limit {
            try Task.checkCancellation()
            paths = try await concurrentMap(paths, threads: threads) { $0.walked(to: checkpoint) }
            let heldOut = metric == nil ? [] : paths.map(\.walkedLogOdds)
            for (place, group) in groups.enumerated() where !isPast[place] {
                let value =
                    metric.map { metric in metric.cost(group.flatMap { heldOut[$0] }, of: data) }
                    ?? group.reduce(0) { $0 + paths[$1].loss }
                if let value, value < best[place]?.value ?? .infinity { best[place] = (checkpoint, value) }
                let passed = best[place].map { checkpoint - $0.rounds } ?? 0
                isPast[place] = passed >= patience && 5 * passed > checkpoint
            }
            if isPast.allSatisfy({ $0 }) || paths.allSatisfy(\.isFinished) || isStopRequested { break }
        }
        return Trace(rounds: paths.map(\.rounds), best: best)
    }
}
