import LimpetDocuments
import LimpetEvents
import LimpetScoring
import Yams

/// A conversion of the nodes that Yams composed to JSON and the lines of its values.
///
/// Yams lets the aliases of an anchor share one value, but here each is expanded: nested aliases could turn a
/// few lines into billions of values, which the limits prevent.
struct YAMLConversion {
    /// The maximum number of values of a document, with each alias expanded.
    static let valueLimit = 100_000
    /// The maximum depth of lists and mappings, equal to that of JSON.
    static let depthLimit = JSONReader.Limits().depth

    private let file: String
    private var valueCount = 0

    init(file: String) { self.file = file }

    /// Converts a value and all values in it.
    ///
    /// - Throws: `InputError` when the document has too many values or too many levels.
    mutating func convert(_ node: Node, depth: Int = 0) throws(InputError) -> (JSON, YAMLLines) {
        let line = node.mark?.line
        valueCount += 1
        guard valueCount <= Self.valueLimit else {
            throw InputError(
                InputPlace(file: file, line: line),
                "more than \(Self.valueLimit) values, with each alias written out")
        }
        guard depth <= Self.depthLimit else {
            throw InputError(
                InputPlace(file: file, line: line), "more than \(Self.depthLimit) levels within each other")
        }
        switch node {
        case .mapping(let mapping): return try convert(mapping, line: line, depth: depth + 1)
        case .sequence(let sequence): return try convert(sequence, line: line, depth: depth + 1)
        default: return (Self.scalar(node), YAMLLines(line: line))
        }
    }

    private mutating func convert(
        _ mapping: Node.Mapping, line: Int?, depth: Int
    ) throws(InputError) -> (JSON, YAMLLines) {
        var members: [JSONMember] = []
        var lines: [(name: String, lines: YAMLLines)] = []
        for (key, value) in mapping {
            let name = key.string ?? ""
            let (json, place) = try convert(value, depth: depth)
            members.append(JSONMember(name: name, value: json))
            lines.append((name, place))
        }
        return (.object(members), YAMLLines(line: line, members: lines))
    }

    private mutating func convert(
        _ sequence: Node.Sequence, line: Int?, depth: Int
    ) throws(InputError) -> (JSON, YAMLLines) {
        var values: [JSON] = []
        var lines: [YAMLLines] = []
        for element in sequence {
            let (json, place) = try convert(element, depth: depth)
            values.append(json)
            lines.append(place)
        }
        return (.array(values), YAMLLines(line: line, elements: lines))
    }

    /// Returns a plain scalar as the core schema of YAML 1.2 resolves it: quoted texts stay texts, and so do
    /// `yes` and `21:00`, which are a Boolean and a number in YAML 1.1.
    ///
    /// A decimal number keeps its text, also where JSON would write it differently (`05.50`, `+5`, `.5`): a
    /// threshold uses its value, and a text that is compared with events must be as in the file. Other
    /// spellings (`0x1F`, `.inf`) are not accepted as numbers anywhere, and stay texts.
    private static func scalar(_ node: Node) -> JSON {
        let text = node.string ?? ""
        guard node.scalar?.style == .plain, node.tag.rawValue != Tag.Name.str.rawValue else {
            return .string(text)
        }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: return text.isDecimalNumber ? .number(text) : .string(text)
        }
    }
}
