import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct DecisionCoreTests {
    private let noon = Bench.noon

    @Test("a policy of version 2 is refused with its version")
    func secondVersionIsRefused() throws {
        let policy = Policy(version: 2, offers: [])
        #expect(throws: DecisionCoreError.policyVersion(2)) {
            try DecisionCore(policy: policy, model: TestModel.verified())
        }
    }

    @Test("a decision caused by an event sees it")
    func aDecisionCausedByAnEventSeesIt() throws {
        let bench = try Bench(Bench.open())
        let event = Event(user: "anna", name: "cart", time: noon, messageID: "m1")
        let receipt = bench.core.advance(&bench.state, by: .event(event, decides: true), now: noon)
        #expect(receipt?.time == noon + 1)
        #expect(receipt?.now == noon)
        #expect(receipt?.outcome == .offer("hello"))
        #expect(receipt?.cause == .event(name: "cart", time: noon, messageID: "m1"))
        let late = Event(user: "anna", name: "cart", time: noon + 5)
        let later = bench.core.advance(&bench.state, by: .event(late, decides: true), now: noon + .hours(1))
        #expect(later?.time == noon + .hours(1))
    }

    @Test("an event alone gives no receipt")
    func anEventAloneGivesNoReceipt() throws {
        let bench = try Bench(Bench.open())
        let event = Event(user: "anna", name: "cart", time: noon)
        #expect(bench.core.advance(&bench.state, by: .event(event, decides: false), now: noon) == nil)
        #expect(bench.core.advance(&bench.state, by: .tick, now: noon) == nil)
        #expect(bench.state.decisionCount == 0)
    }

    @Test("an ask sees the latest event even when clocks differ")
    func anAskSeesTheLatestEventEvenWhenClocksDiffer() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon)
        #expect(bench.ask(at: noon)?.time == noon + 1)
        bench.event("page", at: noon + .minutes(4))
        #expect(bench.ask(at: noon)?.time == noon + (.minutes(4) + 1))
        bench.event("page", at: noon + .minutes(6))
        #expect(bench.ask(at: noon)?.time == noon + (.minutes(4) + 1))
    }

    @Test("a sender's clock cannot shorten the spacing")
    func aSendersClockCannotShortenTheSpacing() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon)
        #expect(bench.isShown(at: noon + 1))
        bench.event("page", at: noon + .minutes(10))
        let receipt = bench.ask(at: noon + .minutes(6))
        #expect(receipt?.time == noon + (.minutes(10) + 1))
        #expect(receipt?.candidates.first?.exclusions.map(\.rule) == ["spacing"])
    }

    @Test("users outside the population get silence")
    func usersOutsideThePopulationGetSilence() throws {
        let bench = try Bench(Bench.open())
        let stranger = bench.ask(at: noon)
        #expect(stranger?.outcome == .silence(.population))
        #expect(stranger?.score == nil)
        #expect(stranger?.candidates.map(\.exclusions) == [[.population]])
        let model = try TestModel.verified(population: Population(activeWithin: .days(7)))
        let active = try Bench(Bench.open(), model: model)
        active.event("page", at: noon)
        #expect(active.ask(at: noon + 7 * .hours(24))?.outcome == .offer("hello"))
        #expect(active.ask(at: noon + (7 * .hours(24) + 1))?.outcome == .silence(.population))
    }

    @Test("the highest priority wins, then the first")
    func theHighestPriorityWinsThenTheFirst() throws {
        let always = Condition.score(Bounds(atLeast: 0))
        let offers = [("low", 0), ("first", 5), ("second", 5)].map {
            Policy.Offer(id: $0.0, title: $0.0, priority: $0.1, condition: always)
        }
        let bench = try Bench(Policy(offers: offers))
        bench.event("page", at: noon)
        let receipt = bench.ask(at: noon + 1)
        #expect(receipt?.outcome == .offer("first"))
        #expect(
            receipt?.candidates.map(\.exclusions)
                == [[.outranked(by: "first")], [], [.outranked(by: "first")]])
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
        #expect(bench.ask(at: noon + 1, placement: "home")?.outcome == .offer("a"))
        #expect(bench.ask(at: noon + 2)?.outcome == .silence(.noCandidate))
        let receipt = bench.ask(at: noon + 3, placement: "footer")
        #expect(
            receipt?.candidates.first?.exclusions == [.placement(asked: "footer", needed: ["cart", "home"])])
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
            #expect(left?.outcome.offer == right?.outcome.offer)
            #expect(left?.candidates.map(\.exclusions) == right?.candidates.map(\.exclusions))
            #expect(left?.outcome.name == (right?.outcome.name == "offer" ? "withheld" : "silence"))
        }
        #expect(held.state.ledger.exposures.allSatisfy { $0.isWithheld })
        #expect(held.state.ledger.exposures.map(\.time) == other.state.ledger.exposures.map(\.time))
    }

    @Test("a receipt says it all")
    func aReceiptSaysItAll() throws {
        let bench = try Bench(Bench.open(holdout: Holdout(share: 1, key: "k")))
        bench.event("page", at: noon + -86_400_000, ["device": "mobile"])
        let receipt = try #require(bench.ask(at: noon, placement: "home"))
        let document = receipt.document
        let outcome = document["outcome"]
        #expect(outcome?["type"]?.text == "withheld")
        #expect(outcome?["withheld"]?.text == "holdout")
        #expect(outcome?["offer"]?.text == "hello")
        #expect(document["modelHash"]?.text == bench.core.modelHash)
        #expect(document["policyHash"]?.text == bench.core.policy.hash)
        #expect(document["propensity"]?.double == 1)
        #expect(document["sequence"]?.integer == 1)
        #expect(document["time"]?.text == "2025-01-15T12:00:00Z")
        #expect(document["cause"]?["placement"]?.text == "home")
        #expect(document["probability"]?.double == receipt.score?.probability)
        #expect(document["reasons"]?.array?.isEmpty == false)
        #expect(receipt.id.count == 32)
    }

    @Test("a replay gives the same bytes")
    func aReplayGivesTheSameBytes() throws {
        func run() throws -> [String] {
            let bench = try Bench(Bench.open(holdout: Holdout(share: 0.5, key: "k")))
            return (0..<200).compactMap { step in
                let time = noon + .minutes(Int64(step * step % 977))
                bench.event(step % 3 == 0 ? "page" : "purchase", at: time, ["device": "mobile"])
                return bench.ask(at: noon + .minutes(Int64(step) * 5))?.document.compact
            }
        }
        let first = try run()
        #expect(first == (try run()))
        #expect(Set(first).count == 200)
    }

    @Test("ids differ by user and sequence")
    func idsDifferByUserAndSequence() throws {
        let (anna, ben) = (try Bench(Bench.open()), try Bench(Bench.open(), user: "ben"))
        let ids = (0..<10).flatMap { step in
            [anna.ask(at: noon + step), ben.ask(at: noon + step)].compactMap { $0?.id }
        }
        #expect(Set(ids).count == 20)
    }

    @Test("a restored ledger goes on")
    func aRestoredLedgerGoesOn() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon)
        let receipt = try #require(bench.ask(at: noon + 1))
        let restored = try Bench(Bench.open())
        restored.event("page", at: noon)
        restored.state.restore(sequence: receipt.sequence, exposure: receipt.exposure)
        #expect(restored.ask(at: noon + .minutes(3)) == bench.ask(at: noon + .minutes(3)))
    }

    @Test("the score is that of the features at the decision time")
    func theScoreIsThatOfTheFeaturesAtTheDecisionTime() throws {
        let bench = try Bench(Bench.open())
        bench.event("page", at: noon, ["device": "mobile"])
        let receipt = try #require(bench.ask(at: noon + .hours(30)))
        var history = LiveHistory(plan: bench.core.plan)
        history.append(Event(user: "anna", name: "page", time: noon, properties: ["device": "mobile"]))
        let expected = bench.core.scorer.score(history.features(at: noon + .hours(30)))
        #expect(receipt.score == expected)
        #expect(bench.core.score(bench.state, at: noon + .hours(30)) == expected)
    }
}
