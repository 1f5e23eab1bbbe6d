import LimpetEvaluation
import LimpetScoring

extension TrainingData {
    /// Returns the value of keeping the user of each row, from an input; `otherwise` where that is missing or
    /// not finite. Nil without an input.
    func values(of rows: [Int], input: Int?, otherwise: Double) -> [Double]? {
        guard let input, case .numbers(let numbers) = columns[input] else { return nil }
        return rows.map { numbers[$0].isFinite ? numbers[$0] : otherwise }
    }
}

extension ModelTrainer {
    /// Returns the threshold with the most profit on the held-out rows on which the setting was chosen;
    /// infinite where no user is worth an offer, nil where no threshold was requested.
    ///
    /// Rows whose label window holds an offer are left out: the model describes users without one.
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

    /// Returns a threshold with the costs and gains that it was chosen for.
    func decision(_ threshold: Double, inputs: [Model.Input]) -> Model.Decision {
        let profit = settings.metrics.profit
        return Model.Decision(
            threshold: threshold, value: profit.value, successProbability: profit.successProbability,
            offerCost: profit.offerCost, contactCost: profit.contactCost,
            valueInput: settings.valueInput.map { inputs[$0].name })
    }
}
