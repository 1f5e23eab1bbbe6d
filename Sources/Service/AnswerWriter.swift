import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetSequencing

/// The JSON of answers, for those who may see whole decisions and for those who may not.
struct AnswerWriter {
    let core: ServiceCore
    /// True for a server's key; false for the public one, which sees offers alone.
    let seesDecisions: Bool

    /// The parts of an answer about one input.
    struct Parts {
        var isDuplicate = false
        var isExpired = false
        var isUnknown = false
        var delivery: Delivery?
        var profile: UInt64 = 0
        var record: DecisionRecord?
        var receipt: Int?
    }

    /// Finds the parts of an answer; that of a repetition is read from the log.
    func parts(_ answer: InputAnswer) throws(ServiceError) -> Parts {
        var parts = Parts()
        switch answer {
        case .taken(let taken):
            (parts.delivery, parts.record, parts.profile) = (taken.delivery, taken.record, taken.profile)
        case .repetition(let number, let profile, _, let valid):
            parts.isDuplicate = true
            parts.profile = profile
            parts.record = try core.record(number)
            let handedOut = parts.record?.effects.compactMap { effect -> UInt64? in
                if case .handOut(let delivery, _) = effect { delivery } else { nil }
            }
            if let number = handedOut?.first {
                parts.delivery = valid.first { $0.record == number }
                parts.isExpired = parts.delivery == nil
            }
        case .unknown: parts.isUnknown = true
        case .refused, .erased: break
        }
        if parts.delivery?.isWithheld ?? false { parts.delivery = nil }
        parts.receipt = parts.record?.receipts.lastIndex { $0.cause == .input }
        return parts
    }

    /// The members that tell a decision.
    func members(_ parts: Parts) throws(ServiceError) -> [JSONMember] {
        var members = [JSONMember(name: "offer", value: try offer(parts))]
        if parts.isExpired { members.append(JSONMember(name: "expired", value: .boolean(true))) }
        if parts.isUnknown { members.append(JSONMember(name: "silence", value: .string("unknownUser"))) }
        guard seesDecisions else { return members }
        let receipt = parts.receipt.flatMap { parts.record?.receipts[$0] }
        guard let record = parts.record, let index = parts.receipt, let receipt else { return members }
        let scorer = core.policy.scorer
        members += [
            JSONMember(
                name: "probability", value: receipt.score.map { .number($0.probability) } ?? .null),
            JSONMember(name: "logOdds", value: receipt.score.map { .number($0.logOdds) } ?? .null),
            JSONMember(
                name: "reasons",
                value: .array(receipt.reasons.map { scorer.reason(of: $0).receiptDocument })),
            JSONMember(name: "receipt", value: try core.receipt(record, index)),
        ]
        return members
    }

    /// The offer that is shown now; null for none.
    private func offer(_ parts: Parts) throws(ServiceError) -> JSON {
        guard let delivery = parts.delivery, delivery.isInApp else { return .null }
        let offers: [Policy.Offer]
        do {
            offers = try core.generations.policy(delivery.offer.generation).policy.offers
        } catch {
            throw ServiceError(error)
        }
        guard offers.indices.contains(delivery.offer.index) else { return .null }
        let offer = offers[delivery.offer.index]
        // A delivery belongs to the profile that it was decided for, also after a join.
        let isOfRecord = parts.record?.header.number == delivery.record
        let owner = isOfRecord ? nil : core.owner(delivery.receiptID)
        let token = DeliveryToken(
            delivery.receiptID, profile: owner ?? parts.profile, secret: core.secrets.delivery)
        return .object([
            "id": .string(offer.id), "title": .string(offer.title),
            "body": offer.body.map { .string($0) }, "delivery": .string(token.description),
            "validUntil": .string(delivery.validUntil.description),
        ])
    }
}
