import LimpetDocuments
import LimpetEvents

extension Bounds {
    static let keys = ["above", "atLeast", "below", "atMost"]

    var limits: [Double] { [above, atLeast, below, atMost].compactMap { $0 } }

    /// Reads the bounds from a condition's members.
    init(_ node: DocumentNode) throws(DocumentError) {
        self.init(
            above: try node.optional("above")?.double(), atLeast: try node.optional("atLeast")?.double(),
            below: try node.optional("below")?.double(), atMost: try node.optional("atMost")?.double())
        guard !isEmpty else {
            throw node.error("expected at least one of \(Self.keys.joined(separator: ", "))")
        }
    }

    var members: [JSONMember] {
        zip(Self.keys, [above, atLeast, below, atMost]).compactMap { name, limit in
            limit.map { JSONMember(name: name, value: .number($0)) }
        }
    }
}

extension DocumentNode {
    /// Returns a text or a list of texts; numbers and Booleans count as the texts that events carry for them.
    func plainTexts() throws(DocumentError) -> [String] {
        if let text = value.plainText { return [text] }
        var texts: [String] = []
        for element in try elements(limit: Condition.partLimit) {
            guard let text = element.value.plainText else { throw element.error("expected a text") }
            texts.append(text)
        }
        guard !texts.isEmpty else { throw error("expected at least one text") }
        return texts
    }
}

extension JSON {
    fileprivate var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        default: nil
        }
    }
}

extension TimeSpan? {
    /// The member of a document with a name, if there is a span.
    func members(_ name: String) -> [JSONMember] {
        map { [JSONMember(name: name, value: .string($0.description))] } ?? []
    }
}
