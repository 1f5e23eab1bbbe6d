import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import Testing

/// Policies of version 1 mean what they meant: the state machine of one user decides as the first one did.
@Suite struct FirstVersionTests {
    private static let policy = """
        {"version": 1, "caps": {"perSession": 2, "spacing": "5m", "perDay": 3},
         "holdout": {"share": 0.3, "key": "k"}, "offers": [
          {"id": "risk", "title": "T", "priority": 2, "cooldown": "1h", "when": {"score": {"atLeast": 0.3}}},
          {"id": "pages", "title": "T", "placements": ["home"],
           "when": {"event": {"name": "page", "within": "1h", "atLeast": 2}}},
          {"id": "mobile", "title": "T",
           "when": {"any": [{"property": {"event": "page", "name": "device", "is": "mobile"}},
                            {"feature": {"name": "count_purchase", "above": 1}}]}},
          {"id": "desktop", "title": "T", "when": {"not": {"feature": {"name": "device", "is": "mobile"}}}}]}
        """

    @Test("outcomes and rules are those of the first core")
    func agrees() throws {
        for seed in UInt64(0)..<40 {
            var random = TestRandom(seed: seed)
            let old = try Bench(try Bench.policy(Self.policy), user: "u\(seed)")
            let new = try StepBench(json: Self.policy, id: .known("u\(seed)"))
            var time = Bench.noon
            for _ in 0..<150 {
                time = time + Int64(random.below(random.below(10) == 0 ? 40_000_000 : 400_000) + 1)
                if random.below(3) == 0 {
                    let placement = random.pick([nil, "home", "cart"])
                    let receipt = old.ask(at: time, placement: placement)
                    let step = new.ask(at: time, placement: placement)
                    #expect(step.receipt?.asOf == receipt?.time)
                    #expect(step.receipt?.score?.probability == receipt?.score?.probability)
                    let rules = step.receipt?.candidates.map { $0.exclusions.map(\.rule) }
                    #expect(rules == receipt?.candidates.map { $0.exclusions.map(\.rule) }, "seed \(seed)")
                    let chosen = step.receipt?.chosen.map { new.policy.policy.offers[$0].id }
                    #expect(chosen == receipt?.outcome.offer)
                } else {
                    let late = random.below(5) == 0 ? -Int64(random.below(4_000_000)) : 0
                    let name = random.pick(["page", "page", "purchase", "offer_shown"])
                    let device = random.pick(
                        [[:], ["device": "mobile"], ["device": "tv"]] as [VerbatimDictionary<String>])
                    // Of travellers each day counts now, in whose zone it was: they get fewer.
                    let offset = seed % 2 == 0 ? 60 : nil
                    old.event(name, at: time + late, device, zone: offset)
                    new.event(name, at: time + late, arriving: time, device, offset: offset)
                }
            }
        }
    }
}
