import LimpetDocuments
import LimpetParallel
import LimpetScoring

/// A setting that is chosen on held-out rows before the last fit.
indirect enum Setting: Hashable, Sendable {
    case rounds(Int)
    case penalty(Double)
    case elasticNet(penalty: Double, l1Ratio: Double)
    /// The rounds of stumps, and the pairs on top of them.
    case paired(rounds: Int, pairs: PairChoice)
    /// The settings of the models in a blend.
    case parts([Setting])
    /// The point that a search has chosen, with the setting chosen at it.
    case searched(SearchPoint, Setting)

    var document: JSON {
        switch self {
        case .rounds(let rounds): .object(["rounds": .number(rounds)])
        case .penalty(let penalty): .object(["l2": .number(penalty)])
        case .elasticNet(let penalty, let l1Ratio):
            .object(["elasticNet": .number(penalty), "l1Ratio": .number(l1Ratio)])
        case .paired(let rounds, let pairs):
            .object([
                "rounds": .number(rounds), "pairs": .number(pairs.count),
                "pairList": pairs.count > 0 ? .string(pairs.list.rawValue) : nil,
                "pairRounds": .number(pairs.rounds),
            ])
        case .parts(let parts): .object(parts.flatMap { $0.document.members ?? [] })
        case .searched(_, let setting): setting.document
        }
    }
}

extension Setting {
    /// The point that a search has chosen; nil without a search.
    var point: SearchPoint? {
        if case .searched(let point, _) = self { point } else { nil }
    }

    /// The rounds of stumps, and their pairs; only for settings of stumps.
    var stumps: (rounds: Int, pairs: PairChoice) {
        switch self {
        case .rounds(let rounds): (rounds, .none)
        case .paired(let rounds, let pairs): (rounds, pairs)
        case .penalty, .elasticNet, .parts, .searched: preconditionFailure("stumps are fitted in rounds")
        }
    }
}

/// A method of choosing settings on held-out rows.
protocol SettingChooser: Sendable {
    /// The clock that is told when the choice for all rows begins.
    var clock: StageClock { get }

    /// The setting where there is nothing to choose; nil where there is.
    var givenSetting: Setting? { get }

    /// True where the models of folds are to serve the choices outside folds as well (``FoldChoices``), since
    /// others would take too long: a choice for a fold then has models that learnt from its rows, though it
    /// is made on the rows of other folds.
    var isCrossFitted: Bool { get }

    /// Returns the setting with the least log loss on the held-out rows of the folds, or with the best value
    /// of another metric.
    ///
    /// - Parameter outside: true to choose for the rows outside each fold, too.
    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices
}

/// A method of fitting additive functions.
protocol AdditiveTrainer: SettingChooser {
    /// Returns the choice for all rows, and for each fold that of the rows outside it, for which the other
    /// folds are held out in turn.
    ///
    /// - Parameters:
    ///   - folds: three or more, which hold out each row once.
    ///   - outside: returns the rows outside a fold, in their order, as they would be prepared alone.
    ///   - wantsWhole: false where the choice for all rows is not needed.
    func chooseNested(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice

    /// Fits all rows.
    ///
    /// - Parameter stumps: those of the choice, where it has made them.
    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit
}

extension SettingChooser {
    /// Returns the choice for all rows.
    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        try await choices(data, folds: folds, outside: false, progress: progress).whole
    }
}
