import LimpetNumerics

/// The probability of leaving on one day, as a function of the state after the day's actions.
///
///     odds = baseOdds · exp(sum of terms),  hazard = min(0.25, odds / (1 + odds))
///
/// The terms are listed with their reasons in the article on the simulation.
package enum Hazard {
    /// The maximum probability of leaving on one day; because of it, most days need no `exp`.
    package static let most = 0.25

    package static func daily(_ state: BehaviourState, _ law: Law) -> Double {
        let odds = law.baseOdds * ElementaryFunctions.exp(logOdds(state, law))
        return min(most, odds / (1 + odds))
    }

    /// Returns the difference of the user's log-odds from those of the reference user.
    static func logOdds(_ state: BehaviourState, _ law: Law) -> Double {
        trouble(state, law) + engagement(state) + traits(state) + state.offerLift
    }

    private static func trouble(_ state: BehaviourState, _ law: Law) -> Double {
        1.5 * law.failureEffect * min(state.failures, 4)
            + 0.5 * Double(min(state.openTickets, 3))
            + 0.15 * min(state.dismissals, 4)
    }

    private static func engagement(_ state: BehaviourState) -> Double {
        0.13 * Double(min(state.daysSinceVisit, 30))
            - 6.0 * state.visitTrend
            - 6.0 * state.usualVisits
            - 3.6 * state.spend / (state.spend + 3)
            + 0.3 * min(state.abandonedCarts, 3)
            - 5.5 * (state.completion - 0.5)
            - (state.hasNewsletter ? 0.5 : 0)
    }

    private static func traits(_ state: BehaviourState) -> Double {
        let device = state.traits.device == .web ? 0.2 : 0
        let newcomer = 1.8 * 30 / (30 + Double(state.tenureDays))
        return plan(state.traits.plan) + device + newcomer + state.traits.frailty
    }

    private static func plan(_ plan: Plan) -> Double {
        switch plan {
        case .free: 1.1
        case .basic: 0
        case .pro: -1.4
        }
    }
}
