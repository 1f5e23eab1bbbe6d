import LimpetDecisions
import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct CapRulesTests {
    private let noon = Bench.noon
    /// Caps that only the one under test can reach.
    private let loose = Caps(
        perSession: 1_000, spacing: TimeSpan(milliseconds: 1), perDay: 1_000)

    private func bench(_ caps: Caps, cooldown: TimeSpan? = nil) throws -> Bench {
        let bench = try Bench(Bench.open(caps, cooldown: cooldown))
        bench.event("page", at: noon + -1_000)
        return bench
    }

    @Test("spacing allows exactly ten minutes later")
    func spacingAllowsExactlyTenMinutesLater() throws {
        let early = try bench(Caps(perSession: 100, perDay: 100))
        #expect(early.isShown(at: noon))
        let late = try early.copy()
        #expect(early.rules(at: noon + (.minutes(10) - 1)) == ["spacing"])
        #expect(late.isShown(at: noon + .minutes(10)))
    }

    @Test("spacing names its numbers")
    func spacingNamesItsNumbers() throws {
        let bench = try bench(Caps(perSession: 100, perDay: 100))
        _ = bench.ask(at: noon)
        let sentences = bench.ask(at: noon + 184_000)?.sentences
        #expect(sentences == ["spacing: 184 s since the last, 600 s needed"])
        let others = bench.ask(at: noon + 184_056)?.sentences
        #expect(others == ["spacing: 184.056 s since the last, 600 s needed"])
    }

    @Test("two exposures in a session and not three")
    func twoExposuresInASessionAndNotThree() throws {
        let bench = try bench(Caps(spacing: TimeSpan(milliseconds: 1), perDay: 100))
        #expect(bench.isShown(at: noon))
        #expect(bench.isShown(at: noon + .minutes(1)))
        #expect(bench.rules(at: noon + .minutes(2)) == ["perSession"])
    }

    @Test("a session lasts through exactly thirty minutes of silence")
    func aSessionLastsThroughExactlyThirtyMinutesOfSilence() throws {
        let same = try bench(Caps(perSession: 1, spacing: TimeSpan(milliseconds: 1), perDay: 100))
        #expect(same.isShown(at: noon))
        let next = try same.copy()
        same.event("page", at: noon + (-1_000 + .minutes(30)))
        #expect(same.rules(at: noon + .minutes(31)) == ["perSession"])
        next.event("page", at: noon + (-1_000 + .minutes(30) + 1))
        #expect(next.isShown(at: noon + .minutes(31)))
    }

    @Test("events of the service do not extend a session")
    func eventsOfTheServiceDoNotExtendASession() throws {
        let bench = try bench(Caps(perSession: 1, spacing: TimeSpan(milliseconds: 1), perDay: 100))
        #expect(bench.isShown(at: noon))
        bench.event("offer_shown", at: noon + .minutes(20))
        bench.event("page", at: noon + .minutes(40))
        #expect(bench.isShown(at: noon + .minutes(41)))
    }

    @Test("the cap holds in the silence after a session")
    func theCapHoldsInTheSilenceAfterASession() throws {
        let bench = try bench(Caps(perSession: 1, spacing: TimeSpan(milliseconds: 1), perDay: 100))
        #expect(bench.isShown(at: noon))
        #expect(bench.isShown(at: noon + .minutes(35)))
        #expect(bench.rules(at: noon + .hours(5)) == ["perSession"])
        bench.event("page", at: noon + .hours(6))
        #expect(bench.isShown(at: noon + (.hours(6) + 1)))
    }

    @Test("a late event joins two sessions")
    func aLateEventJoinsTwoSessions() throws {
        let bench = try bench(Caps(perSession: 1, spacing: TimeSpan(milliseconds: 1), perDay: 100))
        #expect(bench.isShown(at: noon))
        bench.event("page", at: noon + .minutes(50))
        let joined = try bench.copy()
        #expect(bench.isShown(at: noon + .minutes(51)))
        joined.event("page", at: noon + .minutes(25))
        #expect(joined.rules(at: noon + .minutes(51)) == ["perSession"])
    }

    @Test("three exposures on a civil day and not four")
    func threeExposuresOnACivilDayAndNotFour() throws {
        let bench = try bench(Caps(perSession: 100))
        for minute in [0, 10, 20] as [Int64] { #expect(bench.isShown(at: noon + .minutes(minute))) }
        #expect(bench.rules(at: noon + .minutes(30)) == ["perDay"])
        #expect(bench.rules(at: noon + (.hours(12) - 1)) == ["perDay"])
        #expect(bench.isShown(at: noon + .hours(12)))
    }

    @Test("a rolling day is twenty-four hours")
    func aRollingDayIsTwentyFourHours() throws {
        let bench = try bench(
            Caps(perSession: 100, spacing: TimeSpan(milliseconds: 1), perDay: 1, day: .rolling))
        #expect(bench.isShown(at: noon))
        #expect(bench.rules(at: noon + (.hours(24) - 1)) == ["perDay"])
        #expect(bench.isShown(at: noon + .hours(24)))
    }

    @Test("midnight is that of the user's zone", arguments: [-300, 0, 330, 765])
    func midnightIsThatOfTheUsersZone(offset: Int) throws {
        let bench = try Bench(
            Bench.open(Caps(perSession: 100, spacing: TimeSpan(milliseconds: 1), perDay: 1)))
        let midnight = Timestamp(milliseconds: noon.milliseconds + .hours(12) - Int64(offset) * 60_000)
        bench.event("page", at: midnight + -.hours(3), zone: offset)
        #expect(bench.isShown(at: midnight + -.hours(1)))
        #expect(bench.rules(at: midnight + -1) == ["perDay"])
        #expect(bench.isShown(at: midnight))
    }

    @Test("without a zone of the user the feature set's counts")
    func withoutAZoneOfTheUserTheFeatureSetsCounts() throws {
        let model = try TestModel.verified(timeZone: TestZones.amsterdam())
        let bench = try Bench(
            Bench.open(Caps(perSession: 100, spacing: TimeSpan(milliseconds: 1), perDay: 1)), model: model)
        // On 30 March 2025 Amsterdam's clocks go forward: the day ends at 22:00 UTC, not at 23:00.
        let midnight = Timestamp(milliseconds: 1_743_372_000_000)
        bench.event("page", at: midnight + -.hours(30))
        #expect(bench.isShown(at: midnight + -.hours(23)))
        #expect(bench.rules(at: midnight + -1) == ["perDay"])
        #expect(bench.isShown(at: midnight))
    }

    @Test("a cooldown ends exactly when it says")
    func aCooldownEndsExactlyWhenItSays() throws {
        let bench = try bench(loose, cooldown: .days(2))
        #expect(bench.isShown(at: noon))
        #expect(bench.rules(at: noon + (.hours(48) - 1)) == ["cooldown"])
        #expect(bench.isShown(at: noon + .hours(48)))
    }

    @Test("a cooldown is of one offer")
    func aCooldownIsOfOneOffer() throws {
        var policy = Bench.open(loose, cooldown: .days(2))
        policy.offers.append(Policy.Offer(id: "second", title: "B", condition: .score(Bounds(atLeast: 0))))
        let bench = try Bench(policy)
        bench.event("page", at: noon + -1_000)
        #expect(bench.ask(at: noon)?.offer == "hello")
        #expect(bench.ask(at: noon + 1_000)?.offer == "second")
    }

    @Test("no exposures are allowed where a cap is zero")
    func noExposuresAreAllowedWhereACapIsZero() throws {
        let session = try bench(Caps(perSession: 0))
        #expect(session.rules(at: noon) == ["perSession"])
        let day = try bench(Caps(perDay: 0))
        #expect(day.rules(at: noon) == ["perDay"])
    }
}
