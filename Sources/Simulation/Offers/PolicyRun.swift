/// A run that can be paused, so that a caller who has read its log can choose which users get offers from
/// then on.
package struct PolicyRun {
    private let simulation: Simulation
    private var course: SimulationCourse
    private var day = 0

    /// Makes a run at the start of a simulation, with one policy for all users.
    package init(_ simulation: Simulation, threads: Int, policy: OfferPolicy) async throws {
        self.simulation = simulation
        course = SimulationCourse(simulation, threads: threads)
        try await course.begin()
        assign { _ in policy }
    }

    /// Simulates up to the beginning of a day.
    ///
    /// - Returns: the rows since the last call, CSV ordered by time; the first call includes the header.
    package mutating func run(untilDay end: Int) async throws -> [UInt8] {
        var bytes = day == 0 ? Array(SimulatedRow.header.utf8) + course.takeLog() : []
        for day in day..<end {
            try await course.simulateDay(day, progress: { _ in })
            bytes += course.takeLog()
        }
        day = end
        return bytes
    }

    /// Assigns a policy to each user, given by the name in the log.
    package mutating func assign(_ policy: (String) -> OfferPolicy) {
        course.assign { index in
            var name: [UInt8] = []
            name.appendUser(index)
            return policy(String(decoding: name, as: UTF8.self))
        }
    }

    /// Returns the share of futures in which the label is true, for each user of the population, under each
    /// user's current policy.
    package func probabilities() -> [(user: String, probability: Double)] {
        let (settings, law) = (simulation.settings, simulation.law)
        let probabilities = course.blocks.flatMap {
            $0.forkedProbabilities(onDay: day, settings: settings, law: law)
        }
        return probabilities.enumerated().compactMap { index, probability in
            var name: [UInt8] = []
            name.appendUser(index)
            return probability.map { (String(decoding: name, as: UTF8.self), $0) }
        }
    }
}
