/// Which events are meant: exact names, and beginnings of names written with a star, e.g. `click:*`.
public struct EventPattern: Hashable, Sendable {
    /// The names as they were written. Empty: all events that users cause themselves.
    public let names: [String]

    /// All events that users cause themselves.
    public static let any = EventPattern(names: [])

    /// Makes a pattern of these names.
    public init(names: [String]) {
        self.names = names
    }

    /// Whether every event of the user is meant.
    public var isAny: Bool { names.isEmpty }

    /// Whether an event of that name is meant. For ``any`` the caller leaves out system events.
    public func matches(_ name: String) -> Bool {
        names.isEmpty || names.contains { Self.matches(name, pattern: $0) }
    }

    private static func matches(_ name: String, pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
