/// The main effects of each fold's model, with the choices of rounds that they serve for.
struct BoostedFolds: Sendable {
    /// The rows as the models see them.
    let coded: CodedBins
    let choices: FoldChoices
    /// Returns the log-odds of a fold's training rows, and of those held out, in the order of the fold, after
    /// the rounds of its choice (``FoldChoices/rounds(of:)``).
    let scores: @Sendable (_ fold: Int) -> (training: [Double], heldOut: [Double])
}

extension FoldChoices {
    /// Returns the rounds of a fold's own choice, and where there is none those of all rows.
    func rounds(of fold: Int) -> Int {
        (outside.indices.contains(fold) ? outside[fold] : whole).setting.stumps.rounds
    }
}
