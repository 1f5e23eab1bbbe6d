import LimpetSimulation
import Testing

@Suite("Simulated offers")
struct OfferTests {
    @Test("are drawn with probabilities that add up to one", arguments: [false, true])
    func propensitiesSumToOne(hasAbandonedCart: Bool) {
        let percents = SimulatedOffer.allCases.map {
            $0.propensityPercent(hasAbandonedCart: hasAbandonedCart)
        }
        #expect(percents.reduce(0, +) == 100)
        #expect(percents.allSatisfy { $0 > 0 })
    }

    @Test("come in the shares that are logged with them")
    func sharesMatch() async throws {
        let log = try await SimulatedLog(.small)
        let decisions = log.rows.filter { $0[Column.reason] == "random" }
        // The propensity of "none" tells which of the two tables applied only for that arm; so each arm's
        // inverse weights are added up: they estimate the number of all decisions.
        for offer in SimulatedOffer.allCases {
            let weights = decisions.filter { $0[Column.offer] == offer.rawValue }
                .compactMap { Double($0[Column.propensity]) }.map { 1 / $0 }
            let variance = weights.reduce(0) { $0 + $1 * $1 }
            let distance = weights.reduce(0, +) - Double(decisions.count)
            #expect(abs(distance) < 4 * variance.squareRoot())
        }
    }

    @Test("never reach the holdout, whose share is the stated one")
    func holdout() async throws {
        var settings = SimulationSettings.small
        settings.holdoutShare = 0.3
        let rows = try await SimulatedLog(settings).rows
        let heldOut = Set(rows.filter { $0[Column.reason] == "holdout" }.map { $0[Column.user] })
        let reached = Set(rows.filter { $0[Column.reason] == "random" }.map { $0[Column.user] })
        #expect(heldOut.isDisjoint(with: reached))
        let share = Double(heldOut.count) / Double(heldOut.count + reached.count)
        #expect(abs(share - 0.3) < 0.05)
    }

    @Test("help, leave cold, and harm the users whom the article names")
    func uplift() async throws {
        var settings = SimulationSettings.small
        settings.users = 2_000
        settings.forks = 100
        let simulation = try Simulation(settings)
        let effects = try await OfferUplift.all(in: simulation, onDay: 80, threads: 2)
        #expect(effects.count == 9)
        for effect in effects {
            let rise = effect.withOffer - effect.withoutOffer
            switch effect.reaction {
            case .helped: #expect(rise < -0.003)
            case .indifferent: #expect(abs(rise) < 0.01)
            case .harmed: #expect(rise > 0.001)
            }
        }
    }
}
