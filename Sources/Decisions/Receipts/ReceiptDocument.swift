public import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The JSON of a receipt, made of a record, and of the policy and the model that its generation names.
///
/// Every place that shows a receipt shows these bytes: the answer, the lookup by id, the user's list, and a
/// replay.
public struct ReceiptDocument {
    private let record: DecisionRecord
    private let receipt: StepReceipt
    private let index: Int
    private let policy: CompiledPolicy
    private let user: String

    /// Prepares the document of a receipt.
    ///
    /// - Parameters:
    ///   - index: the place of the receipt in the record.
    ///   - user: the user's id, of records whose input names none.
    public init(_ record: DecisionRecord, index: Int, policy: CompiledPolicy, user: String) {
        self.record = record
        receipt = record.receipts[index]
        self.index = index
        self.policy = policy
        self.user = record.input.ids.first?.text ?? user
    }

    /// The document.
    public var json: JSON {
        .object([
            "id": .string(ReceiptID(record.header, index: index).description), "user": .string(user),
            "sequence": .number(receipt.sequence), "now": .string(record.header.now.description),
            "time": .string(receipt.asOf.description), "cause": cause,
            "probability": receipt.score.map { .number($0.probability) } ?? .null,
            "logOdds": receipt.score.map { .number($0.logOdds) } ?? .null,
            "reasons": .array(receipt.reasons.map { policy.scorer.reason(of: $0).receiptDocument }),
            "outcome": outcome, "delivery": delivery, "candidates": .array(receipt.candidates.map(candidate)),
            "bins": receipt.bins.isEmpty ? nil : .array(receipt.bins.map { .number(Int($0)) }),
            "modelHash": .string(policy.modelHash), "policyHash": .string(policy.policyHash),
            "propensity": .number(1), "probabilities": probabilities,
        ])
    }

    private func name(_ place: Int) -> String {
        policy.policy.offers.indices.contains(place) ? policy.policy.offers[place].id : "\(place)"
    }

    private var cause: JSON {
        switch receipt.cause {
        case .timer(let offer, let kind):
            return .object([
                "type": .string("timer"), "offer": .string(name(offer)), "timer": .string(kind.name),
            ])
        case .delivery(let id):
            return .object(["type": .string("delivery"), "receipt": .string(id.description)])
        case .input: return inputCause
        }
    }

    private var inputCause: JSON {
        switch record.input {
        case .event(let incoming):
            .object([
                "type": .string("event"), "event": .string(incoming.event.name),
                "time": .string(incoming.event.time.description),
                "messageId": incoming.event.messageID.map { .string($0) },
            ])
        case .ask(let question):
            .object(["type": .string("ask"), "placement": question.placement.map { .string($0) }])
        case .tick: .object(["type": .string("tick")])
        }
    }

    private var outcome: JSON {
        switch receipt.outcome {
        case .offer(let place): .object(["type": .string("offer"), "offer": .string(name(place))])
        case .withheld(let place):
            .object([
                "type": .string("withheld"), "withheld": .string("holdout"), "offer": .string(name(place)),
            ])
        case .silence(let reason): .object(["type": .string("silence"), "reason": .string(reason.name)])
        case .released(let reason): .object(["type": .string("released"), "reason": .string(reason.name)])
        }
    }

    /// The way of the chosen offer: handed out at once, or waiting until a time.
    private var delivery: JSON? {
        let reserved = record.effects.lazy.compactMap { effect -> Delivery? in
            if case .reserve(let delivery) = effect { delivery } else { nil }
        }.first
        guard receipt.chosen != nil, let reserved else { return nil }
        let isHandedOut = record.effects.contains {
            if case .handOut(reserved.record, _) = $0 { true } else { false }
        }
        return .object([
            "channel": .string(policy.policy.offers[reserved.offer.index].channel),
            "handedOut": .boolean(isHandedOut), "validUntil": .string(reserved.validUntil.description),
        ])
    }

    /// The probability of every eligible action: nothing is drawn, so that it is 1 for what was done.
    private var probabilities: JSON {
        var members: [JSONMember] = []
        let chosen = receipt.chosen
        for candidate in receipt.candidates where candidate.isEligible {
            members.append(
                JSONMember(name: name(candidate.offer), value: .number(candidate.offer == chosen ? 1 : 0)))
        }
        members.append(JSONMember(name: "silence", value: .number(chosen == nil ? 1 : 0)))
        return .object(members)
    }

    private func candidate(_ candidate: StepReceipt.Candidate) -> JSON {
        let offer = policy.policy.offers[candidate.offer]
        var asked: String?
        if case .ask(let question) = record.input { asked = question.placement }
        let winner = receipt.chosen.map(name)
        let exclusions = candidate.exclusions.map { $0.filled(offer, asked: asked, winner: winner).document }
        var trace = FindingTrace(candidate.findings, probability: receipt.score?.probability)
        let trigger = offer.trigger.flatMap { trace.document($0) }
        let condition = trace.isAtEnd ? nil : trace.document(offer.condition)
        return .object([
            "offer": .string(offer.id), "excludedBy": .array(exclusions), "trigger": trigger,
            "when": condition,
        ])
    }
}

extension StepReceipt.Candidate {
    /// True if nothing but the expected gain and other offers stood in the offer's way.
    var isEligible: Bool {
        exclusions.allSatisfy {
            switch $0 {
            case .outranked, .net: true
            default: false
            }
        }
    }
}

extension PendingTimer.Kind {
    /// The name in receipts.
    var name: String {
        switch self {
        case .absence: "absence"
        case .held: "held"
        case .check: "check"
        }
    }
}

extension ProfileInput {
    /// The ids that the input names.
    public var ids: [ProfileID] {
        switch self {
        case .event(let incoming): incoming.ids
        case .ask(let question): question.ids
        case .tick: []
        }
    }
}
