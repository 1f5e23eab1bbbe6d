/// A table in columns for reading.
struct TextTable {
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]]

    init(_ header: [(String, Alignment)]) {
        alignments = header.map(\.1)
        rows = [header.map(\.0)]
    }

    mutating func append(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell -> String in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return alignments[column] == .left ? cell + space : space + cell
            }
            return ("  " + cells.joined(separator: "  ")).trimmingTrailingSpaces
        }.joined(separator: "\n")
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}

/// Numbers as people read them.
enum Format {
    /// A number with a fixed number of decimals.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e15 else { return value.description }
        let digits = String(Int64(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    static func fixed(_ value: Double?, _ decimals: Int) -> String {
        value.map { fixed($0, decimals) } ?? "–"
    }

    /// A number with its sign, also above 0.
    static func signed(_ value: Double, _ decimals: Int) -> String {
        (value >= 0 ? "+" : "") + fixed(value, decimals)
    }

    static func percent(_ value: Double?, _ decimals: Int = 1) -> String {
        value.map { fixed($0 * 100, decimals) + " %" } ?? "–"
    }

    /// A length of time in the largest unit of which there is at least one.
    static func span(days: Double) -> String {
        if days >= 1 { return "\(short(days)) days" }
        if days >= 1.0 / 24 { return "\(short(days * 24)) hours" }
        return days >= 1.0 / 1_440 ? "\(short(days * 1_440)) minutes" : "\(short(days * 86_400)) seconds"
    }

    /// A whole number with commas between thousands.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + ([rest] + groups).joined(separator: ",")
    }

    /// A number in at most five significant digits, for axes.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value == value.rounded(), value.magnitude < 1e6 { return String(Int(value)) }
        let decimals =
            value.magnitude >= 1_000 ? 0 : value.magnitude >= 10 ? 1 : value.magnitude >= 0.1 ? 3 : 5
        let text = fixed(value, decimals)
        guard text.contains(".") else { return text }
        var trimmed = text[...]
        while trimmed.last == "0" { trimmed = trimmed.dropLast() }
        return String(trimmed.last == "." ? trimmed.dropLast() : trimmed)
    }
}

/// Bars of characters.
enum Bar {
    /// A bar from the left, in eighths of a character.
    static func filled(_ share: Double, width: Int) -> String {
        let eighths = Int((min(max(share, 0), 1) * Double(width) * 8).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    /// A bar to the left or the right of a middle line, for values of both signs from −1 to 1.
    static func signed(_ value: Double, halfWidth: Int) -> String {
        let length = Int((min(1, value.magnitude) * Double(halfWidth)).rounded())
        let bar = String(repeating: "█", count: length)
        let rest = String(repeating: " ", count: halfWidth - length)
        let blank = String(repeating: " ", count: halfWidth)
        return value < 0 ? rest + bar + "│" + blank : blank + "│" + bar + rest
    }
}
