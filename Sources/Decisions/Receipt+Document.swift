public import LimpetDocuments
import LimpetEvents
public import LimpetScoring

extension Receipt {
    /// The receipt as a document. Times are RFC 3339 in UTC.
    public var document: JSON {
        .object([
            "id": .string(id), "user": .string(user), "sequence": .number(sequence),
            "now": .string(now.description), "time": .string(time.description), "cause": cause.document,
            "probability": score.map { .number($0.probability) } ?? .null,
            "logOdds": score.map { .number($0.logOdds) } ?? .null,
            "reasons": .array(reasons.map(\.receiptDocument)), "outcome": outcome.document,
            "candidates": .array(candidates.map(\.document)), "modelHash": .string(modelHash),
            "policyHash": .string(policyHash), "propensity": .number(propensity),
        ])
    }
}

extension Receipt.Cause {
    fileprivate var document: JSON {
        switch self {
        case .event(let name, let time, let messageID):
            .object([
                "type": .string("event"), "event": .string(name), "time": .string(time.description),
                "messageId": messageID.map { .string($0) },
            ])
        case .ask(let placement):
            .object(["type": .string("ask"), "placement": placement.map { .string($0) }])
        }
    }
}

extension Receipt.Candidate {
    fileprivate var document: JSON {
        .object([
            "offer": .string(offer), "excludedBy": .array(exclusions.map(\.document)),
            "when": condition?.document,
        ])
    }
}

extension Receipt.Outcome {
    /// The outcome's name: `offer`, `silence` or `withheld`.
    public var name: String {
        switch self {
        case .offer: "offer"
        case .silence: "silence"
        case .withheld: "withheld"
        }
    }

    /// The offer that is shown, or would have been; nil for silence.
    public var offer: String? {
        switch self {
        case .offer(let id), .withheld(let id): id
        case .silence: nil
        }
    }

    fileprivate var document: JSON {
        switch self {
        case .offer(let id): .object(["type": .string(name), "offer": .string(id)])
        case .silence(let reason): .object(["type": .string(name), "reason": .string(reason.rawValue)])
        case .withheld(let id):
            .object(["type": .string(name), "withheld": .string("holdout"), "offer": .string(id)])
        }
    }
}

extension Reason {
    /// The reason as receipts and responses hold it.
    public var receiptDocument: JSON {
        .object([
            "topic": .string(topic), "contribution": .number(contribution), "input": .string(input),
            "value": value.map { .string($0) }, "secondInput": secondInput.map { .string($0) },
            "secondValue": secondValue.map { .string($0) }, "sentence": .string(sentence),
        ])
    }
}
