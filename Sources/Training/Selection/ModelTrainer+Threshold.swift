import LimpetEvaluation
import LimpetScoring

extension TrainingData {
    /// What keeping the user of each row is worth, as an input says it; `otherwise` where that is missing or not
    /// finite. Nil where no input tells.
    func values(of rows: [Int], input: Int?, otherwise: Double) -> [Double]? {
        guard let input, case .numbers(let numbers) = columns[input] else { return nil }
        return rows.map { numbers[$0].isFinite ? numbers[$0] : otherwise }
    }
}

extension ModelTrainer {
    /// The threshold with the most profit on rows that were held out when the setting was chosen; infinite where
    /// nobody is worth an offer, nil where none was asked for.
    ///
    /// Rows whose label window holds an offer are no part of it: the model speaks of users without one.
    func threshold(
        _ data: TrainingData, heldOut: [(row: Int, logOdds: Double)], calibrator: Calibrator
    ) -> Double? {
        guard settings.choosesThreshold else { return nil }
        var logOdds = [Double](repeating: .nan, count: data.count)
        for held in heldOut { logOdds[held.row] = held.logOdds }
        let rows = data.untreatedRows(heldOut.map(\.row), input: settings.treatmentInput)
        let outcomes = outcomes(data, rows: rows, logOdds: rows.map { logOdds[$0] }, calibrator: calibrator)
        return settings.metrics.profit.best(outcomes)?.threshold
    }

    /// A threshold with what it was chosen for.
    func decision(_ threshold: Double, inputs: [Model.Input]) -> Model.Decision {
        let profit = settings.metrics.profit
        return Model.Decision(
            threshold: threshold, value: profit.value, successProbability: profit.successProbability,
            offerCost: profit.offerCost, contactCost: profit.contactCost,
            valueInput: settings.valueInput.map { inputs[$0].name })
    }
}
