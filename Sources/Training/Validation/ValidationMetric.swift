import LimpetEvaluation
import LimpetEvents
import LimpetParallel
import LimpetScoring

/// A metric on held-out rows, over the rows of all folds together, by which settings are chosen.
///
/// Under negative downsampling a row is weighted by the number of rows that it represents, and evaluated by
/// its log-odds without the offset, like the final model.
///
/// Folds share one line from log-odds to probabilities, fitted to the same rows, if the training calibrates
/// at all: an error that the calibrator corrects is no reason to choose another setting.
struct ValidationMetric: Sendable {
    let metric: Metric
    private let settings: MetricSettings
    private let calibrates: Bool
    private let valueInput: Int?
    let zeros: NegativeDownsampling

    init(_ metric: Metric, settings: TrainingSettings) {
        self.metric = metric
        self.settings = settings.metrics
        calibrates = settings.calibration != .none
        valueInput = settings.valueInput
        zeros = settings.zeros
    }

    /// Returns the metric that the settings choose by; nil for log loss, which trainers compute themselves.
    static func choosing(_ settings: TrainingSettings) -> ValidationMetric? {
        settings.chooseBy == .logLoss ? nil : ValidationMetric(settings.chooseBy, settings: settings)
    }

    /// True when the metric depends on more than the order of rows, so that a line through the log-odds can
    /// change it.
    private var readsProbabilities: Bool {
        switch metric {
        case .auc, .prAuc, .liftTopDecile, .empc: false
        case .logLoss, .brier, .calibrationError, .profit: true
        }
    }

    /// Returns the outcomes of held-out rows, in the order of rows.
    func outcomes(_ heldOut: [(row: Int, logOdds: Double)], of data: TrainingData) -> Outcomes {
        // Folds return rows in different orders; sorted by row they pair with those of other settings.
        let held = zeros.undoing(heldOut).sorted { $0.row < $1.row }
        let rows = held.map(\.row)
        let logOdds = held.map(\.logOdds)
        let labels = rows.map { data.labels[$0] }
        let weights = zeros.weights(of: rows, in: data)
        let calibrator =
            calibrates && readsProbabilities
            ? CalibratorFit.platt(logOdds: logOdds, labels: labels, weights: weights) : .none
        return Outcomes(
            logOdds: logOdds, probabilities: logOdds.map { calibrator.probability($0) }, labels: labels,
            users: rows.map { data.users[$0] }, weights: weights,
            values: data.values(of: rows, input: valueInput, otherwise: settings.profit.value))
    }

    /// Returns the metric; nil where it is not defined.
    func value(_ outcomes: Outcomes) -> Double? {
        metric.value(outcomes, settings: settings).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Returns the metric of held-out rows; nil where it is not defined.
    func value(_ heldOut: [(row: Int, logOdds: Double)], of data: TrainingData) -> Double? {
        value(outcomes(heldOut, of: data))
    }

    /// Returns the metric of held-out rows, negated where higher is better, so that the least is best; nil
    /// where it is not defined.
    func cost(_ heldOut: [(row: Int, logOdds: Double)], of data: TrainingData) -> Double? {
        value(heldOut, of: data).map { metric.isBetterWhenHigher ? -$0 : $0 }
    }

    /// Returns the metric of each fold's rows.
    func foldValues(
        _ heldOut: [(row: Int, logOdds: Double)], of data: TrainingData, folds: [Fold]
    ) -> [Double?] {
        let rows = heldOut.map(\.row).sorted()
        var foldOfRow = [Int](repeating: -1, count: data.count)
        for (place, fold) in folds.enumerated() { for row in fold.heldOut { foldOfRow[row] = place } }
        let outcomes = outcomes(heldOut, of: data)
        return folds.indices.map { place in value(outcomes.filtered { foldOfRow[rows[$0]] == place }) }
    }

    /// Returns the index of the best of the given values, ordered from simple to complex models; the first
    /// one among equals. Nil where none is defined.
    func best(_ values: [Double?]) -> Int? {
        var best: (place: Int, value: Double)?
        for (place, value) in values.enumerated() {
            guard let value else { continue }
            if best.map({ metric.isBetter(value, than: $0.value) }) ?? true { best = (place, value) }
        }
        return best?.place
    }
}

/// One fold whose held-out rows are evaluated at increasing numbers of rounds.
protocol ValidationPath: Sendable {
    /// Returns the fold advanced to a number of rounds, no fewer than before.
    func walked(to rounds: Int) -> Self

    /// The held-out log-odds after the rounds so far.
    var walkedLogOdds: [(row: Int, logOdds: Double)] { get }
}

extension ValidationMetric {
    /// Returns the metric over the folds of each group at each of the given numbers of rounds, to which the
    /// folds advance, `[groups][rounds]`.
    func values<Walk: ValidationPath>(
        _ walks: inout [Walk], groups: [[Int]], at checkpoints: some Sequence<Int>, of data: TrainingData,
        threads: Int
    ) async throws -> [[Double?]] {
        var values = groups.map { _ in [Double?]() }
        for checkpoint in checkpoints {
            walks = try await concurrentMap(walks, threads: threads) { $0.walked(to: checkpoint) }
            let heldOut = walks.map(\.walkedLogOdds)
            for (place, group) in groups.enumerated() {
                values[place].append(value(group.flatMap { heldOut[$0] }, of: data))
            }
        }
        return values
    }
}
