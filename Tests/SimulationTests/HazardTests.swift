import LimpetNumerics
import LimpetSimulation
import Testing

@Suite("The hazard of leaving")
struct HazardTests {
    private func state(_ settings: SimulationSettings = SimulationSettings()) -> (BehaviourState, Law) {
        var stream = RandomStream(seed: 1, user: 0, purpose: .behaviour)
        let law = Law(settings)
        return (BehaviourState(traits: UserTraits(settings: settings, stream: &stream), law: law), law)
    }

    private func hazards(
        _ settings: SimulationSettings = SimulationSettings(), _ change: (inout BehaviourState, Int) -> Void
    ) -> [Double] {
        let (start, law) = state(settings)
        return (0..<4).map { number in
            var state = start
            change(&state, number)
            return Hazard.daily(state, law)
        }
    }

    private func isRising(_ values: [Double]) -> Bool {
        zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }

    @Test("rises with failures, open tickets, silence, abandoned carts and dismissals")
    func rising() {
        #expect(isRising(hazards { $0.failures = 0.5 * Double($1) }))
        #expect(isRising(hazards { $0.openTickets = $1 }))
        #expect(isRising(hazards { $0.daysSinceVisit = 5 * $1 }))
        #expect(isRising(hazards { $0.abandonedCarts = 0.7 * Double($1) }))
        #expect(isRising(hazards { $0.dismissals = Double($1) }))
    }

    @Test("drifts by day, up for all and down for those with failures, and not at all by default")
    func drift() {
        var settings = SimulationSettings()
        let (start, law) = state(settings)
        #expect(Hazard.daily(start, law.on(90)) == Hazard.daily(start, law))
        settings.drift = 1
        let laws = [0, 60, 120, 180].map { Law(settings).on($0) }
        #expect(isRising(laws.map { Hazard.daily(start, $0) }))
        var failing = start
        failing.failures = 1
        func odds(_ state: BehaviourState, _ law: Law) -> Double {
            let hazard = Hazard.daily(state, law)
            return hazard / (1 - hazard)
        }
        let effects = laws.map { ElementaryFunctions.log(odds(failing, $0) / odds(start, $0)) }
        #expect(isRising(effects.reversed()) && abs(effects[3] / effects[0] - 0.367_879) < 1e-5)
    }

    @Test("falls with purchases and tenure")
    func falling() {
        #expect(isRising(hazards { $0.spend = 2 * Double($1) }.reversed()))
        #expect(isRising(hazards { $0.tenureDays = 30 * $1 }.reversed()))
    }

    @Test("rises with failures in the ratio that the coefficient says, and not at all without effect")
    func failureEffect() {
        var settings = SimulationSettings()
        settings.failureEffect = 0
        let flat = hazards(settings) { $0.failures = Double($1) }
        #expect(Set(flat).count == 1)
        let usual = hazards { $0.failures = 0.1 * Double($1) }
        let odds = usual.map { $0 / (1 - $0) }
        // exp(1.5 * 0.1), the coefficient of the article.
        #expect(abs(odds[1] / odds[0] - 1.161_834_242_728_283) < 1e-12)
    }

    @Test("stays below its cap")
    func cap() {
        let extreme = hazards {
            $0.failures = 100
            $0.openTickets = 10 + $1
            $0.daysSinceVisit = 1_000
        }
        #expect(extreme.allSatisfy { $0 == Hazard.most })
    }
}
