import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The data of the service about one user at a time.
struct UserProfile: Sendable {
    let user: String
    let time: Timestamp
    /// The score; nil where the user is not in the model's population.
    let score: Scorer.Score?
    let reasons: [Reason]
    let isHeldOut: Bool
    /// The number of events before ``time``.
    let eventCount: Int
    let lastEvent: Timestamp?
    let decisionCount: Int
    let exposures: [AttentionLedger.Exposure]

    private static let reasonCount = 3

    init(_ state: DecisionState, core: DecisionCore, at time: Timestamp) {
        let events = state.history.events
        user = state.user
        self.time = time
        score = core.score(state, at: time)
        reasons =
            score == nil ? [] : core.scorer.reasons(state.history.features(at: time), count: Self.reasonCount)
        isHeldOut = core.policy.holdout?.contains(state.user) ?? false
        eventCount = events.partitioningIndex { $0.time >= time }
        lastEvent = eventCount > 0 ? events[eventCount - 1].time : nil
        decisionCount = state.decisionCount
        exposures = state.ledger.exposures
    }

    /// The score alone, as `POST /v1/score` responds.
    var scoreDocument: JSON {
        .object([
            "userId": .string(user), "at": .string(time.description), "inPopulation": .boolean(score != nil),
            "probability": score.map { .number($0.probability) } ?? .null,
            "logOdds": score.map { .number($0.logOdds) } ?? .null,
            "reasons": .array(reasons.map(\.receiptDocument)),
        ])
    }

    /// The whole profile, as `GET /v1/users/{id}` responds.
    var document: JSON {
        .object([
            "userId": .string(user), "score": scoreDocument, "holdout": .boolean(isHeldOut),
            "events": .number(eventCount), "lastEvent": lastEvent.map { .string($0.description) },
            "decisions": .number(decisionCount), "ledger": .array(exposures.map(\.document)),
        ])
    }
}

extension AttentionLedger.Exposure {
    fileprivate var document: JSON {
        .object([
            "offer": .string(offer), "time": .string(time.description), "withheld": .boolean(isWithheld),
        ])
    }
}
