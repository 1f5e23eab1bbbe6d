import LimpetDocuments

/// A set of event names: exact names, and prefixes written with a star, e.g. `click:*`.
public struct EventPattern: Hashable, Sendable {
    private let texts: [VerbatimText]
    /// The names and prefixes as they were written; empty for ``any``.
    public var names: [String] { texts.map(\.text) }

    /// The pattern of all events that users cause themselves.
    public static let any = EventPattern(names: [])

    /// Makes a pattern of the given names and prefixes.
    public init(names: [String]) {
        texts = names.map { VerbatimText($0) }
    }

    /// True for ``any``, the pattern without names.
    public var isAny: Bool { texts.isEmpty }

    /// Returns true if the pattern includes events with this name. ``any`` includes every name; the caller
    /// leaves out system events.
    public func matches(_ name: String) -> Bool {
        texts.isEmpty || texts.contains { Self.matches(name, pattern: $0.text) }
    }

    private static func matches(_ name: String, pattern: String) -> Bool {
        // By bytes: a prefix may end within what Unicode draws as one character.
        pattern.utf8.last == UInt8(ascii: "*")
            ? name.utf8.starts(with: pattern.utf8.dropLast()) : name.isVerbatim(pattern)
    }
}
