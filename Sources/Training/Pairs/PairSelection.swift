import LimpetEvaluation
import LimpetParallel

/// A choice of the list of pairs, their number and their rounds, by rows that the folds hold out: first of
/// the list, with a moderate number of pairs, then of the number.
struct PairSelection {
    private let runs: [PairedRun]
    private let data: TrainingData
    /// The metric that chooses; nil for log loss.
    private let metric: ValidationMetric?
    private let patience: Int
    private let threads: Int
    private let monitor: TrainingMonitor?

    /// The number of pairs by which lists are compared.
    private static let moderate = 30
    /// The most that the mean log loss may be higher without pairs.
    private static let mostForSimplicity = 0.001

    /// A choice with its value on held-out rows.
    struct Candidate: Sendable {
        var choice: PairChoice
        /// The summed log loss, or minus a metric that is better when higher.
        var value: Double
        /// The summed log loss; not a number where another metric chooses.
        var loss: Double
        var heldOut: [(row: Int, logOdds: Double)]
    }

    init(
        _ runs: [PairedRun], of data: TrainingData, metric: ValidationMetric?, patience: Int, threads: Int,
        monitor: TrainingMonitor?
    ) {
        (self.runs, self.data, self.metric) = (runs, data, metric)
        (self.patience, self.threads, self.monitor) = (patience, threads, monitor)
    }

    /// Returns the best candidate, with the fewest pairs among equals.
    ///
    /// - Throws: ``TrainingError`` when the metric is undefined everywhere, or no loss is finite.
    func best(
        alone: Choice, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Candidate {
        guard let settings = runs.first?.settings else { throw TrainingError.noRows }
        let counts = settings.candidates.filter { $0 > 0 }
        let start = counts.lastIndex { $0 <= Self.moderate } ?? 0
        let none = settings.candidates.contains(0) ? candidate(alone) : nil
        var leading: Candidate?
        for (done, list) in settings.lists.enumerated() where !counts.isEmpty {
            // After a stop request one candidate is enough.
            if isStopRequested, none != nil || leading != nil { break }
            let found = try await boosted(list, count: counts[start])
            leading = Self.better(leading, found)
            progress(0.6 * Double(done + 1) / Double(settings.lists.count))
        }
        // More pairs, or where these are no better, fewer.
        if let list = leading?.choice.list {
            let more = try await climb(counts[(start + 1)...], list, from: &leading)
            if !more { _ = try await climb(counts[..<start].reversed(), list, from: &leading) }
        }
        progress(1)
        guard let none else {
            if let leading { return leading }
            guard let metric else { throw TrainingError.noFiniteLoss(settings: settings.lists.count) }
            throw TrainingError.undefinedMetric(metric.metric)
        }
        guard let leading, leading.value < none.value, pays(leading, beside: none) else { return none }
        return leading
    }

    /// Tries numbers of pairs for as long as each is better than the one before; false when the first is not.
    private func climb(
        _ counts: some Collection<Int>, _ list: PairList, from best: inout Candidate?
    ) async throws -> Bool {
        var isBetter = false
        for count in counts where !isStopRequested {
            guard let found = try await boosted(list, count: count), found.value < best?.value ?? .infinity
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

    /// Returns true where pairs lower the log loss by more than the standard error of the difference between
    /// users, or by more than simplicity may cost.
    private func pays(_ pairs: Candidate, beside none: Candidate) -> Bool {
        guard metric == nil else { return true }
        var before: [Int: Double] = [:]
        for (row, logOdds) in none.heldOut { before[row] = data.logLoss(row, logOdds) }
        var (gains, weight): ([Int32: Double], Double) = ([:], 0)
        for (row, logOdds) in pairs.heldOut {
            gains[data.users[row], default: 0] += (before[row] ?? 0) - data.logLoss(row, logOdds)
            weight += data.weights?[row] ?? 1
        }
        // In one order, so that equal data give equal sums.
        let byUser = gains.sorted { $0.key < $1.key }.map(\.value)
        let sum = byUser.reduce(0, +)
        let mean = sum / Double(max(1, byUser.count))
        let variance = byUser.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return sum > min(variance.squareRoot(), Self.mostForSimplicity * weight)
    }

    private var isStopRequested: Bool { monitor?.isStopRequested ?? false }

    /// The choice without pairs, evaluated on the same rows; nil where its metric is undefined.
    private func candidate(_ alone: Choice) -> Candidate? {
        let heldOut = runs.flatMap { zip($0.heldOut.rows, $0.heldOut.scores).map { (row: $0, logOdds: $1) } }
        let loss = metric == nil ? heldOut.reduce(0) { $0 + data.logLoss($1.row, $1.logOdds) } : .nan
        let value = metric.map { $0.cost(heldOut, of: data) } ?? loss
        return value.map { Candidate(choice: .none, value: $0, loss: alone.loss, heldOut: alone.heldOut) }
    }

    /// Boosts a number of pairs in all folds until their best value has passed; nil where it is undefined.
    private func boosted(_ list: PairList, count: Int) async throws -> Candidate? {
        let each = runs.count > 1 ? 1 : threads
        var paths = try await concurrentMap(runs, threads: threads) {
            PairPath($0, list: list, count: count, threads: each)
        }
        let limit = count * (runs.first?.settings.roundsPerPair ?? 0)
        var best: Candidate?
        for checkpoint in ValidationRun.checkpoints where checkpoint <= limit {
            try Task.checkCancellation()
            paths = try await concurrentMap(paths, threads: threads) { $0.walked(to: checkpoint) }
            let loss = metric == nil ? paths.reduce(0) { $0 + $1.loss } : .nan
            let heldOut = paths.flatMap(\.walkedLogOdds)
            if let value = metric.map { $0.cost(heldOut, of: data) } ?? loss, value < best?.value ?? .infinity
            {
                best = Candidate(
                    choice: PairChoice(list: list, count: count, rounds: checkpoint), value: value,
                    loss: loss, heldOut: heldOut)
            }
            let passed = best.map { checkpoint - $0.choice.rounds } ?? 0
            let isPast = passed >= patience && 5 * passed > checkpoint
            if isPast || paths.allSatisfy(\.isFinished) || isStopRequested { break }
        }
        return best
    }
}
