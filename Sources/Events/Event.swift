/// One thing that happened to one user.
public struct Event: Hashable, Sendable {
    /// The user's id, verbatim.
    public var user: String
    /// What happened, e.g. `purchase`.
    public var name: String
    /// When it happened.
    public var time: Timestamp
    /// Minutes east of UTC of the place where it happened, where the event says so.
    public var zoneOffsetMinutes: Int?
    /// The sender's id of this message; a second message with the same id is a repetition.
    public var messageID: String?
    /// When the message came in, where the log says so; features look at ``time``.
    public var received: Timestamp?
    /// What the event carries, as text: `value` is its amount, the other names are the sender's own.
    public var properties: [String: String]

    /// Makes an event.
    public init(
        user: String, name: String, time: Timestamp, zoneOffsetMinutes: Int? = nil, messageID: String? = nil,
        received: Timestamp? = nil, properties: [String: String] = [:]
    ) {
        self.user = user
        self.name = name
        self.time = time
        self.zoneOffsetMinutes = zoneOffsetMinutes
        self.messageID = messageID
        self.received = received
        self.properties = properties
    }

    /// The property that holds an event's amount.
    public static let valueProperty = "value"
}
