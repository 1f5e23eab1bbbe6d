import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// Policies of version 1 mean what they meant.
@Suite struct FirstVersionTests {
    private let noon = Bench.noon

    @Test("users outside the population get silence")
    func usersOutsideThePopulationGetSilence() throws {
        let bench = try Bench(Bench.open())
        let stranger = bench.ask(at: noon)
        #expect(stranger?.reason == "population")
        #expect(stranger?.probability == nil)
        #expect(stranger?.rules == [["population"]])
        let model = try TestModel.verified(population: Population(activeWithin: .days(7)))
        let active = try Bench(Bench.open(), model: model)
        active.event("page", at: noon)
        let late = try active.copy()
        #expect(active.ask(at: noon + 7 * .hours(24))?.offer == "hello")
        #expect(late.ask(at: noon + (7 * .hours(24) + 1))?.reason == "population")
    }

    @Test("the highest priority wins, then the first")
    func theHighestPriorityWinsThenTheFirst() throws {
        let always = Condition.score(Bounds(atLeast: 0))
        let offers = [("low", 0), ("first", 5), ("second", 5)].map {
            Policy.Offer(id: $0.0, title: $0.0, priority: $0.1, condition: always)
        }
        let bench = try Bench(Policy(offers: offers))
        bench.event("page", at: noon)
        let asked = bench.ask(at: noon + 1)
        #expect(asked?.offer == "first")
        #expect(asked?.rules == [["outranked"], [], ["outranked"]])
        #expect(asked?.sentences.first?.contains("first") ?? false)
    }

    @Test("placements choose among offers")
    func placementsChooseAmongOffers() throws {
        let always = Condition.score(Bounds(atLeast: 0))
        let caps = Caps(perSession: 10, spacing: TimeSpan(milliseconds: 1), perDay: 10)
        let bench = try Bench(
            Policy(
                caps: caps,
                offers: [Policy.Offer(id: "a", title: "A", placements: ["cart", "home"], condition: always)]))
        bench.event("page", at: noon)
        #expect(bench.ask(at: noon + 1, placement: "home")?.offer == "a")
        #expect(bench.ask(at: noon + 2)?.reason == "noCandidate")
        let asked = bench.ask(at: noon + 3, placement: "footer")
        #expect(asked?.rules == [["placement"]])
        #expect(asked?.sentences.first?.contains("footer") ?? false)
    }

    @Test("every rule that excludes is named")
    func everyRuleThatExcludesIsNamed() throws {
        var policy = Bench.open(Caps(perSession: 1, perDay: 1), cooldown: .days(1))
        policy.offers[0].condition = .event(.any, within: TimeSpan("1m"), count: Bounds(atLeast: 1))
        let bench = try Bench(policy)
        bench.event("page", at: noon)
        #expect(bench.isShown(at: noon + 1))
        #expect(
            bench.rules(at: noon + .minutes(2))
                == ["condition", "spacing", "perSession", "perDay", "cooldown"])
    }

    @Test("holdout users are charged and their receipts name the offer")
    func holdoutUsersAreChargedAndTheirReceiptsNameTheOffer() throws {
        let held = try Bench(Bench.open(holdout: Holdout(share: 1, key: "k")))
        let other = try Bench(Bench.open(holdout: Holdout(share: 0, key: "k")))
        for minute in stride(from: 0, to: 600, by: 7) as StrideTo<Int64> {
            let now = noon + .minutes(minute)
            if minute % 3 == 0 {
                held.event("page", at: now)
                other.event("page", at: now)
            }
            let (left, right) = (held.ask(at: now + 1), other.ask(at: now + 1))
            #expect(left?.offer == right?.offer)
            #expect(left?.rules == right?.rules)
            #expect(left?.outcome == (right?.outcome == "offer" ? "withheld" : "silence"))
        }
        let (withheld, shown) = (held.steps.profile.ledger.deliveries, other.steps.profile.ledger.deliveries)
        #expect(withheld.allSatisfy { $0.isWithheld } && withheld.count == 2)
        #expect(withheld.map(\.handOut?.time) == shown.map(\.handOut?.time))
    }

    @Test("a receipt says it all")
    func aReceiptSaysItAll() throws {
        let bench = try Bench(Bench.open(holdout: Holdout(share: 1, key: "k")))
        bench.event("page", at: noon + -86_400_000, ["device": "mobile"])
        let asked = try #require(bench.ask(at: noon, placement: "home"))
        let document = asked.document
        #expect(asked.outcome == "withheld" && asked.offer == "hello")
        #expect(document["outcome"]?["withheld"]?.text == "holdout")
        #expect(document["modelHash"]?.text == bench.steps.policy.modelHash)
        #expect(document["policyHash"]?.text == bench.steps.policy.policyHash)
        #expect(document["propensity"]?.double == 1)
        #expect(document["sequence"]?.integer == 1)
        #expect(document["time"]?.text == "2025-01-15T12:00:00Z")
        #expect(document["cause"]?["placement"]?.text == "home")
        #expect(document["reasons"]?.array?.isEmpty == false)
    }

    @Test("the score is that of the features at the decision time")
    func theScoreIsThatOfTheFeaturesAtTheDecisionTime() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon, ["device": "mobile"])
        let asked = try #require(bench.ask(at: noon + .hours(30)))
        let (plan, scorer) = (bench.steps.policy.plan, bench.steps.policy.scorer)
        var history = LiveHistory(plan: plan)
        history.append(Event(user: "anna", name: "page", time: noon, properties: ["device": "mobile"]))
        let expected = scorer.score(history.features(at: noon + .hours(30)))
        #expect(asked.probability == expected.probability)
        let view = bench.steps.stepper.view(bench.steps.profile, at: noon + .hours(30))
        #expect(view.score == expected && !view.isHeldOut && !view.reasons.isEmpty)
    }
}
