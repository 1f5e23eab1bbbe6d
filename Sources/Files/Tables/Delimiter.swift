public import LimpetDocuments

/// The delimiter of the fields of a line.
public enum Delimiter: Hashable, Sendable {
    /// One byte, e.g. a comma or a tab.
    case byte(UInt8)
    /// Any run of spaces and tabs; those at the start of a line are skipped.
    case spaces

    /// Parses a setting: `comma`, `tab`, `semicolon`, `pipe`, `spaces`, or one ASCII character. Nil for all
    /// others.
    public init?(setting: String) {
        let names: VerbatimDictionary<Character> = [
            "comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "pipe": "|",
        ]
        if setting == "spaces" || setting == " " {
            self = .spaces
        } else if let byte = (names[setting] ?? (setting.count == 1 ? setting.first : nil))?.asciiValue,
            byte != UInt8(ascii: "\""), byte != 10, byte != 13
        {
            self = .byte(byte)
        } else {
            return nil
        }
    }

    /// Returns the delimiter that a header most likely uses: the most frequent of tab, comma, semicolon and
    /// pipe outside quotes, else spaces.
    static func guess(_ header: Span<UInt8>) -> Delimiter {
        let candidates: [UInt8] = [9, 44, 59, 124]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        for index in header.indices {
            if header[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, let place = candidates.firstIndex(of: header[index]) else { continue }
            counts[place] += 1
        }
        guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
            return .spaces
        }
        return .byte(candidates[place])
    }
}
