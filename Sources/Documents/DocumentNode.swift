/// A value of a document with the path that leads to it, so that each error can say where it stands.
public struct DocumentNode: Sendable {
    /// The value.
    public let value: JSON
    /// Where it stands, e.g. `features[3].window`; empty for the whole document.
    public let path: String

    /// The root of a document.
    public init(_ value: JSON, path: String = "") {
        self.value = value
        self.path = path
    }

    /// An error about this value.
    public func error(_ problem: String) -> DocumentError { DocumentError(path: path, problem: problem) }

    private func child(_ name: String, _ value: JSON) -> DocumentNode {
        DocumentNode(value, path: path.isEmpty ? name : "\(path).\(name)")
    }

    /// A member that may be absent; null counts as absent.
    public func optional(_ name: String) throws(DocumentError) -> DocumentNode? {
        guard value.members != nil else { throw error("expected an object") }
        guard let member = value[name], member != .null else { return nil }
        return child(name, member)
    }

    /// A member that must be there.
    public func required(_ name: String) throws(DocumentError) -> DocumentNode {
        guard let member = try optional(name) else { throw child(name, .null).error("is missing") }
        return member
    }

    /// Refuses members that nothing reads: mostly misspelt ones, which would otherwise be lost silently.
    public func allowOnly(_ names: [String]) throws(DocumentError) {
        guard let members = value.members else { throw error("expected an object") }
        for member in members where !names.contains(member.name) {
            throw child(member.name, member.value)
                .error("unknown key\(Suggestion.text(for: member.name, among: names))")
        }
    }

    /// The text of this value.
    public func string() throws(DocumentError) -> String {
        guard let text = value.text else { throw error("expected a text") }
        return text
    }

    /// The number of this value, finite.
    public func double() throws(DocumentError) -> Double {
        guard let number = value.double else { throw error("expected a finite number") }
        return number
    }

    /// The whole number of this value, within a range.
    public func integer(in range: ClosedRange<Int>) throws(DocumentError) -> Int {
        guard let number = value.integer, range.contains(number) else {
            throw error("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The truth value.
    public func boolean() throws(DocumentError) -> Bool {
        guard let value = value.boolean else { throw error("expected true or false") }
        return value
    }

    /// The elements of this list.
    public func elements(limit: Int = 1_000_000) throws(DocumentError) -> [DocumentNode] {
        guard let values = value.array else { throw error("expected a list") }
        guard values.count <= limit else {
            throw error("has \(values.count) elements, at most \(limit) are read")
        }
        return values.enumerated().map { DocumentNode($1, path: "\(path)[\($0)]") }
    }

    /// The members of this object as nodes by name, in the order of the document.
    public func namedMembers() throws(DocumentError) -> [(name: String, node: DocumentNode)] {
        guard let members = value.members else { throw error("expected an object") }
        return members.map { ($0.name, child($0.name, $0.value)) }
    }

    /// A list of finite numbers.
    public func doubles() throws(DocumentError) -> [Double] {
        var numbers: [Double] = []
        for element in try elements() { numbers.append(try element.double()) }
        return numbers
    }

    /// A list of texts; a single text is a list of one.
    public func strings() throws(DocumentError) -> [String] {
        if let text = value.text { return [text] }
        var texts: [String] = []
        for element in try elements() { texts.append(try element.string()) }
        return texts
    }

    /// One of a set of words.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(DocumentError) -> Choice where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        guard let text = value.text, let choice = Choice(rawValue: text) else {
            let found = value.text ?? value.compact
            throw error(
                "found \(found.quoted), expected one of \(words.joined(separator: ", "))"
                    + Suggestion.text(for: found, among: words))
        }
        return choice
    }
}
