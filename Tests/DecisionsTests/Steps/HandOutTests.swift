import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetDocuments
import Testing

/// Reservations, their hand-out, and what takes them back.
@Suite struct HandOutTests {
    private let noon = Bench.noon
    private let onCart =
        "{\"id\": \"hello\", \"title\": \"Hello\", \"trigger\": {\"event\": {\"name\": \"cart\"}}}"

    @Test("an offer on an event comes in its answer")
    func inTheAnswer() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        bench.event("cart", at: noon)
        #expect(bench.offer == "hello")
        #expect(bench.log.count == 1)
        #expect(bench.log[0].effects.contains { if case .handOut = $0 { true } else { false } })
    }

    @Test("an offer of a batch waits for the next event or question")
    func ofABatch() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        bench.event("cart", at: noon, isAnswered: false)
        #expect(bench.offer == nil)
        #expect(bench.profile.ledger.waiting.count == 1)
        bench.event("page", at: noon + 1_000)
        #expect(bench.offer == "hello")
        #expect(bench.profile.ledger.waiting.isEmpty)
        bench.ask(at: noon + 2_000)
        #expect(bench.offer == nil)
    }

    @Test("a reservation that runs out gives everything back, with a receipt")
    func expired() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        bench.event("cart", at: noon, isAnswered: false)
        bench.tick(at: noon + .minutes(10))
        #expect(bench.log.last?.receipts.map(\.outcome) == [.released(.expired)])
        bench.event("cart", at: noon + (.minutes(10) + 1))
        #expect(bench.offer == "hello")
    }

    @Test("two offers in one millisecond: one goes, and the other's receipt says spacing")
    func twoInOneMillisecond() throws {
        let other =
            "{\"id\": \"other\", \"title\": \"Other\", \"trigger\": {\"event\": {\"name\": \"view\"}}}"
        let bench = try StepBench(json: StepBench.offers("\(onCart), \(other)"))
        bench.event("cart", at: noon)
        bench.event("view", at: noon)
        #expect(bench.offer == nil)
        #expect(bench.rules("other") == ["spacing"])
    }

    @Test("unsubscribed between decision and hand-out: not sent, and given back")
    func unsubscribed() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        bench.event("cart", at: noon, isAnswered: false)
        bench.event("page", at: noon + 1_000, consent: [IncomingEvent.Statement("personalise", false)])
        #expect(bench.offer == nil)
        #expect(bench.profile.ledger.deliveries.isEmpty)
        #expect(bench.log.last?.receipts.map(\.outcome) == [.released(.consent)])
    }

    @Test("the goal ends what waits for it")
    func goal() throws {
        let json = """
            {"id": "hello", "title": "Hello", "goal": "purchase",
             "trigger": {"absence": {"after": "cart", "no": "remove", "within": "1h"}}}
            """
        let bench = try StepBench(json: StepBench.offers(json))
        bench.event("cart", at: noon)
        bench.event("purchase", at: noon + .minutes(1))
        #expect(bench.profile.timers.isEmpty)
        bench.event("cart", at: noon + .hours(2))
        bench.tick(at: noon + (.hours(3) + 2_000))
        #expect(bench.profile.ledger.waiting.count == 1)
        bench.event("purchase", at: noon + (.hours(3) + 3_000))
        #expect(bench.offer == nil)
        #expect(bench.log.last?.receipts.map(\.outcome) == [.released(.goal)])
    }

    @Test("a user in the holdout is charged and gets nothing")
    func holdout() throws {
        let bench = try StepBench(
            json: StepBench.offers(onCart, "\"holdout\": {\"share\": 1, \"key\": \"k\"}"))
        bench.event("cart", at: noon)
        #expect(bench.offer == nil)
        #expect(bench.lastStep.receipt?.outcome == .withheld(0))
        #expect(bench.profile.ledger.deliveries.first?.handOut != nil)
        bench.event("cart", at: noon + 1_000)
        #expect(bench.rules() == ["spacing"])
    }

    @Test("a repetition changes nothing, and another content is a conflict")
    func repetition() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        var event = IncomingEvent(ids: bench.profile.ids, event: Event(user: "", name: "cart", time: noon))
        event.message = MessageHash(id: 7, content: 1)
        bench.take(.event(event), at: noon)
        let before = bench.profile.packed()
        let again = bench.take(.event(event), at: noon + 5_000)
        #expect(again.verdict == .repetition(MessageMemory.Repetition(record: 1, isConflict: false)))
        #expect(again.record == nil)
        event.message = MessageHash(id: 7, content: 2)
        let other = bench.take(.event(event), at: noon + 6_000)
        #expect(other.verdict == .repetition(MessageMemory.Repetition(record: 1, isConflict: true)))
        #expect(bench.profile.packed() == before)
    }

    @Test("waits after dismissals double, and the fifth hides the offer; a click begins anew")
    func backoff() throws {
        let loose = "\"caps\": {\"spacing\": \"1ms\", \"perSession\": 1000, \"perDay\": 1000}"
        let bench = try StepBench(json: StepBench.offers(onCart, loose))
        var time = noon
        for count in 1...5 {
            bench.event("cart", at: time)
            #expect(bench.offer == "hello", "\(count)")
            guard let record = bench.lastStep.delivery?.record else { return }
            for _ in 0..<2 {
                bench.event(
                    "offer_dismissed", at: time, feedback: DeliveryFeedback(record: record, kind: .dismissed))
            }
            guard count < 5 else { break }
            let wait = TimeSpan.days(1 << Int64(count - 1))
            bench.event("cart", at: time + (wait.milliseconds - 1))
            #expect(bench.rules() == ["backoff"])
            time = time + wait.milliseconds
        }
        bench.event("cart", at: time + .hours(24 * 365))
        #expect(bench.rules() == ["hidden"])
        let record = bench.profile.ledger.deliveries.last?.record ?? 0
        bench.event(
            "offer_clicked", at: time + .hours(24 * 365),
            feedback: DeliveryFeedback(record: record, kind: .clicked))
        bench.event("cart", at: time + .hours(24 * 366))
        #expect(bench.offer == "hello")
    }

    @Test("a silence towards all says so in every receipt")
    func silence() throws {
        let bench = try StepBench(json: StepBench.offers(onCart))
        bench.silence = .admin
        bench.event("cart", at: noon)
        #expect(bench.offer == nil)
        #expect(bench.rules() == ["silence"])
        #expect(bench.lastStep.receipt?.outcome == .silence(.stopped))
    }

    @Test("the highest gain above 0 goes, and equal gains by priority")
    func net() throws {
        func offer(_ id: String, _ rest: String) -> String {
            "{\"id\": \"\(id)\", \"title\": \"T\", \"trigger\": {\"event\": {\"name\": \"cart\"}}, \(rest)}"
        }
        let bench = try StepBench(
            json: StepBench.offers(
                [
                    offer("dear", "\"value\": 10, \"effect\": 0.1, \"cost\": 1"),
                    offer("small", "\"value\": 10, \"effect\": 0.1, \"cost\": 0.5, \"priority\": 9"),
                    offer("large", "\"value\": 100, \"effect\": 0.1, \"cost\": 0.5"),
                ].joined(separator: ", ")))
        bench.event("cart", at: noon)
        #expect(bench.offer == "large")
        #expect(bench.rules("dear") == ["net"])
        #expect(bench.rules("small") == ["outranked"])
    }
}
