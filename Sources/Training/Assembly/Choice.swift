import LimpetParallel

/// The best setting, with the log-odds that it gave to held-out rows.
struct Choice: Sendable {
    var setting: Setting
    var loss: Double
    var heldOut: [(row: Int, logOdds: Double)]
    /// The stumps of all rows with this setting, centred on them, where they were made along with the choice;
    /// nil where they have yet to be fitted.
    var stumps: AdditiveFit?
    /// The log-odds of the rows of the fold that the choice leaves out, by the model of all others with its
    /// setting; nil where that model has yet to be fitted.
    var left: [(row: Int, logOdds: Double)]?
    /// The result of the search that made the choice; nil without one.
    var search: SearchResult?

    /// Returns the initial choice: no rounds, that is, the base rate, and an infinite loss.
    static func none(_ data: TrainingData) -> Choice {
        Choice(setting: .rounds(0), loss: .infinity, heldOut: [])
    }
}

/// The choices that the models of folds serve for: one for all rows, and for each fold one by the rows that
/// the other folds hold out.
struct FoldChoices: Sendable {
    var whole: Choice
    /// Empty where they were not wanted, or a stop request left too little to choose by.
    var outside: [Choice]
}
