/// Everything about one user that the future depends on.
///
/// The counts are decayed: each day they are multiplied by a constant below 1, and what happens on the day is
/// added. So the state follows from the user's log, and windows of 7, 30 and 90 days come close to it.
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
    /// Tickets opened and not yet closed.
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
    /// What the last offer still adds to the log-odds of leaving, half-life 5.4 days.
    package var offerLift = 0.0
    /// Days since the last decision about an offer.
    package var daysSinceDecision = 1_000
    var hasNewsletter = false
    /// What decisions about offers do.
    var policy = OfferPolicy.drawn
    package var presence = Presence.present

    /// Whether the user is still there.
    package enum Presence: Sendable {
        case present, cancelled, leftSilently
    }

    package init(traits: UserTraits, law: Law) {
        self.traits = traits
        // The same for everybody: what nobody can see yet shall not matter yet.
        recentVisits = min(0.9, 0.25 * law.activity)
        usualVisits = recentVisits
    }

    /// One day passes over all that decays.
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

    /// How far visits have risen above the user's own usual rate, or dropped below it when negative.
    var visitTrend: Double { recentVisits - usualVisits }

    /// The fraction of videos watched, drawn towards one half while there are few of them.
    var completion: Double { (videoFractions + 0.5) / (videos + 1) }
}
