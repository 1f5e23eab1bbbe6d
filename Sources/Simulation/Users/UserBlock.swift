import LimpetEvents

/// A block of users that one task simulates at a time.
package struct UserBlock: Sendable {
    package private(set) var users: [SimulatedUser]
    /// The events of each user in the log today.
    private(set) var today: [EventSet]
    /// The rows of today, or of the time before the start.
    private(set) var page = LogPage()
    private(set) var cancellations = 0

    /// Draws the users of a range of indices, with the account records from before the start.
    init(users range: Range<Int>, settings: SimulationSettings, law: Law) {
        users = range.map { SimulatedUser(index: $0, settings: settings, law: law) }
        today = Array(repeating: [], count: range.count)
        let start = settings.start.milliseconds / 1_000
        for place in users.indices { writePriorRecords(place, start: start) }
    }

    /// Writes the sign-up and newsletter of existing users with their own times, since an export has account
    /// records from before the first event that it kept.
    private mutating func writePriorRecords(_ place: Int, start: Int64) {
        guard users[place].signUpDay < 0 else { return }
        writePriorRecord(.signUp(of: users[place].state.traits), place, day: users[place].signUpDay, start)
        if let day = users[place].priorNewsletterDay {
            writePriorRecord(SimulatedRow(.newsletterJoined), place, day: day, start)
        }
    }

    private mutating func writePriorRecord(_ row: SimulatedRow, _ place: Int, day: Int, _ start: Int64) {
        let isSignUp = row.event == .signedUp
        let second = (isSignUp ? 0 : 43_200) + users[place].detail.integer(below: 43_200)
        page.append(row, second: start + Int64(day) * 86_400 + Int64(second), user: &users[place])
    }

    /// Assigns a policy to each user, given by the index among all users.
    mutating func assign(_ policy: (Int) -> OfferPolicy) {
        for place in users.indices { users[place].assign(policy(users[place].index)) }
    }

    /// Simulates one day of every user.
    mutating func simulateDay(_ day: Int, settings: SimulationSettings, law: Law) {
        page = LogPage()
        let dayStart = settings.start.milliseconds / 1_000 + Int64(day) * 86_400
        for place in users.indices {
            let outcome = users[place].simulateDay(day, law)
            today[place] = outcome.events
            if outcome.hasCancelled { cancellations += 1 }
            DayWriter.write(outcome, dayStart: dayStart, user: &users[place], page: &page)
        }
    }

    /// Returns the share of simulated futures in which the label is true, for each user of the population;
    /// nil for the others.
    func forkedProbabilities(onDay day: Int, settings: SimulationSettings, law: Law) -> [Double?] {
        let rule = LabelRule(settings.label)
        return users.map { user in
            guard user.isInPopulation(onDay: day) else { return nil }
            var stream = RandomStream(seed: settings.seed, user: user.index, purpose: .forks, index: day)
            let positive = user.state.countForks(settings.forks, rule: rule, law: law, stream: &stream)
            return Double(positive) / Double(settings.forks)
        }
    }
}
