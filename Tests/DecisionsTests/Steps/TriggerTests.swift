import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetDocuments
import Testing

/// Triggers of the field's usual rules, also where the cancelling event came before the one that starts them.
@Suite struct TriggerTests {
    private let noon = Bench.noon
    private let loose = "\"caps\": {\"spacing\": \"1ms\", \"perSession\": 1000, \"perDay\": 1000}"

    private func bench(_ trigger: String, _ rest: String = "") throws -> StepBench {
        let more = rest.isEmpty ? "" : ", " + rest
        return try StepBench(
            json: StepBench.offers(
                "{\"id\": \"hello\", \"title\": \"Hello\", \"trigger\": \(trigger)\(more)}", loose))
    }

    @Test("help comes with the second failed attempt, not with the first")
    func secondFailure() throws {
        let bench = try bench(
            "{\"event\": {\"name\": \"attempt_failed\", \"nth\": 2, \"within\": \"30m\", \"since\": "
                + "\"succeeded\"}}"
        )
        bench.event("attempt_failed", at: noon)
        #expect(bench.offer == nil)
        #expect(bench.lastStep.receipt == nil)
        bench.event("attempt_failed", at: noon + 60_000)
        #expect(bench.offer == "hello")
        bench.event("attempt_failed", at: noon + 120_000)
        #expect(bench.offer == nil)
    }

    @Test("a success between two failures begins the count anew")
    func successBetween() throws {
        let bench = try bench(
            "{\"event\": {\"name\": \"attempt_failed\", \"nth\": 2, \"since\": \"succeeded\"}}")
        bench.event("attempt_failed", at: noon)
        bench.event("succeeded", at: noon + 1_000)
        bench.event("attempt_failed", at: noon + 2_000)
        #expect(bench.offer == nil)
        bench.event("attempt_failed", at: noon + 3_000)
        #expect(bench.offer == "hello")
    }

    @Test("fifteen seconds on a help page without a click, also after a click before it")
    func dwellOnHelpPage() throws {
        let json = "{\"dwell\": {\"on\": \"help_viewed\", \"for\": \"15s\", \"without\": \"click\"}}"
        let bench = try bench(json)
        bench.event("click", at: noon + -1_000)
        bench.event("help_viewed", at: noon)
        #expect(bench.profile.wakeUp == noon + 17_000)
        bench.tick(at: noon + 16_999)
        #expect(bench.decidedOffers == [])
        bench.tick(at: noon + 17_000)
        #expect(bench.decidedOffers == ["hello"])
        let other = try self.bench(json)
        other.event("help_viewed", at: noon)
        other.event("click", at: noon + 15_000)
        other.tick(at: noon + 60_000)
        #expect(other.decidedOffers == [])
    }

    @Test("a cart that is left gets help after an hour, once, and not when it was bought")
    func cartLeft() throws {
        let json = "{\"absence\": {\"after\": \"cart_added\", \"no\": \"purchase\", \"within\": \"1h\"}}"
        let bench = try bench(json)
        bench.event("purchase", at: noon + -1_000)
        bench.event("cart_added", at: noon)
        bench.tick(at: noon + (.hours(1) + 1_999))
        #expect(bench.decidedOffers == [])
        bench.tick(at: noon + (.hours(1) + 2_000))
        bench.tick(at: noon + (.hours(1) + 3_000))
        #expect(bench.decidedOffers == ["hello"])
        let other = try self.bench(json)
        other.event("cart_added", at: noon)
        other.event("purchase", at: noon + .hours(1))
        other.tick(at: noon + .hours(2))
        #expect(other.decidedOffers == [])
    }

    @Test("a purchase in time that arrives within the grace still ends the wait; later it is counted")
    func lateCancel() throws {
        let json = "{\"absence\": {\"after\": \"cart_added\", \"no\": \"purchase\", \"within\": \"1h\"}}"
        let bench = try bench(json)
        bench.event("cart_added", at: noon)
        bench.event("purchase", at: noon + .hours(1), arriving: noon + (.hours(1) + 1_500))
        bench.tick(at: noon + .hours(2))
        #expect(bench.decidedOffers == [])
        let other = try self.bench(json)
        other.event("cart_added", at: noon)
        other.tick(at: noon + (.hours(1) + 2_000))
        other.event("purchase", at: noon + .minutes(59), arriving: noon + (.hours(1) + 3_000))
        #expect(other.log.last?.effects.contains { if case .lateCancel = $0 { true } else { false } } == true)
        #expect(other.decidedOffers == ["hello"])
    }

    @Test("a late start waits only where its deadline lies ahead and nothing has ended it")
    func lateStart() throws {
        let json = "{\"absence\": {\"after\": \"cart_added\", \"no\": \"purchase\", \"within\": \"1h\"}}"
        let bench = try bench(json)
        bench.event("purchase", at: noon + .minutes(10))
        bench.event("cart_added", at: noon, arriving: noon + .minutes(20))
        #expect(bench.profile.timers.isEmpty)
        bench.event("cart_added", at: noon + .minutes(11), arriving: noon + .minutes(21))
        #expect(bench.profile.timers.map(\.deadline) == [noon + .minutes(71)])
        bench.event("cart_added", at: noon + -.hours(2), arriving: noon + .minutes(22))
        #expect(bench.profile.timers.map(\.deadline) == [noon + .minutes(71)])
    }

    @Test("a further start restarts the wait, or does not", arguments: [("last", 70), ("first", 60)])
    func restart(word: String, minutes: Int64) throws {
        let bench = try bench(
            "{\"absence\": {\"after\": \"cart_added\", \"no\": \"purchase\", \"within\": \"1h\", "
                + "\"restart\": \"\(word)\"}}"
        )
        bench.event("cart_added", at: noon)
        bench.event("cart_added", at: noon + .minutes(10))
        #expect(bench.profile.timers.map(\.deadline) == [noon + .minutes(minutes)])
    }

    @Test("an absence that comes due too late leaves a receipt and no offer")
    func stale() throws {
        let bench = try bench(
            "{\"absence\": {\"after\": \"cart_added\", \"no\": \"purchase\", \"within\": \"5m\"}}")
        bench.event("cart_added", at: noon)
        bench.tick(at: noon + (.minutes(10) + 2_001))
        #expect(bench.log.last?.receipts.map(\.outcome) == [.silence(.stale)])
        #expect(bench.profile.timers.isEmpty)
    }

    @Test("two weeks without any event")
    func inactivity() throws {
        let bench = try bench("{\"inactivity\": {\"for\": \"14d\"}}")
        bench.event("page", at: noon)
        bench.event("page", at: noon + .hours(1))
        bench.tick(at: noon + (.hours(14 * 24 + 1) + 2_000))
        #expect(bench.decidedOffers == ["hello"])
    }

    @Test("mobile, in the evening, and certain categories viewed")
    func context() throws {
        let bench = try bench(
            "{\"event\": {\"name\": \"page\"}}",
            """
            "when": {"all": [{"device": "mobile"}, {"timeOfDay": "18:00-23:00"},
              {"event": {"name": "page", "where": {"category": ["shoes", "bags"]}, "within": "1d",
                          "atLeast": 2}}]}
            """)
        let mobile: (String) -> VerbatimDictionary<String> = {
            ["context.device.type": "mobile", "category": $0]
        }
        // Noon in UTC is 21:00 in Tokyo.
        bench.event("page", at: noon, mobile("shoes"), zone: "Asia/Tokyo")
        #expect(bench.rules() == ["condition"])
        bench.event("page", at: noon + 1_000, mobile("bags"), zone: "Asia/Tokyo")
        #expect(bench.offer == "hello")
        bench.event("page", at: noon + 2_000, mobile("bags"), zone: "Europe/Amsterdam")
        #expect(bench.rules() == ["condition"])
    }

    @Test("bounds of a property's number are exact")
    func numericBounds() throws {
        let bench = try bench(
            "{\"event\": {\"name\": \"cart\", \"where\": {\"total\": {\"above\": 49.9, \"atMost\": 100}}}}")
        let totals = [("49.9", false), ("49.900001", true), ("100.00", true), ("100.01", false), ("", false)]
        for (place, (total, isMade)) in totals.enumerated() {
            bench.event("cart", at: noon + Int64(place), ["total": total])
            #expect((bench.offer != nil) == isMade, "\(total)")
        }
    }

    @Test("a score's level fires when it is reached, and again only after it fell")
    func scoreLevel() throws {
        let bench = try bench("{\"score\": {\"atLeast\": 0.4, \"until\": 0.3}}")
        bench.event("page", at: noon)
        bench.event("page", at: noon + 1_000)
        let first = bench.decidedOffers.count
        // After a long silence the risk is higher.
        bench.tick(at: noon + .hours(24 * 30))
        bench.tick(at: noon + .hours(24 * 31 + 1))
        #expect(bench.decidedOffers.count == first + 1)
        bench.event("page", at: noon + .hours(24 * 32))
        bench.event("page", at: noon + (.hours(24 * 32) + 1_000))
        #expect(bench.profile.levels.isEmpty)
    }

    @Test("a queue of last week changes the history and triggers nothing")
    func lastWeeksQueue() throws {
        let bench = try bench("{\"event\": {\"name\": \"cart_added\"}}")
        for day in 0..<7 {
            bench.event("cart_added", at: noon + -.hours(24 * Int64(7 - day)), arriving: noon)
        }
        #expect(bench.decidedOffers == [])
        #expect(bench.profile.history.count == 7)
        bench.event("cart_added", at: noon + -.minutes(5), arriving: noon)
        #expect(bench.decidedOffers == ["hello"])
    }

    @Test("an event whose clock was corrected triggers nothing")
    func correctedClock() throws {
        let bench = try bench("{\"event\": {\"name\": \"cart_added\"}}")
        bench.event("cart_added", at: noon, flags: .corrected)
        #expect(bench.decidedOffers == [])
    }
}
