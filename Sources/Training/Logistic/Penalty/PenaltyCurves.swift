import LimpetScoring

/// The held-out rows of each fold under each penalty, from which penalties are chosen.
struct PenaltyCurves {
    /// The penalties, strongest first.
    let penalties: [Double]
    let folds: [Fold]
    /// The sum of losses of each fold's rows, `[folds][penalties]`.
    let losses: [[Double]]
    /// The sum of weights of each fold's rows.
    let weights: [Double]
    /// Returns the setting of a penalty.
    let setting: (Double) -> Setting
    /// Returns a fold's held-out log-odds under the penalty at an index.
    let heldOut: (_ fold: Int, _ place: Int) -> [(row: Int, logOdds: Double)]

    /// Returns the choice of a penalty for all rows, and for the rows outside each fold.
    ///
    /// - Throws: ``TrainingError`` when no penalty has a finite loss, or the metric no value.
    func choices(
        rule: PenaltyValidation.Rule, metric: ValidationMetric?, of data: TrainingData, outside: Bool
    ) throws(TrainingError) -> FoldChoices {
        let whole = try choice(Array(folds.indices), rule, metric, data)
        var others: [Choice] = []
        for left in folds.indices where outside {
            let (some, place) = try place(folds.indices.filter { $0 != left }, rule, metric, data)
            var choice = choice(some, place, data)
            choice.left = heldOut(left, place)
            others.append(choice)
        }
        return FoldChoices(whole: whole, outside: others)
    }

    private func choice(
        _ some: [Int], _ rule: PenaltyValidation.Rule, _ metric: ValidationMetric?, _ data: TrainingData
    ) throws(TrainingError) -> Choice {
        let (some, place) = try place(some, rule, metric, data)
        return choice(some, place, data)
    }

    private func choice(_ some: [Int], _ place: Int, _ data: TrainingData) -> Choice {
        let held = some.flatMap { heldOut($0, place) }
        return Choice(
            setting: setting(penalties[place]), loss: some.reduce(0) { $0 + losses[$1][place] },
            heldOut: held)
    }

    /// Returns the index of the penalty that some of the folds choose.
    private func place(
        _ some: [Int], _ rule: PenaltyValidation.Rule, _ metric: ValidationMetric?, _ data: TrainingData
    ) throws(TrainingError) -> (folds: [Int], place: Int) {
        if let metric {
            let place = try metric.place(
                penalties, rule: rule, of: data, folds: some.map { folds[$0] },
                heldOut: { place in some.flatMap { heldOut($0, place) } })
            return (some, place)
        }
        let validation = PenaltyValidation(
            penalties: penalties, losses: some.map { losses[$0] }, weights: some.map { weights[$0] })
        guard let place = validation.place(rule) else {
            throw TrainingError.noFiniteLoss(settings: penalties.count)
        }
        return (some, place)
    }
}
