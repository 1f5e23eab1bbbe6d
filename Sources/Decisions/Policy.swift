public import LimpetEvents
import LimpetScoring

/// What may be offered to whom, and how much of a user's attention offers may take. The article <doc:Policy>
/// describes its file field by field.
public struct Policy: Hashable, Sendable {
    /// How much attention all offers together may take.
    public var caps: Caps
    /// The users who get no offers, so that others can be compared with them; nil for none.
    public var holdout: Holdout?
    /// The offers in the order of the file.
    public var offers: [Offer]

    /// The most offers that a policy may have.
    public static let offerLimit = 1_000

    /// Makes a policy.
    public init(caps: Caps = Caps(), holdout: Holdout? = nil, offers: [Offer]) {
        self.caps = caps
        self.holdout = holdout
        self.offers = offers
    }

    /// Something that can be shown to a user, and when.
    public struct Offer: Hashable, Sendable {
        /// The offer's id, unique within the policy.
        public var id: String
        /// The line that the user reads first.
        public var title: String
        /// More text; nil for none.
        public var body: String?
        /// Of several offers that may be shown, one with the highest priority is; among equals the first.
        public var priority: Int
        /// The least time between two exposures of this offer to one user; nil for no such rule.
        public var cooldown: TimeSpan?
        /// The placements that it fits; nil for all.
        public var placements: [String]?
        /// What must hold for the user.
        public var condition: Condition

        /// Makes an offer.
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

    /// The properties that conditions read as text: an event log that a service is filled from should hold
    /// them.
    public var textProperties: Set<String> {
        Set(offers.flatMap { $0.condition.leaves.compactMap(\.textProperty) })
    }
}
