/// The events of a simulated log; the raw value is the name in the column `event`.
public enum SimulatedEvent: String, CaseIterable, Sendable {
    /// The user opens an account: plan, device, country.
    case signedUp = "signed_up"
    /// A page was viewed: page, dwell time in seconds; the first page of a visit has the device.
    case pageViewed = "page_viewed"
    /// A search within the product: query.
    case searched = "searched"
    /// An item was put into the cart: its price as the value.
    case cartAdded = "cart_added"
    /// The cart was paid: the amount as the value.
    case purchased = "purchased"
    /// A video was watched: the fraction as progress, 0 to 1.
    case videoWatched = "video_watched"
    /// An action failed for the user: which, as the reason.
    case attemptFailed = "attempt_failed"
    /// A support ticket was opened: the subject, as the reason.
    case ticketOpened = "ticket_opened"
    /// The user agreed that a ticket is solved.
    case ticketClosed = "ticket_closed"
    /// The user subscribed to the newsletter.
    case newsletterJoined = "newsletter_joined"
    /// A decision drew an offer: which, and the probability with which it was drawn.
    case offerShown = "offer_shown"
    /// A decision drew no offer: the probability, and whether by the draw or because of the holdout.
    case offerWithheld = "offer_withheld"
    /// The user followed the offer.
    case offerClicked = "offer_clicked"
    /// The user closed the offer.
    case offerDismissed = "offer_dismissed"
    /// The user left permanently: why, as the reason.
    case cancelled = "cancelled"
}

/// A set of kinds of events, e.g. those of one user on one day.
struct EventSet: OptionSet, Sendable {
    var rawValue: UInt16

    static let signedUp = EventSet(rawValue: 1 << 0)
    static let pageViewed = EventSet(rawValue: 1 << 1)
    static let searched = EventSet(rawValue: 1 << 2)
    static let cartAdded = EventSet(rawValue: 1 << 3)
    static let purchased = EventSet(rawValue: 1 << 4)
    static let videoWatched = EventSet(rawValue: 1 << 5)
    static let attemptFailed = EventSet(rawValue: 1 << 6)
    static let ticketOpened = EventSet(rawValue: 1 << 7)
    static let ticketClosed = EventSet(rawValue: 1 << 8)
    static let newsletterJoined = EventSet(rawValue: 1 << 9)
    static let offerShown = EventSet(rawValue: 1 << 10)
    static let offerWithheld = EventSet(rawValue: 1 << 11)
    static let offerClicked = EventSet(rawValue: 1 << 12)
    static let offerDismissed = EventSet(rawValue: 1 << 13)
    static let cancelled = EventSet(rawValue: 1 << 14)

    /// Makes the set of one event.
    init(_ event: SimulatedEvent) {
        let index = SimulatedEvent.allCases.firstIndex(of: event) ?? 0
        rawValue = 1 << UInt16(index)
    }

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }
}
