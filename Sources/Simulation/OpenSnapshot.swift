import LimpetEvents

/// A snapshot whose label horizon is not over yet.
struct OpenSnapshot {
    let day: Int
    /// The true probability of each user, nil outside the population.
    let probabilities: [Double?]
    private var seen: [EventSet]

    init(day: Int, probabilities: [Double?]) {
        self.day = day
        self.probabilities = probabilities
        seen = Array(repeating: [], count: probabilities.count)
    }

    /// Adds the events of the users on one more day of the horizon.
    mutating func note(_ today: some Sequence<EventSet>) {
        for (user, events) in today.enumerated() { seen[user].formUnion(events) }
    }

    /// Returns the rows, ordered by user. `hasLabels` is false when the horizon passes the end of the log.
    func rows(_ settings: SimulationSettings, hasLabels: Bool) -> [TruthRow] {
        let rule = LabelRule(settings.label)
        let time = settings.start + .days(Int64(day))
        return probabilities.indices.compactMap { user in
            guard let probability = probabilities[user] else { return nil }
            var name: [UInt8] = []
            name.appendUser(user)
            return TruthRow(
                user: String(decoding: name, as: UTF8.self), time: time, probability: probability,
                label: hasLabels ? rule.label(of: seen[user]) : nil, forks: settings.forks)
        }
    }
}
