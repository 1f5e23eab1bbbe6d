import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
package import LimpetFiles
package import LimpetScoring

/// A check that scores are finite numbers. A value of 1e308 is finite, but its product with a coefficient
/// need not be, and a score of infinity minus infinity says nothing about a user.
package struct FiniteScores {
    package let scorer: Scorer
    /// The place of a row in the input.
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

    /// Returns the error of a row whose score is no finite number: the term to blame, and the values of its
    /// inputs.
    func error(_ row: Int) -> InputError {
        let vector = vector(row)
        let model = scorer.model
        let terms = zip(model.terms, scorer.contributions(vector))
        // A sum can overflow though its contributions are finite: the largest of them is to blame then.
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
    /// Makes a check for the rows of a flat table.
    package init(_ scorer: Scorer, table: FlatTable, inputs: ModelTable) {
        self.init(
            scorer: scorer, place: { InputPlace(file: table.file, line: Int(table.lines[$0])) },
            vector: inputs.vector)
    }

    /// Makes a check for snapshots of a log, which errors name by user and snapshot time.
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
