/// A value of a document together with its path, so that each error names the place.
///
///     let root = DocumentNode(try JSONReader.read(Array(#"{"window": 30}"#.utf8)[...]))
///     let days = try root.required("window").integer(in: 1...3_650)
///     try root.allowOnly(["window"])
public struct DocumentNode: Sendable {
    /// The value.
    public let value: JSON
    /// The path of the value, e.g. `features[3].window`; empty for the whole document.
    public let path: String

    /// Makes the node of a document's root, or of a value at a path.
    public init(_ value: JSON, path: String = "") {
        self.value = value
        self.path = path
    }

    /// Returns an error about this value.
    public func error(_ problem: String) -> DocumentError { DocumentError(path: path, problem: problem) }

    private func child(_ name: String, _ value: JSON) -> DocumentNode {
        DocumentNode(value, path: path.isEmpty ? name : "\(path).\(name)")
    }

    /// Returns a member that may be absent; null counts as absent.
    public func optional(_ name: String) throws(DocumentError) -> DocumentNode? {
        guard value.members != nil else { throw error("expected an object") }
        guard let member = value[name], member != .null else { return nil }
        return child(name, member)
    }

    /// Returns a member that must be present.
    public func required(_ name: String) throws(DocumentError) -> DocumentNode {
        guard let member = try optional(name) else { throw child(name, .null).error("is missing") }
        return member
    }

    /// Throws for members not listed in `names`: most are misspelt and would otherwise be ignored silently.
    public func allowOnly(_ names: [String]) throws(DocumentError) {
        guard let members = value.members else { throw error("expected an object") }
        for member in members where !names.contains(verbatim: member.name) {
            throw child(member.name, member.value)
                .error("unknown key\(Suggestion.text(for: member.name, among: names))")
        }
    }

    /// Returns this value as a text.
    public func string() throws(DocumentError) -> String {
        guard let text = value.text else { throw error("expected a text") }
        return text
    }

    /// Returns this value as a finite number.
    public func double() throws(DocumentError) -> Double {
        guard let number = value.double else { throw error("expected a finite number") }
        return number
    }

    /// Returns this value as a whole number within a range.
    public func integer(in range: ClosedRange<Int>) throws(DocumentError) -> Int {
        guard let number = value.integer, range.contains(number) else {
            throw error("expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Returns this value as a Boolean.
    public func boolean() throws(DocumentError) -> Bool {
        guard let value = value.boolean else { throw error("expected true or false") }
        return value
    }

    /// Returns the elements of this list, at most `limit`.
    public func elements(limit: Int = 1_000_000) throws(DocumentError) -> [DocumentNode] {
        guard let values = value.array else { throw error("expected a list") }
        guard values.count <= limit else {
            throw error("has \(values.count) elements, at most \(limit) are read")
        }
        return values.enumerated().map { DocumentNode($1, path: "\(path)[\($0)]") }
    }

    /// Returns the members of this object by name, in the order of the document.
    public func namedMembers() throws(DocumentError) -> [(name: String, node: DocumentNode)] {
        guard let members = value.members else { throw error("expected an object") }
        return members.map { ($0.name, child($0.name, $0.value)) }
    }

    /// Returns this list of finite numbers.
    public func doubles() throws(DocumentError) -> [Double] {
        var numbers: [Double] = []
        for element in try elements() { numbers.append(try element.double()) }
        return numbers
    }

    /// Returns this list of texts; a single text is a list of one.
    public func strings() throws(DocumentError) -> [String] {
        if let text = value.text { return [text] }
        var texts: [String] = []
        for element in try elements() { texts.append(try element.string()) }
        return texts
    }

    /// Returns this text as a case of an enumeration.
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
