import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

extension ProfileView {
    /// The score alone, as `POST /v1/score` responds.
    func scoreDocument(_ user: String) -> JSON {
        .object([
            "userId": .string(user), "at": .string(time.description), "inPopulation": .boolean(score != nil),
            "probability": score.map { .number($0.probability) } ?? .null,
            "logOdds": score.map { .number($0.logOdds) } ?? .null,
            "reasons": .array(reasons.map(\.receiptDocument)),
        ])
    }

    /// The whole user, as `GET /v1/users/{id}` responds.
    func document(_ profile: Profile, user: String, policy: CompiledPolicy) -> JSON {
        .object([
            "userId": .string(user),
            "ids": .array(
                profile.ids.map { id in
                    .object([
                        "kind": .string(id.kind == .known ? "userId" : "anonymousId"), "id": .string(id.text),
                    ])
                }),
            "score": scoreDocument(user), "holdout": .boolean(isHeldOut),
            "events": .number(profile.history.count),
            "lastEvent": profile.history.lastTime.map { .string($0.description) },
            "decisions": .number(profile.decisionCount),
            "ledger": .array(profile.ledger.deliveries.map { $0.document(policy) }),
            "timers": .array(
                profile.timers.map { timer in
                    .object([
                        "offer": .string(policy.name(ofOffer: timer.offerKey) ?? ""),
                        "due": .string(timer.due.description),
                    ])
                }),
            "consent": .object(
                profile.consent.statements.map {
                    JSONMember(name: $0.purpose, value: .boolean($0.isGiven))
                }),
            "hasObjected": .boolean(profile.consent.hasObjected),
        ])
    }
}

extension Delivery {
    fileprivate func document(_ policy: CompiledPolicy) -> JSON {
        .object([
            "receipt": .string(receiptID.description),
            "offer": .string(policy.name(ofOffer: offerKey) ?? ""),
            "reserved": .string(reserved.description), "validUntil": .string(validUntil.description),
            "handedOut": handOut.map { .string($0.time.description) },
            "withheld": .boolean(isWithheld), "dismissed": .boolean(isDismissed),
        ])
    }
}

extension CompiledPolicy {
    /// Returns the id of the offer with a key; nil when the policy has none any more.
    fileprivate func name(ofOffer key: UInt64) -> String? {
        policy.offers.first { TextKey($0.id).rawValue == key }?.id
    }
}
