import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles
package import LimpetScoring

/// Refuses scores that are no numbers. A value of 1e308 is a number, but its product with a coefficient need
/// not be one, and a score of infinity minus infinity says nothing about a user.
package struct FiniteScores {
    package let scorer: Scorer
    /// Where a row stands in the input.
    package let place: (Int) -> InputPlace
    package let vector: (Int) -> FeatureVector

    package init(
        scorer: Scorer, place: @escaping (Int) -> InputPlace, vector: @escaping (Int) -> FeatureVector
    ) {
        (self.scorer, self.place, self.vector) = (scorer, place, vector)
    }

    package func check(_ scores: [Scorer.Score]) throws(InputError) {
        guard let row = scores.firstIndex(where: { !$0.isFinite }) else { return }
        throw error(row)
    }

    /// The error of a row whose score is no finite number: the term to blame, and what it was given.
    func error(_ row: Int) -> InputError {
        let vector = vector(row)
        let model = scorer.model
        let terms = zip(model.terms, scorer.contributions(vector))
        // Sums that overflow have finite parts: the largest of them is to blame then.
        let worst =
            terms.first { !$1.isFinite } ?? terms.max { $0.1.magnitude < $1.1.magnitude }
        var place = place(row)
        guard let (term, contribution) = worst else {
            return InputError(place, "the model's score is no finite number")
        }
        place.field = [place.field, TermNames(model).name(of: term)].compactMap { $0 }.joined(separator: ": ")
        let found =
            term.inputs.count > 1 || model.inputs[term.input].isCategorical
            ? "" : "found \(vector.numbers[term.input]): "
        return InputError(
            place, "\(found)the term adds \(contribution) to the log-odds, so the score is no finite number")
    }
}

extension FiniteScores {
    /// For the rows of a flat table.
    package init(_ scorer: Scorer, table: FlatTable, inputs: ModelTable) {
        self.init(
            scorer: scorer, place: { InputPlace(file: table.file, line: Int(table.lines[$0])) },
            vector: inputs.vector)
    }

    /// For snapshots of a log, named by user and snapshot time.
    package init(_ scorer: Scorer, table: SnapshotTable, file: String) {
        self.init(
            scorer: scorer, place: { Self.place(table, row: $0, file: file) },
            vector: { scorer.vector(table, row: $0) })
    }

    static func place(_ table: SnapshotTable, row: Int, file: String) -> InputPlace {
        let user = table.userIDs[Int(table.users[row])].quoted
        return InputPlace(file: file, field: "user \(user) at \(table.times[row])")
    }
}

extension Scorer.Score {
    package var isFinite: Bool { logOdds.isFinite && probability.isFinite }
}
