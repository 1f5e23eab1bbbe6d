import LimpetPipelines
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// An explanation of one user's score, term by term: the contributions add up to the log-odds exactly.
struct UserExplanation {
    let id: String
    let at: Timestamp?
    let isInPopulation: Bool
    let scorer: Scorer
    let vector: FeatureVector
    let hash: String
    let categoryName: (TextKey) -> String?

    private var model: Model { scorer.model }

    var document: JSON {
        let score = scorer.score(vector)
        let terms = zip(model.terms, scorer.contributions(vector)).map { term, contribution -> JSON in
            let second = term.inputs.dropFirst().first
            return .object([
                "input": .string(model.inputs[term.input].name), "value": value(of: term.input),
                "second": second.map { .string(model.inputs[$0].name) },
                "secondValue": second.map { value(of: $0) },
                "contribution": .number(contribution),
            ])
        }
        let reasons = scorer.reasons(vector, count: 20, raisingOnly: false, categoryName: categoryName)
        return .object([
            "id": .string(id), "at": at.map { .string($0.description) },
            "inPopulation": .boolean(isInPopulation), "probability": .number(score.probability),
            "logOdds": .number(score.logOdds), "intercept": .number(model.intercept),
            "terms": .array(terms),
            "reasons": .array(
                reasons.map {
                    .object([
                        "topic": .string($0.topic), "contribution": .number($0.contribution),
                        "sentence": .string($0.sentence),
                    ])
                }),
            "model": .string(hash),
        ])
    }

    private func value(of input: Int) -> JSON {
        guard model.inputs[input].isCategorical else { return .number(vector.numbers[input]) }
        let key = vector.categories[input]
        return key.isMissing ? .null : categoryName(key).map { .string($0) } ?? .null
    }

    var text: String {
        let score = scorer.score(vector)
        let contributions = scorer.contributions(vector)
        let ranked = contributions.indices.sorted {
            contributions[$0].magnitude > contributions[$1].magnitude
        }
        let names = TermNames(model)
        let most = max(contributions.map(\.magnitude).max() ?? 1, 1e-9)
        var table = TextTable([("input", .left), ("value", .right), ("log-odds", .right), ("", .left)])
        table.append(["the average user", "", Format.fixed(model.intercept, 4), ""])
        for index in ranked where contributions[index] != 0 {
            let term = model.terms[index]
            table.append([
                names.name(of: term), term.inputs.map(valueText).joined(separator: " × "),
                Format.signed(contributions[index], 4),
                Bar.signed(contributions[index] / most, halfWidth: 12),
            ])
        }
        table.append(["sum", "", Format.fixed(score.logOdds, 4), ""])
        let snapshotTime = at.map { " at \($0)" } ?? ""
        let outside = isInPopulation ? "" : "\nNot in the model's population then: the score is of no use.\n"
        let reasons = scorer.reasons(vector, count: 3, categoryName: categoryName)
            .map { "  \($0.sentence)" }.joined(separator: "\n")
        let raising =
            reasons.isEmpty
            ? "Nothing raises the risk above the average user's." : "Reasons for a higher risk:\n" + reasons
        return """
            \(id)\(snapshotTime): probability \(Format.percent(score.probability)), \
            log-odds \(Format.fixed(score.logOdds, 4)) \
            (model \(hash.prefix(12))…)
            \(outside)
            \(raising)

            \(table.text)
            """
    }

    private func valueText(_ input: Int) -> String {
        guard model.inputs[input].isCategorical else {
            let number = vector.numbers[input]
            return number.isNaN ? "missing" : Format.short(number)
        }
        let key = vector.categories[input]
        return key.isMissing ? "missing" : categoryName(key) ?? "unknown"
    }
}
