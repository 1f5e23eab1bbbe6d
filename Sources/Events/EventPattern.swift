/// A set of event names: exact names, and prefixes written with a star, e.g. `click:*`.
public struct EventPattern: Hashable, Sendable {
    /// The names and prefixes as they were written; empty for ``any``.
    public let names: [String]

    /// The pattern of all events that users cause themselves.
    public static let any = EventPattern(names: [])

    /// Makes a pattern of the given names and prefixes.
    public init(names: [String]) {
        self.names = names
    }

    /// True for ``any``, the pattern without names.
    public var isAny: Bool { names.isEmpty }

    /// Returns true if the pattern includes events with this name. ``any`` includes every name; the caller
    /// leaves out system events.
    public func matches(_ name: String) -> Bool {
        names.isEmpty || names.contains { Self.matches(name, pattern: $0) }
    }

    private static func matches(_ name: String, pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
