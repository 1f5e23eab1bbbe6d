public import LimpetDocuments
public import LimpetEvents
import LimpetScoring

/// The offers that may be made to users, with their conditions, the frequency caps and the holdout.
///
///     let offer = Policy.Offer(
///         id: "discount", title: "Save 10 %", condition: .score(Bounds(atLeast: 0.3)))
///     let policy = Policy(caps: Caps(perDay: 1), holdout: Holdout(share: 0.1, key: "2025"), offers: [offer])
///
/// The article <doc:Policy> describes its file field by field.
public struct Policy: Hashable, Sendable {
    /// The frequency caps of all offers together.
    public var caps: Caps
    /// The users who get no offers, as a control group; nil for none.
    public var holdout: Holdout?
    /// The offers in the order of the file.
    public var offers: [Offer]

    /// The maximum number of offers in a policy.
    public static let offerLimit = 1_000

    /// Creates a policy.
    public init(caps: Caps = Caps(), holdout: Holdout? = nil, offers: [Offer]) {
        self.caps = caps
        self.holdout = holdout
        self.offers = offers
    }

    /// An offer that can be shown to a user, and its conditions.
    public struct Offer: Hashable, Sendable {
        /// The offer's id, unique within the policy.
        public var id: String
        /// The title that the user reads.
        public var title: String
        /// The text below the title; nil for none.
        public var body: String?
        /// The priority: of the offers that may be shown, the one with the highest is chosen, and the first
        /// among equals.
        public var priority: Int
        /// The least time between two exposures of this offer to one user; nil for no limit.
        public var cooldown: TimeSpan?
        /// The placements that the offer fits; nil for all.
        public var placements: [String]?
        /// The condition on the user.
        public var condition: Condition

        /// Creates an offer.
        public init(
            id: String, title: String, body: String? = nil, priority: Int = 0, cooldown: TimeSpan? = nil,
            placements: [String]? = nil, condition: Condition
        ) {
            self.id = id
            self.title = title
            self.body = body
            self.priority = priority
            self.cooldown = cooldown
            self.placements = placements
            self.condition = condition
        }
    }

    /// The event properties that conditions read as text; an event log that fills a service should hold them.
    public var textProperties: VerbatimSet {
        VerbatimSet(offers.flatMap { $0.condition.leaves.compactMap(\.textProperty) })
    }
}
