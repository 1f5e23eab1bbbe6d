/// One user of the main simulation, with the streams that belong to this user alone.
package struct SimulatedUser: Sendable {
    /// The user's place among all users, from 0.
    let index: Int
    /// The day of the sign-up, counted from the start of the log; negative before it.
    package private(set) var signUpDay: Int
    package private(set) var state: BehaviourState
    /// The day on which the newsletter was joined, where that was before the start.
    private(set) var priorNewsletterDay: Int?
    var detail: RandomStream
    /// How many rows the log has of this user.
    var rowCount = 0
    private var behaviour: RandomStream

    /// Draws a user who is still there when the log starts, or comes later.
    ///
    /// Sign-ups come evenly. Whoever is gone before the start is in no log and is drawn again, so that the
    /// old users are those whom such a product would still have.
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

    /// Decisions about this user's offers follow the policy from now on.
    mutating func assign(_ policy: OfferPolicy) { state.policy = policy }

    /// Whether the user belongs to the snapshot at the beginning of that day: signed up, and no `cancelled`.
    package func isInPopulation(onDay day: Int) -> Bool {
        signUpDay < day && state.presence != .cancelled
    }
}
