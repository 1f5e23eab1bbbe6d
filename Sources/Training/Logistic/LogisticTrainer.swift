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

    var isCrossFitted: Bool { false }

    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        let extras = extras(data)
        // Without a penalty each fold needs its own columns, since a level may be missing from its rows. With
        // more columns than rows, the problem is solved in the space of each fold's rows.
        let isWide = data.columns.count > data.count && settings.elasticNet == nil
        guard let segments = Self.segments(folds, count: data.count), !candidates.contains(0), !isWide else {
            return try await LogisticFoldByFold(trainer: self).choices(
                data, extras, folds: folds, outside: outside, progress: progress)
        }
        let isNet = settings.elasticNet != nil
        let models: [Int?] = (0..<folds.count).map { $0 } + (isNet ? [nil] : [])
        let coded = settings.codesLevels ? coded(data, segments, models) : nil
        let problem = try await LogisticProblem(
            coded?.data ?? data, extras.with(segments: segments), settings: settings, dropsReference: false,
            threads: threads)
        var path = LogisticPath(problem.rows, shape: problem.shape, models: models, threads: threads)
        path.foldTolerance = isNet || path.precision == .single ? 1e-8 : 1e-9
        path.columnsOfModel = coded?.columnsByModel.map { problem.design.contains($0) }
        path.monitor = monitor
        let penalties = try await penalties(path)
        let result = try await problem.naming {
            try await path.run(penalties, stopsEarly: isNet, progress: progress)
        }
        let losses = try await path.heldOutLosses(result)
        let curves = PenaltyCurves(
            penalties: result.penalties, folds: folds, losses: losses, weights: problem.rows.segmentWeights,
            setting: setting
        ) { fold, place in
            problem.rows.heldOutLogOdds(
                LogisticRows.Point(result.points[fold][place].coefficients, heldOut: fold)
            ).map { ($0.row, $0.logOdds - intercept) }
        }
        return try curves.choices(
            rule: settings.rule, metric: validationMetric, of: data, outside: outside)
    }

    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        let (strength, isNet) = strength(setting)
        let coding =
            settings.codesLevels && strength > 0
            ? LevelCoding(data, groups: StumpTrainer.codingGroups, seed: 1) : nil
        let coded = coding?.coded(data, number: LevelRates.logOdds) ?? data
        let problem = try await LogisticProblem(
            coded, extras(data), settings: settings, dropsReference: strength == 0, threads: threads)
        let fit = try await problem.naming {
            isNet ? try await problem.fitNet(strength) : try await problem.fit(strength)
        }
        progress(1)
        var coefficients = fit.coefficients
        coefficients[0] -= intercept
        let covariance = covariance(of: fit, problem, coded, strength: strength)
        let result = AdditiveFit(
            intercept: coefficients[0],
            terms: problem.design.terms(coefficients, covariance: covariance, data: coded))
        return coding?.recoded(result, without: []) ?? result
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

    private func coded(_ data: TrainingData, _ segments: [Int], _ models: [Int?]) -> CodedColumns {
        CodedColumns(
            data, groupOfRow: segments.map { Int32($0) }, omitted: models.map { $0.map { [$0] } ?? [] },
            threads: threads, number: LevelRates.logOdds)
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
