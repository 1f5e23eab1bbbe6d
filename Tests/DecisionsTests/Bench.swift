import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetTestSupport

/// A user of a policy of version 1 under test, and short ways to drive the state machine.
final class Bench {
    let steps: StepBench

    static let noon = TestPolicy.noon

    init(_ policy: Policy, user: String = "anna", model: ModelFile.Verified? = nil) throws {
        steps = try StepBench(policy, id: .known(user), model: model)
    }

    private init(_ other: Bench) throws {
        steps = try StepBench(other.steps, id: other.steps.profile.ids[0], like: other.steps)
    }

    /// A bench that goes its own way from here.
    func copy() throws -> Bench { try Bench(self) }

    static func policy(_ json: String) throws -> Policy { try TestPolicy.read(json) }

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
        steps.event(name, at: time, properties, offset: zone)
    }

    func ask(at now: Timestamp, placement: String? = nil) -> Asked? {
        guard let record = steps.ask(at: now, placement: placement).record else { return nil }
        return Asked(record, policy: steps.policy)
    }

    /// Returns true if an offer is shown.
    func isShown(at now: Timestamp) -> Bool { ask(at: now)?.outcome == "offer" }

    /// The rules that keep back the first offer.
    func rules(at now: Timestamp) -> [String] { ask(at: now)?.rules.first ?? ["no receipt"] }
}

/// The receipt of a question, as its JSON tells it.
struct Asked: Equatable {
    let document: JSON
    let record: DecisionRecord

    init?(_ record: DecisionRecord, policy: CompiledPolicy) {
        guard let index = record.receipts.lastIndex(where: { $0.cause == .input }) else { return nil }
        document = ReceiptDocument(record, index: index, policy: policy, user: "").json
        self.record = record
    }

    var outcome: String { document["outcome"]?["type"]?.text ?? "" }
    var offer: String? { document["outcome"]?["offer"]?.text }
    var reason: String? { document["outcome"]?["reason"]?.text }
    var time: String { document["time"]?.text ?? "" }
    var probability: Double? { document["probability"]?.double }
    /// The rules that exclude each offer, by their names.
    var rules: [[String]] {
        (document["candidates"]?.array ?? []).map { candidate in
            (candidate["excludedBy"]?.array ?? []).compactMap { $0["rule"]?.text }
        }
    }
    /// The rules that exclude the first offer, in words.
    var sentences: [String] {
        (document["candidates"]?.array?.first?["excludedBy"]?.array ?? []).compactMap { $0["text"]?.text }
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
