import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetScoring

extension TrainingSettings {
    /// The settings that decide the result, as JSON; the number of threads does not.
    ///
    /// - Parameter inputs: the inputs of the model, by whose names pairs are told.
    func document(chosen: JSON, inputs: [Model.Input]) -> JSON {
        func names(_ pairs: some Collection<InputPair>) -> JSON? {
            guard kind != .logistic, !pairs.isEmpty else { return nil }
            let sorted = pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
            return .array(
                sorted.map { pair in
                    .array([pair.first, pair.second].map { .string(inputs[$0].name) })
                })
        }
        return .object([
            "model": .string(kind.rawValue), "seed": .number(String(seed)), "folds": .number(folds),
            "repeats": .number(repeats), "maximumRounds": .number(stumps.maximumRounds),
            "learningRate": .number(stumps.learningRate), "bins": .number(stumps.maximumBins),
            "earlyStopping": .boolean(stumps.stopsEarly), "bags": .number(stumps.bags),
            "minimumUsers": .number(stumps.minimumUsers),
            "namedPairs": names(stumps.pairs.named), "forbiddenPairs": names(stumps.pairs.forbidden),
            "splines": kind == .stumps ? nil : logistic.splines.document,
            "calibration": .string(calibration.rawValue), "chosen": chosen,
            "zerosKept": zerosKept < 1 ? .number(zerosKept) : nil,
            "halfLife": halfLife.map { .string($0.description) },
            "chooseBy": chooseBy == .logLoss ? nil : .string(chooseBy.rawValue),
        ])
    }
}

extension LogisticSettings.Splines {
    /// The splines as JSON, for the settings in a model file; nil where there are none.
    var document: JSON? {
        let names: JSON
        switch inputs {
        case .none: return nil
        case .allNumbers: names = .string("all")
        case .named(let set): names = .array(set.sorted().map { .string($0) })
        }
        return .object(["inputs": names, "knots": .number(knots)])
    }
}
