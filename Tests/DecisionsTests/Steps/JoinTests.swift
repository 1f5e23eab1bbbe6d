import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetDocuments
import Testing

@Suite struct JoinTests {
    private let noon = Bench.noon
    private let absence = """
        {"id": "hello", "title": "Hello",
         "trigger": {"absence": {"after": "cart", "no": "purchase", "within": "1h"}}}
        """

    private func joined(_ bench: StepBench, _ other: StepBench, at time: Timestamp) -> Step {
        let context = StepContext(now: time, record: UInt64(bench.log.count + other.log.count + 1))
        return bench.stepper.join(&bench.profile, taking: other.profile, context)
    }

    @Test("the histories, messages and accounts of both are the known user's")
    func union() throws {
        let onCart =
            "{\"id\": \"hello\", \"title\": \"Hello\", \"trigger\": {\"event\": {\"name\": \"cart\"}}}"
        let known = try StepBench(json: StepBench.offers(onCart))
        let anonymous = try StepBench(known.policy.policy, id: .anonymous("a1"))
        known.event("page", at: noon)
        anonymous.event("cart", at: noon + 1_000)
        #expect(anonymous.offer == "hello")
        let other = try StepBench(known, id: .anonymous("a1"), like: anonymous)
        _ = joined(known, other, at: noon + 2_000)
        #expect(known.profile.history.count == 2)
        #expect(known.profile.ids == [.known("anna"), .anonymous("a1")])
        known.event("cart", at: noon + 3_000)
        #expect(known.rules() == ["spacing"])
    }

    @Test("a wait of one ends by an event of the other")
    func waits() throws {
        let known = try StepBench(json: StepBench.offers(absence))
        known.event("purchase", at: noon + .minutes(10))
        let anonymous = try StepBench(known.policy.policy, id: .anonymous("a1"))
        anonymous.event("cart", at: noon)
        #expect(anonymous.profile.timers.count == 1)
        let other = try StepBench(known, id: .anonymous("a1"), like: anonymous)
        _ = joined(known, other, at: noon + .minutes(11))
        #expect(known.profile.timers.isEmpty)
    }

    @Test("the holdout is drawn by the first id, so that a login moves nobody")
    func holdoutBeforeAndAfterLogin() throws {
        let onCart =
            "{\"id\": \"hello\", \"title\": \"Hello\", \"trigger\": {\"event\": {\"name\": \"cart\"}}}"
        let json = StepBench.offers(onCart, "\"holdout\": {\"share\": 0.5, \"key\": \"k\"}")
        for number in 0..<20 {
            let bench = try StepBench(json: json, id: .anonymous("device\(number)"))
            bench.event("cart", at: noon)
            let before = bench.lastStep.receipt?.outcome
            bench.event(
                "identify", at: noon + 1_000, ids: [.known("user\(number)"), .anonymous("device\(number)")])
            bench.event("cart", at: noon + .hours(1))
            #expect(bench.lastStep.receipt?.outcome == before)
        }
    }

    @Test("a join in the log repeats to the same profile")
    func repeats() throws {
        let known = try StepBench(json: StepBench.offers(absence))
        known.event("page", at: noon)
        let anonymous = try StepBench(known.policy.policy, id: .anonymous("a1"))
        anonymous.event("cart", at: noon + 1)
        let other = try StepBench(known, id: .anonymous("a1"), like: anonymous)
        var again = known.profile
        let step = joined(known, other, at: noon + 2_000)
        let record = try #require(step.record)
        let read = try DecisionRecord(number: record.header.number, packed: record.packed())
        #expect(read == record)
        again.apply(read, joined: other.profile)
        #expect(again.packed() == known.profile.packed())
    }
}
