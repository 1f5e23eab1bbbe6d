public import LimpetDocuments

/// An action of one user at one time, e.g. a purchase.
///
///     var event = Event(user: "17", name: "purchase", time: Timestamp(milliseconds: 1_767_225_600_000))
///     event.zoneOffsetMinutes = 60
///     event.properties[Event.valueProperty] = "19.90"
public struct Event: Hashable, Sendable {
    /// The user's id, compared byte by byte.
    public var user: String
    /// The event's name, e.g. `purchase`.
    public var name: String
    /// The time of the event.
    public var time: Timestamp
    /// The local offset from UTC in minutes, east positive; nil when the event does not give one.
    public var zoneOffsetMinutes: Int?
    /// The sender's id of this message; a second message with the same id is a duplicate.
    public var messageID: String?
    /// The time of receipt; nil when the log does not give one. Features use ``time``, never this.
    public var received: Timestamp?
    /// The properties as texts: `value` is the event's amount, the other names are the sender's own.
    public var properties: VerbatimDictionary<String>

    /// Makes an event.
    public init(
        user: String, name: String, time: Timestamp, zoneOffsetMinutes: Int? = nil, messageID: String? = nil,
        received: Timestamp? = nil, properties: VerbatimDictionary<String> = [:]
    ) {
        self.user = user
        self.name = name
        self.time = time
        self.zoneOffsetMinutes = zoneOffsetMinutes
        self.messageID = messageID
        self.received = received
        self.properties = properties
    }

    /// The earliest plausible time of an event that is taken in, unless another one is set: 1990-01-01.
    /// Zeros, dates that databases hold for none, and numbers in another unit lie before it.
    public static let usualEarliest = Timestamp(milliseconds: 631_152_000_000)
    /// The name of the property that holds an event's amount.
    public static let valueProperty = "value"
    /// The name by which features read an event's name as if it were a property.
    public static let nameProperty = "event"
    /// The name of the events that attributes of users become: no user causes them.
    public static let attributesName = "$attributes"
    /// The time of an attribute that counts from its user's first event on.
    package static let fromStart = Timestamp(milliseconds: .min)
}
