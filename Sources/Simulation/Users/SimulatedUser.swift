/// A user of the log, with the random streams of this user alone.
package struct SimulatedUser: Sendable {
    /// The user's index among all users, from 0.
    let index: Int
    /// The day of the sign-up, counted from the start of the log; negative before it.
    package private(set) var signUpDay: Int
    package private(set) var state: BehaviourState
    /// The day on which the user joined the newsletter, where that was before the start.
    private(set) var priorNewsletterDay: Int?
    var detail: RandomStream
    /// The number of rows of this user in the log.
    var rowCount = 0
    private var behaviour: RandomStream

    /// Draws a user who is present when the log starts, or signs up later.
    ///
    /// Sign-ups are uniform over time. A user who left before the start is in no log and is drawn again, so
    /// that the existing users are those whom such a product would still have.
    init(index: Int, settings: SimulationSettings, law: Law) {
        self.index = index
        behaviour = RandomStream(seed: settings.seed, user: index, purpose: .behaviour)
        detail = RandomStream(seed: settings.seed, user: index, purpose: .detail)
        repeat {
            signUpDay = behaviour.integer(below: settings.priorDays + settings.days) - settings.priorDays
            let traits = UserTraits(settings: settings, stream: &behaviour)
            state = BehaviourState(traits: traits, law: law)
            priorNewsletterDay = nil
            liveUntilStart(law)
        } while state.presence != .present
    }

    private mutating func liveUntilStart(_ law: Law) {
        for day in stride(from: signUpDay, to: 0, by: 1) where state.presence == .present {
            if state.simulateDay(law, &behaviour).hasJoinedNewsletter { priorNewsletterDay = day }
        }
    }

    mutating func simulateDay(_ day: Int, _ law: Law) -> DayOutcome {
        guard day >= signUpDay else { return DayOutcome() }
        return state.simulateDay(law, &behaviour)
    }

    /// Sets the policy for this user's offers from now on.
    mutating func assign(_ policy: OfferPolicy) { state.policy = policy }

    /// Returns true when the user belongs to the snapshot at the beginning of a day: signed up, and not
    /// cancelled.
    package func isInPopulation(onDay day: Int) -> Bool {
        signUpDay < day && state.presence != .cancelled
    }
}
