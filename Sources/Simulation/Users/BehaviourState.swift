/// The full state of one user, from which the future is simulated.
///
/// The counts decay: each day they are multiplied by a constant below 1, and the day's events are added. The
/// state thus follows from the user's log, and windows of 7, 30 and 90 days approximate it.
package struct BehaviourState: Sendable {
    var traits: UserTraits
    /// Full days since the sign-up.
    package var tenureDays = 0
    /// Days since the last day with a visit; 0 on such a day.
    package var daysSinceVisit = 0
    /// The share of days with a visit, over about the last 10 days.
    var recentVisits: Double
    /// The share of days with a visit, over about the last 33 days.
    var usualVisits: Double
    /// Decayed count of failed attempts, half-life 9.6 days.
    package var failures = 0.0
    /// The number of open tickets.
    package var openTickets = 0
    /// Decayed sum of purchases in units of 10.00, half-life 23 days.
    package var spend = 0.0
    /// Decayed count of carts that were not paid on their day, half-life 23 days.
    package var abandonedCarts = 0.0
    /// Decayed count of videos, half-life 23 days.
    var videos = 0.0
    /// Decayed sum of the fractions watched, half-life 23 days.
    var videoFractions = 0.0
    /// Decayed count of dismissed offers, half-life 46 days.
    package var dismissals = 0.0
    /// The remaining effect of the last offer on the log-odds of leaving, half-life 5.4 days.
    package var offerLift = 0.0
    /// Days since the last decision about an offer.
    package var daysSinceDecision = 1_000
    var hasNewsletter = false
    /// The policy for decisions about offers.
    var policy = OfferPolicy.drawn
    package var presence = Presence.present

    /// The presence of the user in the product.
    package enum Presence: Sendable {
        case present, cancelled, leftSilently
    }

    package init(traits: UserTraits, law: Law) {
        self.traits = traits
        // The start is the same for all users, so that a rate that no event has shown yet has no effect.
        recentVisits = min(0.9, 0.25 * law.activity)
        usualVisits = recentVisits
    }

    /// Applies one day of decay to all decayed counts.
    @inline(__always)
    mutating func decay() {
        recentVisits *= 0.9
        usualVisits *= 0.97
        failures *= 0.93
        spend *= 0.97
        abandonedCarts *= 0.97
        videos *= 0.97
        videoFractions *= 0.97
        dismissals *= 0.985
        offerLift *= 0.88
        daysSinceDecision += 1
        daysSinceVisit += 1
    }

    package var hasAbandonedCart: Bool { abandonedCarts >= 0.5 }

    /// The difference of recent visits from the user's usual rate; negative when they have dropped.
    var visitTrend: Double { recentVisits - usualVisits }

    /// The mean fraction of videos watched, shrunk towards one half when there are few videos.
    var completion: Double { (videoFractions + 0.5) / (videos + 1) }
}
