extension JSON {
    /// The value on one line, without spaces.
    public var compact: String {
        var text = ""
        write(into: &text, indent: nil, level: 0)
        return text
    }

    /// The value over several indented lines; lists of plain values stay on one line.
    public var pretty: String {
        var text = ""
        write(into: &text, indent: "  ", level: 0)
        return text
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private func write(into text: inout String, indent: String?, level: Int) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let number): text += number
        case .string(let string): Self.write(string, into: &text)
        case .array(let values):
            let isInline = values.allSatisfy(\.isPlain)
            Self.writeList(
                values, "[", "]", into: &text, indent: isInline ? nil : indent, level: level
            ) { value, text in
                value.write(into: &text, indent: indent, level: level + 1)
            }
        case .object(let members):
            Self.writeList(members, "{", "}", into: &text, indent: indent, level: level) { member, text in
                Self.write(member.name, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: indent, level: level + 1)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, into text: inout String, indent: String?,
        level: Int, write: (Element, inout String) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: indent, count: level + 1) }
            write(element, &text)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: indent, count: level) }
        text += close
    }

    private static func write(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
