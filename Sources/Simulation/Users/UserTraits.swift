/// What a user pays; given at sign-up.
enum Plan: String, CaseIterable, Sendable {
    case free, basic, pro
}

/// What a user uses; given at sign-up and on the first page of each visit.
enum Device: String, CaseIterable, Sendable {
    case web, android, ios
}

/// Where a user lives; given at sign-up, and without any influence.
enum Country: String, CaseIterable, Sendable {
    case de, fr, nl, pl, us
}

/// What stays the same about one user for as long as the simulation runs.
///
/// Plan, device and country stand in the log. The rates show in the counts of what they drive. Only
/// ``frailty`` and ``temper`` show nowhere.
package struct UserTraits: Sendable {
    var plan: Plan
    var device: Device
    var country: Country
    /// The share of days with a visit that the user tends to, before the activity setting.
    var visitRate: Double
    /// The probability of filling a cart on a day with a visit.
    var cartRate: Double
    /// The typical price in cents.
    var typicalCents: Double
    /// Whether the user mostly leaves the cart behind.
    var isPriceSensitive: Bool
    /// The probability of watching a video on a day with a visit.
    var videoRate: Double
    /// The fraction of a video that the user tends to watch.
    var attention: Double
    /// Added to the log-odds of leaving.
    var frailty: Double
    /// Added to what every offer does to the log-odds of leaving.
    var temper: Double
    /// Whether the user never gets an offer.
    var isHeldOut: Bool
    /// The hour around which the user visits.
    var usualHour: Double

    package init(settings: SimulationSettings, stream: inout RandomStream) {
        let planDraw = stream.uniform()
        plan = planDraw < 0.4 ? .free : planDraw < 0.8 ? .basic : .pro
        let deviceDraw = stream.uniform()
        device = deviceDraw < 0.45 ? .web : deviceDraw < 0.8 ? .android : .ios
        country = Country.allCases[stream.integer(below: Country.allCases.count)]
        let zeal = stream.uniform()
        visitRate = 0.12 + 0.5 * zeal * zeal
        let appetite = stream.uniform()
        cartRate = 0.1 + 0.12 * appetite
        typicalCents = 800 + 2_400 * stream.uniform()
        isPriceSensitive = stream.isTrue(withProbability: 0.35)
        videoRate = 0.2 + 0.45 * stream.uniform()
        attention = 0.35 + 0.3 * stream.uniform()
        frailty = settings.frailty * stream.bell()
        temper = 0.1 * stream.bell()
        isHeldOut = stream.isTrue(withProbability: settings.holdoutShare)
        usualHour = 8 + 13 * stream.uniform()
    }
}
