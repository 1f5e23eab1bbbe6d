import ArgumentParser
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTraining

/// The flags of a training.
struct TrainingOptions: ParsableArguments {
    @OptionGroup(title: "Boosted stumps") var stumps: StumpOptions
    @OptionGroup(title: "Logistic regression") var logistic: LogisticOptions
    @OptionGroup(title: "Profit") var profit: ProfitOptions

    @Option(
        name: .customLong("model"),
        help: """
            What is trained: stumps, logistic, blend, the mean of both in log-odds, or auto, what is best of \
            these on held-out rows, without and with pairs (default: auto; stumps for a backtest).
            """)
    var givenModel: ModelChoice?

    /// The kind that is trained where none is to be chosen.
    var model: Model.Kind { givenModel?.kind ?? .stumps }

    @Option(help: "A model file that is trained further: its terms stay, and what they leave is learnt.")
    var initModel: String?

    @Option(
        name: .customLong("bootstrap"),
        help: "How often users are drawn for intervals of 95 % of the estimate; 0 for none (default: 200).")
    var givenBootstrap: Int?

    var bootstrap: Int { givenBootstrap ?? 200 }

    @Option(
        name: .customLong("folds"),
        help: """
            Folds of users for choosing settings and, where time does not do it, for the estimate; 0 for no \
            estimate, and two folds for what is to be chosen (default: 5).
            """)
    var givenFolds: Int?

    var folds: Int { givenFolds ?? 5 }

    @Option(help: "How often the estimate by folds is repeated.")
    var repeats = 1

    @Option(
        help: "By what rounds, pairs and penalties are chosen on held-out rows (default: logLoss).")
    var chooseBy: Metric?

    @Option(
        help: """
            Learn from all rows with label 1 and from those with label 0 of this share of the users, e.g. \
            0.1; the model, its probabilities and the report are those of all rows.
            """)
    var negativeRate: Double?

    // The name that the flag had before.
    @Option(help: .hidden)
    var keepZeros: Double?

    @Option(
        help: """
            The data hold this share of the rows with label 0, because the rest was left out before; undone \
            as with --negative-rate.
            """)
    var dataNegativeRate: Double?

    // The name that the flag had before.
    @Option(help: .hidden)
    var zerosKept: Double?

    /// The share of the rows with label 0 of the data that the training uses; nil where no flag says it.
    var sampledShare: Double? { negativeRate ?? keepZeros }

    @Option(
        help: """
            The time in which the weight of a snapshot halves in fits, e.g. 90d, or none (default: as later \
            snapshots of a long log are predicted best).
            """)
    var halfLife: String?

    /// The half-life that is given; nil for none.
    func givenHalfLife() throws -> TimeSpan? {
        guard let halfLife, halfLife != "none" else { return nil }
        return try LabelOptions.span(halfLife, "--half-life")
    }

    @Flag(help: "Leave probabilities as the model gives them.")
    var noCalibration = false

    @Option(help: "platt, isotonic (from 1,000 users with label 1 on) or none.")
    var calibration = CalibrationMethod.platt

    @Option(
        help: """
            Levels of categories of fewer users are not named in the model (default: 20, and 5 in columns of \
            more than 30 levels, which count by shrunken rates).
            """)
    var minimumLevelUsers: Int?

    @Option(help: "Parts worked on at the same time (default: the processors); no result depends on it.")
    var threads = Processors.count

    @Option(help: "Decides the folds.")
    var seed: UInt64 = 1

    var usedCalibration: CalibrationMethod { noCalibration ? .none : calibration }

    func validate() throws {
        func check(_ isValid: Bool, _ message: String) throws {
            guard isValid else { throw ValidationError(message) }
        }
        try check(folds == 0 || (2...100).contains(folds), "--folds must be 0 (no estimate) or from 2 to 100")
        try check((1...100).contains(repeats), "--repeats must be from 1 to 100")
        for (flag, share, old, oldShare) in [
            ("--negative-rate", negativeRate, "--keep-zeros", keepZeros),
            ("--data-negative-rate", dataNegativeRate, "--zeros-kept", zerosKept),
        ] {
            try check(share == nil || oldShare == nil, "\(old) is the old name of \(flag): give one of them")
            try check(
                (share ?? oldShare).map { $0 > 0 && $0 <= 1 } ?? true,
                "\(share == nil ? old : flag) must be above 0 and at most 1")
        }
        _ = try givenHalfLife()
        try ThreadCount.check(threads)
        try check((0...100_000).contains(bootstrap), "--bootstrap must be from 0 to 100,000")
        try check(minimumLevelUsers ?? 1 >= 1, "--minimum-level-users must be 1 or more")
    }

    func settings(inputs: [Model.Input]) throws -> TrainingSettings {
        var settings = TrainingSettings(kind: model)
        settings.stumps = try stumps.settings(inputs: inputs, seed: seed)
        settings.logistic = logistic.settings
        try logistic.checkSplines(inputs: inputs)
        for (flag, names) in [
            ("--non-negative", logistic.nonNegative), ("--non-positive", logistic.nonPositive),
        ] {
            for name in names { _ = try stumps.index(name, flag, inputs) }
        }
        settings.shareDirections(inputs)
        settings.folds = folds
        settings.zerosKept = dataNegativeRate ?? zerosKept ?? 1
        settings.repeats = repeats
        settings.calibration = usedCalibration
        if let minimumLevelUsers {
            (settings.minimumLevelUsers, settings.minimumUsersOfManyLevels) = (minimumLevelUsers, nil)
        }
        settings.chooseBy = chooseBy ?? settings.chooseBy
        settings.halfLife = try givenHalfLife()
        settings.choosesHalfLife = halfLife == nil
        settings.metrics = try profit.settings()
        settings.valueInput = try profit.valuePlace(inputs)
        settings.bootstrap = bootstrap > 0 ? Bootstrap(replicates: bootstrap, seed: seed) : nil
        if let initModel {
            do {
                settings.initial = try InitialModel(ModelFile.read(initModel).scorer.model, inputs: inputs)
            } catch let error as InitialModelError {
                throw InputError(InputPlace(file: initModel), "\(error)")
            }
        }
        settings.threads = threads
        settings.seed = seed
        return settings
    }
}

extension TrainingSettings {
    /// Gives each input the same direction in stumps and in the logistic regression: a direction is a promise
    /// of the whole model, whatever it is made of.
    fileprivate mutating func shareDirections(_ inputs: [Model.Input]) {
        let steps = stumps.directions
        for (index, input) in inputs.enumerated() where !input.isCategorical {
            if let sign = logistic.signs[input.name] {
                stumps.directions[index] = sign == .nonNegative ? 1 : -1
            }
            if let direction = steps[index] {
                logistic.signs[input.name] = direction > 0 ? .nonNegative : .nonPositive
            }
        }
    }
}
