/// The plan that a user pays for; written at sign-up.
enum Plan: String, CaseIterable, Sendable {
    case free, basic, pro
}

/// The device of a user; written at sign-up and on the first page of each visit.
enum Device: String, CaseIterable, Sendable {
    case web, android, ios
}

/// The country of a user; written at sign-up, without any influence.
enum Country: String, CaseIterable, Sendable {
    case de, fr, nl, pl, us
}

/// The traits of one user, which do not change during the simulation.
///
/// Plan, device and country are in the log. The rates show in the counts that they determine. Only
/// ``frailty`` and ``temper`` show nowhere.
package struct UserTraits: Sendable {
    var plan: Plan
    var device: Device
    var country: Country
    /// The user's own share of days with a visit, before the setting `activity`.
    var visitRate: Double
    /// The probability of filling a cart on a day with a visit.
    var cartRate: Double
    /// The typical price in cents.
    var typicalCents: Double
    /// True when the user abandons most carts.
    var isPriceSensitive: Bool
    /// The probability of watching a video on a day with a visit.
    var videoRate: Double
    /// The mean fraction of a video that the user watches.
    var attention: Double
    /// An offset of the log-odds of leaving.
    var frailty: Double
    /// An offset of the effect of every offer on the log-odds of leaving.
    var temper: Double
    /// True when the user never gets an offer.
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
