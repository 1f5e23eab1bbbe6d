public import LimpetEvents

/// An input of the state machine of one user: nothing else changes a profile.
public enum ProfileInput: Hashable, Sendable {
    /// An event of the user.
    case event(IncomingEvent)
    /// A question whether there is an offer for the user now.
    case ask(OfferQuestion)
    /// The passing of time.
    case tick
}

/// An event as it was taken in, with what the intake found out about it.
public struct IncomingEvent: Hashable, Sendable {
    /// The ids that it names, the known one first.
    public var ids: [ProfileID]
    /// The event; its user is not read.
    public var event: Event
    /// The hashes of its message; nil for one without an id.
    public var message: MessageHash?
    /// The name of the zone that the user is in.
    public var zone: String?
    /// The time that the sender gave, where another one is used.
    public var originalTime: Timestamp?
    /// The findings of the intake.
    public var flags: Flags
    /// The user's statements about purposes.
    public var consent: [Statement]
    /// The user's reaction to a delivery.
    public var feedback: DeliveryFeedback?
    /// True if the answer to the event can hold an offer; false for one of many in a batch.
    public var isAnswered: Bool
    /// The profile that is joined by the event.
    public var joined: JoinedProfile?

    /// The findings of the intake about an event.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8
        /// Creates flags of bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The sender's clock was corrected by more than a minute: the event triggers nothing.
        public static let corrected = Flags(rawValue: 1)
        /// The time lay ahead of the clock, and was set back to it.
        public static let clamped = Flags(rawValue: 2)
        /// The name of the zone is not known.
        public static let unknownZone = Flags(rawValue: 4)
        /// An amount is no number, and is missing.
        public static let badAmount = Flags(rawValue: 8)
        /// The service itself made the event.
        public static let own = Flags(rawValue: 16)
    }

    /// A statement about a purpose.
    public struct Statement: Hashable, Sendable {
        /// The purpose.
        public var purpose: String
        /// True for consent.
        public var isGiven: Bool

        /// Creates a statement.
        public init(_ purpose: String, _ isGiven: Bool) {
            self.purpose = purpose
            self.isGiven = isGiven
        }
    }

    /// Creates an event.
    public init(
        ids: [ProfileID], event: Event, message: MessageHash? = nil, zone: String? = nil,
        originalTime: Timestamp? = nil, flags: Flags = [], consent: [Statement] = [],
        feedback: DeliveryFeedback? = nil, isAnswered: Bool = true, joined: JoinedProfile? = nil
    ) {
        self.ids = ids
        self.event = event
        self.message = message
        self.zone = zone
        self.originalTime = originalTime
        self.flags = flags
        self.consent = consent
        self.feedback = feedback
        self.isAnswered = isAnswered
        self.joined = joined
    }
}

/// A user's reaction to a delivery.
public struct DeliveryFeedback: Hashable, Sendable {
    /// The kinds of feedback.
    public enum Kind: UInt8, Sendable {
        /// It was on the screen.
        case shown = 0
        /// The user clicked on it.
        case clicked = 1
        /// The user dismissed it.
        case dismissed = 2
    }

    /// The number of the record that reserved the delivery.
    public var record: UInt64
    /// The kind.
    public var kind: Kind

    /// Creates a feedback.
    public init(record: UInt64, kind: Kind) {
        self.record = record
        self.kind = kind
    }
}

/// A question for an offer to a user.
public struct OfferQuestion: Hashable, Sendable {
    /// The ids that it names.
    public var ids: [ProfileID]
    /// The place where the offer would be shown; nil where it is not named.
    public var placement: String?
    /// The hashes of the request's id, so that a repetition gets the same answer.
    public var request: MessageHash?

    /// Creates a question.
    public init(ids: [ProfileID], placement: String? = nil, request: MessageHash? = nil) {
        self.ids = ids
        self.placement = placement
        self.request = request
    }
}

/// The part of the world that a step reads: all of it stands in its record, so that a replay reads the same.
public struct StepContext: Sendable {
    /// The clock's time.
    public var now: Timestamp
    /// The number of the record that the step writes.
    public var record: UInt64
    /// The start of the service.
    public var epoch: UInt32
    /// The generation of model, policy and zones.
    public var generation: UInt32
    /// The cause for which no offers are made; nil for none.
    public var silence: SilenceCause?

    /// Creates a context.
    public init(
        now: Timestamp, record: UInt64, epoch: UInt32 = 1, generation: UInt32 = 1,
        silence: SilenceCause? = nil
    ) {
        self.now = now
        self.record = record
        self.epoch = epoch
        self.generation = generation
        self.silence = silence
    }
}
