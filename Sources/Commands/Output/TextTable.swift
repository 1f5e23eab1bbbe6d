/// A table of aligned columns as text.
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

/// Bars made of block characters.
enum Bar {
    /// Returns a bar from the left, in eighths of a character.
    static func filled(_ share: Double, width: Int) -> String {
        let eighths = Int((min(max(share, 0), 1) * Double(width) * 8).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    /// Returns a bar to the left or the right of a middle line, for values of both signs from −1 to 1.
    static func signed(_ value: Double, halfWidth: Int) -> String {
        let length = Int((min(1, value.magnitude) * Double(halfWidth)).rounded())
        let bar = String(repeating: "█", count: length)
        let rest = String(repeating: " ", count: halfWidth - length)
        let blank = String(repeating: " ", count: halfWidth)
        return value < 0 ? rest + bar + "│" + blank : blank + "│" + bar + rest
    }
}
