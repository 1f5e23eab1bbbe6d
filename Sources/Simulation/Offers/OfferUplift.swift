import LimpetEvents
import LimpetParallel

/// The true effect of an offer on users with the same reaction to it.
package struct OfferUplift: Sendable {
    package var offer: SimulatedOffer
    package var reaction: OfferReaction
    /// The number of users of the population with this reaction.
    package var users: Int
    /// The mean probability of the label after a decision for no offer.
    package var withoutOffer: Double
    /// The mean probability of the label after the offer.
    package var withOffer: Double

    /// Returns the effects of all offers at the beginning of `day`. The futures of every user of the
    /// population are simulated after each offer and after a decision for no offer, with the same random
    /// numbers.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    package static func all(
        in simulation: Simulation, onDay day: Int, threads: Int
    ) async throws -> [OfferUplift] {
        var course = SimulationCourse(simulation, threads: threads)
        try await course.begin()
        for past in 0..<day { try await course.simulateDay(past, progress: { _ in }) }
        let groups = try await concurrentMap(course.blocks, threads: threads) { block in
            block.users.filter { $0.isInPopulation(onDay: day) && $0.state.presence == .present }
                .flatMap { Self.effects(on: $0, onDay: day, simulation) }
        }
        return summed(groups.joined())
    }

    private static func effects(
        on user: SimulatedUser, onDay day: Int, _ simulation: Simulation
    ) -> [OfferUplift] {
        let withheld = probability(.none, user, day, simulation)
        return SimulatedOffer.allCases.filter { $0 != .none }.map { offer in
            OfferUplift(
                offer: offer, reaction: offer.reaction(of: user.state), users: 1, withoutOffer: withheld,
                withOffer: probability(offer, user, day, simulation))
        }
    }

    private static func probability(
        _ offer: SimulatedOffer, _ user: SimulatedUser, _ day: Int, _ simulation: Simulation
    ) -> Double {
        let settings = simulation.settings
        var stream = RandomStream(seed: settings.seed, user: user.index, purpose: .forks, index: day)
        var state = user.state
        if offer != .none { state.show(offer, simulation.law) }
        state.daysSinceDecision = 0
        let positive = state.countForks(
            settings.forks, rule: LabelRule(settings.label), law: simulation.law, stream: &stream)
        return Double(positive) / Double(settings.forks)
    }

    private static func summed(_ effects: some Sequence<OfferUplift>) -> [OfferUplift] {
        var sums: [OfferUplift] = []
        for effect in effects {
            let place = sums.firstIndex { $0.offer == effect.offer && $0.reaction == effect.reaction }
            guard let place else {
                sums.append(effect)
                continue
            }
            sums[place].users += 1
            sums[place].withoutOffer += effect.withoutOffer
            sums[place].withOffer += effect.withOffer
        }
        for place in sums.indices {
            sums[place].withoutOffer /= Double(sums[place].users)
            sums[place].withOffer /= Double(sums[place].users)
        }
        return sums
    }
}
