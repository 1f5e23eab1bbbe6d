public import LimpetEvents

extension Policy {
    /// An offer that can be made to a user, with its trigger and conditions.
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
        /// The channel by which it goes, `inApp` for the product itself.
        public var channel: String
        /// The event or instant at which it may be made; nil for when somebody asks.
        public var trigger: Trigger?
        /// The condition on the user.
        public var condition: Condition
        /// The gain from a user who stays; nil to let the priority decide.
        public var value: Double?
        /// The share of users whom the offer keeps; 1 where it is not given and a value is.
        public var effect: Double?
        /// The cost of making the offer.
        public var cost: Double?
        /// The events that the offer is to bring about: after them it is no longer made.
        public var goal: EventSelection?
        /// The time for which it waits to be handed out, once it is decided.
        public var validFor: TimeSpan
        /// The age of an event from which on it triggers nothing; nil for the policy's.
        public var freshness: TimeSpan?
        /// The quiet hours of this offer.
        public var quietHours: QuietHours

        /// The quiet hours of an offer.
        public enum QuietHours: Hashable, Sendable {
            /// Those of the policy.
            case usual
            /// None.
            case none
            /// Its own.
            case own(CivilPeriod)
        }

        /// The name of the channel of the product itself.
        public static let inApp = "inApp"
        /// The default of ``validFor``, 10 minutes.
        public static let usualValidity = TimeSpan(milliseconds: 600_000)

        /// Creates an offer.
        public init(
            id: String, title: String, body: String? = nil, priority: Int = 0, cooldown: TimeSpan? = nil,
            placements: [String]? = nil, channel: String = Self.inApp, trigger: Trigger? = nil,
            condition: Condition, value: Double? = nil, effect: Double? = nil, cost: Double? = nil,
            goal: EventSelection? = nil, validFor: TimeSpan = Self.usualValidity, freshness: TimeSpan? = nil,
            quietHours: QuietHours = .usual
        ) {
            self.id = id
            self.title = title
            self.body = body
            self.priority = priority
            self.cooldown = cooldown
            self.placements = placements
            self.channel = channel
            self.trigger = trigger
            self.condition = condition
            self.value = value
            self.effect = effect
            self.cost = cost
            self.goal = goal
            self.validFor = validFor
            self.freshness = freshness
            self.quietHours = quietHours
        }

        /// The expected gain `value × effect − cost`; nil where the priority decides.
        public var net: Double? {
            guard value != nil || cost != nil else { return nil }
            return (value ?? 0) * (effect ?? 1) - (cost ?? 0)
        }

        /// True if the offer goes by the product itself.
        public var isInApp: Bool { channel == Self.inApp }
    }
}
