/// A JSON value. Objects keep the order of their members, numbers the text they were written with, so that
/// decimal amounts survive and a document is written with the same bytes each time.
public enum JSON: Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number, as text.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Members in the order of the document.
    case object([JSONMember])

    /// A number; NaN, which JSON cannot write, becomes null.
    public static func number(_ value: Double) -> JSON {
        value.isFinite ? .number(value.description) : .null
    }

    /// A whole number.
    public static func number(_ value: Int) -> JSON { .number(String(value)) }

    /// Members in the order given; nil values are left out.
    public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { name, value in value.map { JSONMember(name: name, value: $0) } })
    }

    /// A member of an object by name; nil when there is none or this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, if this is one.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, if this is one that a `Double` can hold.
    public var double: Double? {
        if case .number(let text) = self, let value = Double(text), value.isFinite { value } else { nil }
    }

    /// The whole number, if this is one.
    public var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The truth value, if this is one.
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The list, if this is one.
    public var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The members, if this is an object.
    public var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// A name with its value in a JSON object.
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
