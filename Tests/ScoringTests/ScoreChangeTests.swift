import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ScoreChangeTests {
    private static let end = TestModels.at
    private static let start = end - .days(10)

    private func change(_ events: [Event]) throws -> (ScoreChange, Scorer, FeaturePlan) {
        let scorer = Scorer(TestModels.log())
        let plan = try #require(try TestModels.log().plan(zone: .utc))
        return (scorer.change(of: events, plan: plan, between: Self.start...Self.end), scorer, plan)
    }

    private func event(_ name: String, daysBefore days: Int, _ properties: VerbatimDictionary<String> = [:])
        -> Event
    {
        Event(user: "u", name: name, time: Self.end - .days(Int64(days)), properties: properties)
    }

    @Test("time and events add up to the whole, and topics do")
    func sums() throws {
        for seed in 1...30 as ClosedRange<UInt64> {
            var random = TestRandom(seed: seed)
            let events = (0..<40).map { _ in
                event(
                    random.pick(["buy", "page", "quit"]), daysBefore: random.below(30),
                    ["value": "\(random.below(100))", "device": random.pick(["mobile", "tv"])])
            }
            let (change, scorer, plan) = try change(events)
            let total = change.passingOfTime + change.effects.reduce(0) { $0 + $1.effect }
            #expect(abs(total - change.change) < 1e-9, "seed \(seed)")
            #expect(abs(change.topics.reduce(0) { $0 + $1.change } - change.change) < 1e-9)
            var history = LiveHistory(plan: plan)
            for event in events { history.append(event) }
            #expect(abs(scorer.score(history.features(at: Self.end)).logOdds - change.after.logOdds) < 1e-12)
            #expect(scorer.score(history.features(at: Self.start)) == change.before)
            let between = events.count { $0.time >= Self.start && $0.time < Self.end }
            #expect(change.effects.count == between)
            #expect(change.effects.map(\.event.time) == change.effects.map(\.event.time).sorted())
        }
    }

    @Test("without events between, time alone did it")
    func timeAlone() throws {
        let (change, _, _) = try change([event("buy", daysBefore: 20, ["value": "3"])])
        #expect(change.effects.isEmpty && change.change == change.passingOfTime && change.change > 0)
        #expect(change.topics[0].change.magnitude >= change.topics[change.topics.count - 1].change.magnitude)
    }

    @Test("an event that the model does not read has the effect of recency alone; one after the end has none")
    func single() throws {
        let old = event("buy", daysBefore: 20, ["value": "3"])
        let (change, _, _) = try change([
            old, event("buy", daysBefore: 2, ["value": "50"]), event("buy", daysBefore: -1),
        ])
        #expect(change.effects.count == 1 && change.effects[0].effect < 0)
        let (none, _, _) = try self.change([])
        #expect(none.change == 0 && none.effects.isEmpty)
    }
}
