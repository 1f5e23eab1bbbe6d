public import LimpetDocuments
import LimpetEvents
import LimpetScoring

extension Explanation {
    /// The explanation as JSON.
    public var document: JSON {
        .object([
            "id": .string(id), "at": time.map { .string($0.description) },
            "inPopulation": .boolean(isInPopulation), "probability": .number(score.probability),
            "logOdds": .number(score.logOdds), "intercept": .number(intercept),
            "terms": .array(contributions.map(\.document)),
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
}

extension Explanation.Contribution {
    fileprivate var document: JSON {
        .object([
            "input": .string(inputs[0]), "value": values[0].document,
            "second": inputs.dropFirst().first.map { .string($0) },
            "secondValue": values.dropFirst().first.map(\.document),
            "contribution": .number(logOdds),
        ])
    }
}

extension Explanation.Value {
    fileprivate var document: JSON {
        switch self {
        case .number(let number): .number(number)
        case .text(let text): .string(text)
        case .unknown, .missing: .null
        }
    }
}
