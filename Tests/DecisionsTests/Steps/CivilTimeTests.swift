import LimpetDecisions
import LimpetEvents
import LimpetScoring
import LimpetFeatures
import LimpetDocuments
import LimpetTestSupport
import Testing

/// Days, quiet hours and zones, on the tables that others got wrong.
@Suite struct CivilTimeTests {
    private let onCart =
        "{\"id\": \"hello\", \"title\": \"Hello\", \"trigger\": {\"event\": {\"name\": \"cart\"}}}"

    private func time(_ text: String) throws -> Timestamp {
        try #require(TimeParser().parse(text)).timestamp
    }

    /// Returns at which times an offer is made to a user in a zone.
    private func made(_ times: [String], caps: String, zone: String) throws -> [Bool] {
        let bench = try StepBench(json: StepBench.offers(onCart, "\"caps\": \(caps)"))
        return try times.map { text in
            bench.event("cart", at: try time(text), zone: zone)
            return bench.offer != nil
        }
    }

    @Test("a rolling cap counts what is less than 24 hours ago")
    func rolling() throws {
        let made = try made(
            ["2025-01-15T12:00:00Z", "2025-01-16T11:59:59.999Z", "2025-01-16T12:00:00Z"],
            caps: "{\"perDay\": 1, \"day\": \"rolling\"}", zone: "America/New_York")
        #expect(made == [true, false, true])
    }

    @Test("a civil cap ends at the user's midnight: 23:00 and 00:00 are two days")
    func civil() throws {
        let made = try made(
            ["2025-01-15T22:59:00Z", "2025-01-15T23:30:00Z", "2025-01-16T22:59:59Z", "2025-01-16T23:00:00Z"],
            caps: "{\"perDay\": 1}", zone: "Europe/Amsterdam")
        #expect(made == [true, true, false, true])
    }

    @Test("days of 23 and of 25 hours are days")
    func shortAndLongDays() throws {
        let spring = try made(
            ["2025-03-29T23:00:00Z", "2025-03-30T21:59:59Z", "2025-03-30T22:00:00Z"],
            caps: "{\"perDay\": 1}", zone: "Europe/Amsterdam")
        #expect(spring == [true, false, true])
        let autumn = try made(
            ["2025-10-25T22:00:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"],
            caps: "{\"perDay\": 1}", zone: "Europe/Amsterdam")
        #expect(autumn == [true, false, true])
    }

    @Test("Lord Howe moves its clocks by half an hour")
    func lordHowe() throws {
        // Midnight is at 13:00 UTC in summer, and at 13:30 UTC from 2025-04-06 on.
        let made = try made(
            ["2025-04-05T13:00:00Z", "2025-04-06T13:29:59Z", "2025-04-06T13:30:00Z"],
            caps: "{\"perDay\": 1}", zone: "Australia/Lord_Howe")
        #expect(made == [true, false, true])
    }

    @Test("Apia skipped 30 December 2011")
    func apia() throws {
        // 29 December ended at 10:00 UTC on the 30th, and 31 December began.
        let made = try made(
            ["2011-12-30T09:59:00Z", "2011-12-30T10:00:00Z", "2011-12-31T09:59:59Z"],
            caps: "{\"perDay\": 1, \"spacing\": \"1ms\", \"perSession\": 100}", zone: "Pacific/Apia")
        #expect(made == [true, true, false])
    }

    @Test("who flies west gets no second day")
    func flying() throws {
        let bench = try StepBench(json: StepBench.offers(onCart, "\"caps\": {\"perDay\": 1}"))
        bench.event("cart", at: try time("2025-01-15T14:30:00Z"), zone: "Asia/Tokyo")
        #expect(bench.offer == "hello")
        // It is 00:30 of the 16th in Tokyo, and 10:30 of the 15th in New York.
        bench.event("cart", at: try time("2025-01-15T15:30:00Z"), zone: "America/New_York")
        #expect(bench.offer == nil)
        bench.event("cart", at: try time("2025-01-15T15:31:00Z"), zone: "Asia/Tokyo")
        #expect(bench.offer == "hello")
    }

    @Test("quiet hours are those of the clock on the wall, in winter and in summer")
    func quietHours() throws {
        let bench = try StepBench(json: StepBench.offers(onCart, "\"quietHours\": \"22:00-08:00\""))
        for (text, isQuiet) in [
            ("2025-01-15T06:59:59Z", true), ("2025-01-15T07:00:00Z", false), ("2025-07-15T05:59:59Z", true),
            ("2025-07-15T06:00:00Z", false), ("2025-07-15T19:59:59Z", false), ("2025-07-15T20:00:00Z", true),
        ] {
            bench.event("cart", at: try time(text), zone: "Europe/Amsterdam")
            #expect((bench.offer == nil) == isQuiet, "\(text)")
        }
    }

    @Test("no change of clocks shortens quiet hours")
    func changesOfClocks() throws {
        let zone = try TestZones.zone("Europe/Amsterdam")
        let night = try #require(CivilPeriod("22:00-02:30"))
        func end(_ text: String) throws -> String? {
            night.interval(containing: try time(text), in: zone)?.upperBound.description
        }
        // In spring 02:30 is skipped; in autumn it is shown twice, and the second is meant.
        #expect(try end("2025-03-30T00:00:00Z") == "2025-03-30T01:30:00Z")
        #expect(try end("2025-10-26T00:45:00Z") == "2025-10-26T01:30:00Z")
        #expect(try end("2025-10-26T01:30:00Z") == nil)
        #expect(try end("2025-01-15T00:00:00Z") == "2025-01-15T01:30:00Z")
    }

    @Test("in quiet hours the product's own offers are dropped; others are decided anew at their end")
    func held() throws {
        let mail = """
            {"id": "mail", "title": "Mail", "channel": "email", "goal": "purchase",
             "trigger": {"event": {"name": "cart"}}}
            """
        let bench = try StepBench(
            json: StepBench.offers("\(onCart), \(mail)", "\"quietHours\": \"22:00-08:00\""))
        bench.event("cart", at: try time("2025-01-15T23:00:00Z"))
        #expect(bench.rules("hello") == ["quietHours"])
        #expect(bench.rules("mail") == ["quietHours"])
        bench.tick(at: try time("2025-01-16T08:00:00Z"))
        #expect(bench.decidedOffers == ["mail"])
        bench.event("cart", at: try time("2025-01-16T23:00:00Z"))
        bench.event("purchase", at: try time("2025-01-16T23:30:00Z"))
        bench.tick(at: try time("2025-01-17T08:00:00Z"))
        #expect(bench.decidedOffers == ["mail"])
    }

    @Test("a late event buys no other session")
    func lateEvent() throws {
        let bench = try StepBench(
            json: StepBench.offers(
                onCart, "\"caps\": {\"perSession\": 1, \"spacing\": \"1ms\", \"perDay\": 100}"))
        bench.event("page", at: Bench.noon)
        bench.event("cart", at: Bench.noon + .minutes(40))
        #expect(bench.offer == "hello")
        // An event between joins both sessions to one: what was handed out counts for it.
        bench.event("page", at: Bench.noon + .minutes(20), arriving: Bench.noon + .minutes(41))
        bench.event("cart", at: Bench.noon + .minutes(42))
        #expect(bench.rules() == ["perSession"])
    }
}
