import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetDocuments
import Testing

@Suite struct ConsentTests {
    private let noon = Bench.noon
    private let required = """
        {"version": 2, "offers": [
          {"id": "hello", "title": "Hello", "trigger": {"event": {"name": "cart"}}},
          {"id": "mail", "title": "Mail", "channel": "email", "trigger": {"event": {"name": "cart"}}}]}
        """

    private func yes(_ purposes: String...) -> [IncomingEvent.Statement] {
        purposes.map { IncomingEvent.Statement($0, true) }
    }

    @Test("consent that was not given is refused, and events are not even collected")
    func absentIsNo() throws {
        let bench = try StepBench(json: required)
        let step = bench.event("cart", at: noon)
        #expect(step.verdict == .refused)
        #expect(step.record == nil)
        #expect(bench.profile.history.count == 0)
        bench.event("cart", at: noon + 1, consent: yes("collect"))
        #expect(bench.rules() == ["consent"])
        bench.event("cart", at: noon + 2, consent: yes("personalise"))
        #expect(bench.offer == "hello")
        #expect(bench.rules("mail") == ["consent"])
    }

    @Test("a refusal of collection is kept, and the event is not")
    func refusal() throws {
        let bench = try StepBench(json: required)
        bench.event("cart", at: noon, consent: yes("collect", "personalise"))
        let step = bench.event("page", at: noon + 1, consent: [IncomingEvent.Statement("collect", false)])
        #expect(step.verdict == .refused)
        #expect(bench.profile.history.count == 1)
        #expect(bench.profile.consent.answer(about: "collect") == false)
    }

    @Test("of two statements of one time no wins, and an anonymous yes never overrules a known no")
    func precedence() {
        var consent = ConsentStatements()
        func take(_ isGiven: Bool, at time: Int64, known: Bool) -> Bool? {
            consent.take(
                ConsentStatements.Statement(
                    purpose: "personalise", isGiven: isGiven, time: Timestamp(milliseconds: time),
                    isFromKnown: known))
            return consent.answer(about: "personalise")
        }
        #expect(take(true, at: 10, known: true) == true)
        #expect(take(false, at: 10, known: true) == false)
        #expect(take(true, at: 10, known: true) == false)
        #expect(take(true, at: 20, known: false) == false)
        #expect(take(true, at: 20, known: true) == true)
        #expect(take(false, at: 15, known: true) == true)
    }

    @Test("an objection stops scores and offers for good, and keeps the ledger")
    func objection() throws {
        let bench = try StepBench(
            json: StepBench.offers(
                "{\"id\": \"hello\", \"title\": \"T\", \"when\": {\"score\": {\"atLeast\": 0}}}"))
        bench.event("page", at: noon)
        bench.ask(at: noon + 1)
        #expect(bench.offer == "hello")
        bench.event(ReservedEvent.objection, at: noon + 2, flags: .own)
        bench.ask(at: noon + .hours(24))
        #expect(bench.offer == nil)
        #expect(bench.lastStep.receipt?.score == nil)
        #expect(bench.rules().contains("consent"))
        #expect(bench.profile.ledger.deliveries.count == 1)
    }
}
