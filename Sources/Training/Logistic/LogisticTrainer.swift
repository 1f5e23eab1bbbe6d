import LimpetNumerics
import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// The training of logistic regressions, with the penalty chosen by log loss on held-out rows or by another
/// metric.
struct LogisticTrainer: AdditiveTrainer {
    let settings: LogisticSettings
    let threads: Int
    /// The metric that chooses the penalty; nil for log loss.
    var validationMetric: ValidationMetric?
    /// The monitor of progress; nil for none.
    var monitor: TrainingMonitor?
    /// The clock of the stages of the training.
    var clock = StageClock()

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let extras = extras(data)
        // Without a penalty each fold needs its own columns, since a level may be missing from its rows. With
        // more columns than rows, the problem is solved in the space of each fold's rows.
        let isWide = data.columns.count > data.count && settings.elasticNet == nil
        guard let segments = Self.segments(folds, count: data.count), !candidates.contains(0), !isWide else {
            return try await LogisticFoldByFold(trainer: self).choose(
                data, extras, folds: folds, progress: progress)
        }
        let problem = try await LogisticProblem(
            data, extras.with(segments: segments), settings: settings, dropsReference: false, threads: threads
        )
        let isNet = settings.elasticNet != nil
        let models: [Int?] = (0..<folds.count).map { $0 } + (isNet ? [nil] : [])
        var path = LogisticPath(problem.rows, shape: problem.shape, models: models, threads: threads)
        path.foldTolerance = isNet || path.precision == .single ? 1e-8 : 1e-9
        path.monitor = monitor
        let penalties = try await penalties(path)
        let result = try await problem.naming {
            try await path.run(penalties, stopsEarly: isNet, progress: progress)
        }
        let validation = try await path.validation(result)
        func heldOut(_ place: Int) -> [(row: Int, logOdds: Double)] {
            folds.indices.flatMap { fold in
                problem.rows.heldOutLogOdds(
                    LogisticRows.Point(result.points[fold][place].coefficients, heldOut: fold))
            }
            .map { ($0.row, $0.logOdds - intercept) }
        }
        let chosen = try validationMetric?.place(
            result.penalties, rule: settings.rule, of: data, folds: folds, heldOut: heldOut)
        guard let place = chosen ?? validation.place(settings.rule) else {
            throw TrainingError.noFiniteLoss(settings: penalties.count)
        }
        return Choice(
            setting: setting(result.penalties[place]), loss: validation.means[place] / 2,
            heldOut: heldOut(place))
    }

    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        let (strength, isNet) = strength(setting)
        let problem = try await LogisticProblem(
            data, extras(data), settings: settings, dropsReference: strength == 0, threads: threads)
        let fit = try await problem.naming {
            isNet ? try await problem.fitNet(strength) : try await problem.fit(strength)
        }
        progress(1)
        var coefficients = fit.coefficients
        coefficients[0] -= intercept
        let covariance = covariance(of: fit, problem, data, strength: strength)
        return AdditiveFit(
            intercept: coefficients[0],
            terms: problem.design.terms(coefficients, covariance: covariance, data: data))
    }

    /// Returns the covariance for the terms' standard errors; nil for none.
    private func covariance(
        of fit: LogisticProblem.Solution, _ problem: LogisticProblem, _ data: TrainingData, strength: Double
    ) -> Matrix? {
        // Class weights describe a population other than the data's, so that standard errors would be
        // meaningless.
        guard settings.classWeights == nil, let inverse = fit.inverse else { return nil }
        let rows = problem.rows
        let isEnough = rows.segmentWeights.reduce(0, +) > Double(rows.columns) && data.usersOfWeight > 1
        guard strength == 0, isEnough else { return inverse }
        return rows.covariance(
            settings.robust, coefficients: fit.coefficients, bread: inverse, users: data.users)
    }

    // MARK: Settings

    private var candidates: [Double] {
        settings.elasticNet == nil ? settings.penalty.map { [$0] } ?? settings.penalties : []
    }

    var givenSetting: Setting? {
        let given = settings.elasticNet == nil ? settings.penalty : settings.elasticNetPenalty
        return given.map { setting($0) }
    }

    private func penalties(_ path: LogisticPath) async throws -> [Double] {
        guard let net = settings.elasticNet else { return candidates }
        let penalties = try await path.penalties(net)
        guard let chosen = settings.elasticNetPenalty else { return penalties }
        return penalties.filter { $0 > chosen } + [chosen]
    }

    private func setting(_ penalty: Double) -> Setting {
        guard let net = settings.elasticNet else { return .penalty(penalty) }
        return .elasticNet(penalty: penalty, l1Ratio: net.l1Ratio)
    }

    private func strength(_ setting: Setting) -> (Double, isNet: Bool) {
        switch setting {
        case .penalty(let penalty): (penalty, false)
        case .elasticNet(let penalty, _): (penalty, true)
        case .rounds, .paired, .parts, .searched:
            preconditionFailure("a logistic regression is fitted with a penalty")
        }
    }

    /// The amount that class weights have added to the intercept.
    var intercept: Double {
        settings.classWeights.map { ElementaryFunctions.log($0.one / $0.zero) } ?? 0
    }

    func extras(_ data: TrainingData) -> RowExtras {
        var extras = RowExtras(weights: data.weights, offsets: data.offsets)
        if let factors = settings.classWeights {
            extras.weights = data.labels.indices.map { row in
                (data.weights?[row] ?? 1) * (data.labels[row] ? factors.one : factors.zero)
            }
        }
        return extras
    }

    /// Returns the fold of each row, if each row is held out by exactly one fold and learnt from by all
    /// others.
    private static func segments(_ folds: [Fold], count: Int) -> [Int]? {
        var segments = [Int](repeating: -1, count: count)
        for (place, fold) in folds.enumerated() {
            guard fold.trainingCount + fold.heldOut.count == count else { return nil }
            for row in fold.heldOut { segments[row] = place }
        }
        let held = folds.reduce(0) { $0 + $1.heldOut.count }
        return held == count && !segments.contains(-1) ? segments : nil
    }
}

extension RowExtras {
    func with(segments: [Int]) -> RowExtras {
        var extras = self
        extras.segments = segments
        return extras
    }
}
