public import LimpetDocuments
public import LimpetEvents
import LimpetScoring
import Yams

/// A YAML document whose errors name the file and the line.
public struct YAMLDocument: Sendable {
    /// The name of the file.
    public let file: String
    /// The content.
    public let root: DocumentNode
    private let lines: YAMLLines

    /// Reads a file.
    ///
    /// - Throws: ``FileError`` when it cannot be read, `InputError` when it is not valid YAML or is too
    ///   large.
    public init(path: String) throws {
        let bytes = try ByteSource(path: path).readAll(limit: 1 << 24)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError(InputPlace(file: path), "is not valid UTF-8")
        }
        try self.init(text: text, file: path)
    }

    /// Parses a text.
    ///
    /// - Throws: `InputError` when it is not valid YAML, has more than 100,000 values with each alias
    ///   expanded, or more than 64 levels.
    public init(text: String, file: String) throws(InputError) {
        self.file = file
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw Self.inputError(error, file: file)
        } catch {
            throw InputError(InputPlace(file: file), "\(error)")
        }
        guard let node else { throw InputError(InputPlace(file: file), "is empty") }
        var conversion = YAMLConversion(file: file)
        let (value, lines) = try conversion.convert(node)
        root = DocumentNode(value)
        self.lines = lines
    }

    private static func inputError(_ error: YamlError, file: String) -> InputError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            InputError(InputPlace(file: file, line: mark.line), "is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            InputError(
                InputPlace(file: file, line: context.mark.line),
                "the key \(names.joined(separator: ", ")) occurs twice")
        default: InputError(InputPlace(file: file), "is no YAML: \(error)")
        }
    }

    /// Returns the file and line of a value, given by a path such as `features[3].window`.
    public func place(of path: String) -> InputPlace {
        InputPlace(file: file, line: lines.line(of: path), field: path.isEmpty ? nil : path)
    }

    /// Reads something from the document; an error is reported with its line.
    ///
    /// - Throws: `InputError` for a `DocumentError`.
    public func read<Result>(
        _ body: (DocumentNode) throws(DocumentError) -> Result
    ) throws(InputError) -> Result {
        do {
            return try body(root)
        } catch {
            throw InputError(place(of: error.path), error.problem)
        }
    }
}

extension JSON {
    /// The value as YAML: one member or element on each line; small objects and lists of plain values inline.
    public var yaml: String {
        var text = ""
        writeYAML(into: &text, indent: 0)
        return text
    }

    private func writeYAML(into text: inout String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .object(let members) where !members.isEmpty:
            for member in members {
                text += "\(margin)\(member.name.yamlScalar):"
                member.value.writeYAMLValue(into: &text, indent: indent + 2)
            }
        case .array(let values) where !values.isEmpty:
            for value in values {
                text += "\(margin)-"
                value.writeYAMLValue(into: &text, indent: indent + 2)
            }
        default:
            text += margin + inlineYAML + "\n"
        }
    }

    private func writeYAMLValue(into text: inout String, indent: Int) {
        if isInline {
            text += " \(inlineYAML)\n"
        } else {
            text += "\n"
            writeYAML(into: &text, indent: indent)
        }
    }

    /// True when no value within holds an object or a list, except for lists of plain values.
    private var isInline: Bool {
        switch self {
        case .object(let members):
            members.allSatisfy { member in
                switch member.value {
                case .object: false
                case .array(let values): values.allSatisfy(\.isPlainScalar)
                default: true
                }
            }
        case .array(let values): values.allSatisfy(\.isPlainScalar)
        default: true
        }
    }

    private var isPlainScalar: Bool {
        switch self {
        case .object, .array: false
        default: true
        }
    }

    private var inlineYAML: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\($0.name.yamlScalar): \($0.value.inlineYAML)" }.joined(separator: ", ")
                + "}"
        case .array(let values): "[" + values.map(\.inlineYAML).joined(separator: ", ") + "]"
        case .string(let text): text.yamlScalar
        default: compact
        }
    }
}

extension String {
    /// The text as a YAML scalar: plain where that reads back as the same text, else in quotes.
    fileprivate var yamlScalar: String {
        let isWord =
            !isEmpty
            && utf8.allSatisfy {
                ($0 | 0x20 >= 97 && $0 | 0x20 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 47
            }
        let words: VerbatimSet = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
        let isPlain = isWord && first.map { $0.isLetter } ?? false && !words.contains(lowercased())
        let isSpan = TimeSpan(self) != nil
        return isPlain || isSpan ? self : quotedYAML
    }

    /// The text in double quotes. JSON's escapes are YAML's too, but YAML allows fewer unescaped characters:
    /// some count as line breaks, others are refused.
    private var quotedYAML: String {
        JSON.string(self).compact.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0x7f...0x9f, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff:
                let digits = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: return String(scalar)
            }
        }.joined()
    }
}
