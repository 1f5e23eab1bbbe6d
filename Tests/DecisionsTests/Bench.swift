import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetTestSupport

/// A state machine for one user under test, and short ways to drive it.
final class Bench {
    let core: DecisionCore
    var state: DecisionState

    /// 2025-01-15T12:00:00Z, a Wednesday.
    static let noon = TestPolicy.noon

    init(_ policy: Policy, user: String = "anna", model: ModelFile.Verified? = nil) throws {
        core = try DecisionCore(policy: policy, model: try model ?? TestModel.verified())
        state = core.newState(for: user)
    }

    private init(_ other: Bench) { (core, state) = (other.core, other.state) }

    /// A bench that goes its own way from here.
    func copy() -> Bench { Bench(self) }

    static func policy(_ json: String) throws -> Policy {
        try TestPolicy.read(json)
    }

    /// A policy of one offer that every user of the model may get.
    static func open(_ caps: Caps = Caps(), cooldown: TimeSpan? = nil, holdout: Holdout? = nil) -> Policy {
        let always = Condition.score(Bounds(atLeast: 0))
        return Policy(
            caps: caps, holdout: holdout,
            offers: [Policy.Offer(id: "hello", title: "Hello", cooldown: cooldown, condition: always)])
    }

    func event(
        _ name: String, at time: Timestamp, _ properties: VerbatimDictionary<String> = [:], zone: Int? = nil
    ) {
        let event = Event(
            user: state.user, name: name, time: time, zoneOffsetMinutes: zone, properties: properties)
        _ = core.advance(&state, by: .event(event, decides: false), now: time)
    }

    func ask(at now: Timestamp, placement: String? = nil) -> Receipt? {
        core.advance(&state, by: .ask(placement: placement), now: now)
    }

    /// Returns true if an offer is shown.
    func isShown(at now: Timestamp) -> Bool {
        ask(at: now)?.outcome.name == "offer"
    }

    /// The rules that keep back the first offer.
    func rules(at now: Timestamp) -> [String] {
        ask(at: now)?.candidates.first?.exclusions.map(\.rule) ?? ["no receipt"]
    }
}

extension Timestamp {
    static func + (time: Timestamp, milliseconds: Int64) -> Timestamp {
        time + TimeSpan(milliseconds: milliseconds)
    }
}

extension Int64 {
    static func minutes(_ count: Int64) -> Int64 { count * 60_000 }
    static func hours(_ count: Int64) -> Int64 { count * 3_600_000 }
}
