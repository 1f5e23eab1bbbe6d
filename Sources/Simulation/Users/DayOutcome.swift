/// The outcome of one user's day, without clock times and other details.
struct DayOutcome: Sendable {
    var isFirstDay = false
    var hasVisit = false
    var searches = 0
    var failures = 0
    var hasOpenedTicket = false
    var closedTickets = 0
    /// The price of the item put into the cart, in cents; 0 for no cart.
    var cartCents = 0
    var hasPurchased = false
    /// The watched fraction in percent; negative for no video.
    var videoPercent = -1
    var hasJoinedNewsletter = false
    var decision: OfferDecision?
    var hasCancelled = false

    /// The kinds of events of this day in the log.
    @inline(__always)
    var events: EventSet {
        guard hasVisit else { return hasCancelled ? .cancelled : [] }
        var events = EventSet.pageViewed
        if isFirstDay { events.formUnion(.signedUp) }
        if searches > 0 { events.formUnion(.searched) }
        if failures > 0 { events.formUnion(.attemptFailed) }
        if hasOpenedTicket { events.formUnion(.ticketOpened) }
        if closedTickets > 0 { events.formUnion(.ticketClosed) }
        if cartCents > 0 { events.formUnion(.cartAdded) }
        if hasPurchased { events.formUnion(.purchased) }
        if videoPercent >= 0 { events.formUnion(.videoWatched) }
        if hasJoinedNewsletter { events.formUnion(.newsletterJoined) }
        if let decision { events.formUnion(decision.events) }
        if hasCancelled { events.formUnion(.cancelled) }
        return events
    }
}

/// A decision about an offer, and the user's response.
struct OfferDecision: Sendable {
    enum Response: Sendable {
        case ignored, clicked, dismissed
    }

    var offer: SimulatedOffer
    /// The probability with which the offer was drawn, in percent.
    var propensityPercent: Int
    var isHeldOut: Bool
    var response = Response.ignored

    var events: EventSet {
        guard offer != .none else { return .offerWithheld }
        switch response {
        case .ignored: return .offerShown
        case .clicked: return [.offerShown, .offerClicked]
        case .dismissed: return [.offerShown, .offerDismissed]
        }
    }
}
