/// A JSON value, whose objects keep the order of their members and whose numbers keep their text.
///
///     let document: JSON = .object(["name": .string("purchase"), "count": .number(3)])
///     document.compact  // {"name":"purchase","count":3}
///     document["count"]?.integer  // 3
///
/// So decimal amounts stay exact, and a document is written with the same bytes each time.
public enum JSON: Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number, as its text.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// An object, as its members in the order of the document.
    case object([JSONMember])

    /// Returns a number; null for NaN and infinities, which JSON cannot write.
    public static func number(_ value: Double) -> JSON {
        value.isFinite ? .number(value.description) : .null
    }

    /// Returns a whole number.
    public static func number(_ value: Int) -> JSON { .number(String(value)) }

    /// Returns an object of the given members in their order; nil values are left out.
    public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { name, value in value.map { JSONMember(name: name, value: $0) } })
    }

    /// The member of an object with the given name; nil when there is none or this is not an object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.isVerbatim(name) }?.value
    }

    /// The text; nil for other values.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number; nil for other values, and for numbers that no finite `Double` holds.
    public var double: Double? {
        if case .number(let text) = self, let value = Double(text), value.isFinite { value } else { nil }
    }

    /// The whole number; nil for other values.
    public var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The Boolean; nil for other values.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The list; nil for other values.
    public var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The members; nil when this is not an object.
    public var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// A name and its value in a JSON object.
public struct JSONMember: Hashable, Sendable {
    /// The member's name.
    public var name: String
    /// The member's value.
    public var value: JSON

    /// Makes a member.
    public init(name: String, value: JSON) {
        self.name = name
        self.value = value
    }
}
