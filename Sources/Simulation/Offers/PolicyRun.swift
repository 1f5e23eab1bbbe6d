/// A run that halts, so that somebody who has read its log can say whom offers shall reach from then on.
package struct PolicyRun {
    private let simulation: Simulation
    private var course: SimulationCourse
    private var day = 0

    /// The users of a simulation at its start, each with this policy.
    package init(_ simulation: Simulation, threads: Int, policy: OfferPolicy) async throws {
        self.simulation = simulation
        course = SimulationCourse(simulation, threads: threads)
        try await course.begin()
        assign { _ in policy }
    }

    /// Simulates up to the beginning of a day.
    ///
    /// - Returns: the rows since the last call, CSV by time; with the header in the first call.
    package mutating func run(untilDay end: Int) async throws -> [UInt8] {
        var bytes = day == 0 ? Array(SimulatedRow.header.utf8) + course.takeLog() : []
        for day in day..<end {
            try await course.simulateDay(day, progress: { _ in })
            bytes += course.takeLog()
        }
        day = end
        return bytes
    }

    /// Gives each user a policy by the name that the log has for them.
    package mutating func assign(_ policy: (String) -> OfferPolicy) {
        course.assign { index in
            var name: [UInt8] = []
            name.appendUser(index)
            return policy(String(decoding: name, as: UTF8.self))
        }
    }

    /// The share of futures in which the label comes true, by user of the population, under the policy that each
    /// user has now.
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
