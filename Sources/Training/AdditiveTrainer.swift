import LimpetScoring

/// What is chosen on held-out rows before the last fit.
enum Setting: Hashable, Sendable {
    case rounds(Int)
    case penalty(Double)
    case elasticNet(penalty: Double, l1Ratio: Double)

    var document: JSON {
        switch self {
        case .rounds(let rounds): .object(["rounds": .number(rounds)])
        case .penalty(let penalty): .object(["l2": .number(penalty)])
        case .elasticNet(let penalty, let l1Ratio):
            .object(["elasticNet": .number(penalty), "l1Ratio": .number(l1Ratio)])
        }
    }
}

/// The best setting, with the log-odds that it gave to rows that were held out.
struct Choice: Sendable {
    var setting: Setting
    var loss: Double
    var heldOut: [(row: Int, logOdds: Double)]

    /// Nothing learnt: the base rate, as a beginning.
    static func none(_ data: TrainingData) -> Choice {
        Choice(setting: .rounds(0), loss: .infinity, heldOut: [])
    }
}

/// A way of fitting additive functions.
protocol AdditiveTrainer: Sendable {
    /// Finds the setting with the least log loss on the held-out rows of the folds.
    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice

    /// Fits all rows.
    func fit(
        _ data: TrainingData, setting: Setting, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit
}
