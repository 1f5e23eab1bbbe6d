import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// Real receipts, from a state machine of the smallest model.
final class Receipts {
    private let core: DecisionCore
    private var state: DecisionState

    init(user: String, isHeldOut: Bool = false) throws {
        let feature = Feature(name: "recency_any", kind: .recency)
        let label = Label(kind: .inactivity, events: .any, horizon: .days(28))
        let distribution = TrainingSummary.Distribution(counts: [1], missing: 0)
        let line = Term.Line(transform: .identity, coefficient: 0.5, offset: 0)
        let model = Model(
            kind: .logistic, source: .log(FeatureSet(features: [feature]), Population(), label),
            inputs: [Model.Input(name: "recency_any", isCategorical: false)], intercept: -1,
            terms: [Term(input: 0, shape: .line(line), missing: 1)], calibrator: .none,
            training: TrainingSummary(
                rows: 1, users: 1, positives: 0, inputs: [distribution], logOdds: distribution),
            evaluation: .object([:]), provenance: .object([:]))
        let offer = Policy.Offer(id: "hello", title: "Hello", condition: .score(Bounds(atLeast: 0)))
        let policy = Policy(holdout: Holdout(share: isHeldOut ? 1 : 0, key: "k"), offers: [offer])
        core = try DecisionCore(policy: policy, model: ModelFile.decode(ModelFile.encode(model).bytes))
        state = core.newState(for: user)
    }

    func event(_ time: Timestamp) {
        let event = Event(user: state.user, name: "page", time: time)
        _ = core.advance(&state, by: .event(event, decides: false), now: time)
    }

    func next(_ now: Timestamp) -> Receipt? {
        core.advance(&state, by: .ask(placement: nil), now: now)
    }
}
