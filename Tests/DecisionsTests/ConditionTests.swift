import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetScoring
import Testing

@Suite struct ConditionTests {
    private let noon = Bench.noon
    private let yes = Condition.event(.any, within: nil, count: Bounds(atLeast: 1))
    private let no = Condition.event(.any, within: nil, count: Bounds(above: 1_000))

    /// Returns true if a condition holds at noon for a user with a fixed history.
    private func holds(_ condition: Condition) throws -> Bool {
        let offer = Policy.Offer(id: "a", title: "A", condition: condition)
        let bench = try Bench(Policy(offers: [offer]))
        bench.event("page", at: noon + -.hours(2), ["device": "mobile", "unused": "x"])
        bench.event("page", at: noon + -.hours(1), ["device": "desktop"])
        bench.event("page", at: noon + -.minutes(30))
        bench.event("offer_shown", at: noon + -.minutes(20), ["offer": "hello"])
        bench.event("cart", at: noon + -.minutes(10))
        return bench.ask(at: noon)?.offer == "a"
    }

    @Test("all holds when each does")
    func allHoldsWhenEachDoes() throws {
        for (left, right) in [(true, true), (true, false), (false, true), (false, false)] {
            let condition = Condition.all([left ? yes : no, right ? yes : no])
            #expect(try holds(condition) == (left && right))
        }
    }

    @Test("any holds when one does")
    func anyHoldsWhenOneDoes() throws {
        for (left, right) in [(true, true), (true, false), (false, true), (false, false)] {
            let condition = Condition.any([left ? yes : no, right ? yes : no])
            #expect(try holds(condition) == (left || right))
        }
    }

    @Test("not holds when the other does not")
    func notHoldsWhenTheOtherDoesNot() throws {
        #expect(try !holds(.not(yes)))
        #expect(try holds(.not(no)))
        #expect(try holds(.all([.not(.any([no, .not(yes)])), .any([.all([yes, no]), yes])])))
    }

    @Test("events count within half-open windows")
    func eventsCountWithinHalfOpenWindows() throws {
        let page = EventPattern(names: ["page"])
        func count(_ span: Int64, _ bounds: Bounds) throws -> Bool {
            try holds(.event(page, within: TimeSpan(milliseconds: span), count: bounds))
        }
        #expect(try count(.hours(2), Bounds(atLeast: 3, atMost: 3)))
        #expect(try count(.hours(2) - 1, Bounds(atLeast: 2, atMost: 2)))
        #expect(try count(.minutes(30) - 1, Bounds(below: 1)))
        #expect(try holds(.event(page, within: nil, count: Bounds(above: 2))))
        #expect(try !holds(.event(page, within: nil, count: Bounds(above: 3))))
    }

    @Test("any event means the user's own")
    func anyEventMeansTheUsersOwn() throws {
        #expect(try holds(.event(.any, within: nil, count: Bounds(atLeast: 4, atMost: 4))))
        #expect(try holds(.event(EventPattern(names: ["offer*"]), within: nil, count: Bounds(atLeast: 1))))
        #expect(
            try holds(.event(EventPattern(names: ["cart", "buy"]), within: nil, count: Bounds(atLeast: 1))))
    }

    @Test("features keep bounds")
    func featuresKeepBounds() throws {
        let tenMinutesInDays = 10.0 / (24 * 60)
        #expect(try holds(.feature(name: "recency_any", Bounds(atLeast: tenMinutesInDays))))
        #expect(try !holds(.feature(name: "recency_any", Bounds(above: tenMinutesInDays))))
        #expect(try holds(.feature(name: "count_purchase", Bounds(atMost: 0))))
        #expect(try holds(.category(name: "device", texts: ["tablet", "desktop"])))
        #expect(try !holds(.category(name: "device", texts: ["mobile"])))
    }

    @Test("properties are those of the latest event that carries them")
    func propertiesAreThoseOfTheLatestEventThatCarriesThem() throws {
        let page = EventPattern(names: ["page"])
        #expect(try holds(.property(name: "device", of: page, within: nil, texts: ["desktop"])))
        #expect(try !holds(.property(name: "device", of: page, within: nil, texts: ["mobile"])))
        let halfHour = TimeSpan(milliseconds: .minutes(31))
        #expect(try !holds(.property(name: "device", of: page, within: halfHour, texts: ["desktop"])))
        #expect(try !holds(.property(name: "nothing", of: page, within: nil, texts: [""])))
    }

    @Test("the score is the calibrated probability")
    func theScoreIsTheCalibratedProbability() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon + -.hours(2))
        let probability = try #require(bench.ask(at: noon)?.probability)
        for (bounds, expected) in [
            (Bounds(atLeast: probability), true), (Bounds(above: probability), false),
            (Bounds(atMost: probability), true), (Bounds(below: probability), false),
        ] {
            let offer = Policy.Offer(id: "a", title: "A", condition: .score(bounds))
            let bench = try Bench(Policy(offers: [offer]))
            bench.event("page", at: noon + -.hours(2))
            #expect((bench.ask(at: noon)?.offer == "a") == expected)
        }
    }

    @Test("missing numbers keep no bound")
    func missingNumbersKeepNoBound() {
        #expect(!Bounds(above: -1e300).contains(.nan))
        #expect(!Bounds().contains(.nan))
        #expect(Bounds().contains(1))
    }

    @Test("a trace shows what was needed and found")
    func aTraceShowsWhatWasNeededAndFound() throws {
        let text = #"""
            {"version": 1, "offers": [{"id": "a", "title": "A", "when": {"all": [
                {"event": {"name": "cart", "within": "1h", "atLeast": 2}}, {"score": {"below": 1}}]}}]}
            """#
        let bench = try Bench(Bench.policy(text))
        bench.event("cart", at: noon + -1_000)
        let asked = try #require(bench.ask(at: noon))
        #expect(asked.rules == [["condition"]])
        let trace = asked.document["candidates"]?.array?.first?["when"]
        let parts = try #require(trace?["all"]?.array ?? trace?["parts"]?.array, "\(asked.document.compact)")
        #expect(parts.map { $0["holds"]?.boolean } == [false, true])
        #expect(parts[0]["found"]?.integer == 1)
    }
}
