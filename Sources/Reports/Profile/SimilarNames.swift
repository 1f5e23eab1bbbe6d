/// Two event names that may mean one.
public struct SimilarNames: Hashable, Sendable {
    /// The rarer name.
    public let name: String
    /// The one that it may be meant for.
    public let other: String
    /// The rows of the rarer name.
    public let rows: Int
    /// The rows of the other.
    public let otherRows: Int
    /// What tells them apart.
    public let difference: Difference

    /// What tells names apart.
    public enum Difference: String, Sendable {
        /// Letters' case, blanks, `_` and `-` alone.
        case spelling
        /// One letter, in a name of at least five of which the other has a hundred times as many rows.
        case letter
    }

    /// How many names are compared: their pairs grow with the square.
    static let limit = 2_000

    /// The suspicious pairs among names, those with the most rows first.
    static func all(of events: [EventProfile]) -> [SimilarNames] {
        var pairs: [SimilarNames] = []
        let names = events.prefix(limit)
        let plain = names.map { Array($0.name.lowercased().utf8.filter { ![32, 95, 45, 9].contains($0) }) }
        for (place, event) in names.enumerated() {
            for other in 0..<place {
                let difference: Difference
                if plain[place] == plain[other] {
                    difference = .spelling
                } else if names[other].rows >= 100 * event.rows, plain[place].count >= 5,
                    isOneEdit(plain[place], plain[other])
                {
                    difference = .letter
                } else {
                    continue
                }
                pairs.append(
                    SimilarNames(
                        name: event.name, other: names[other].name, rows: event.rows,
                        otherRows: names[other].rows, difference: difference))
            }
        }
        return pairs
    }

    /// Whether one letter was left out, put in or changed, or two neighbours were exchanged.
    private static func isOneEdit(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let (short, long) = left.count <= right.count ? (left, right) : (right, left)
        guard long.count - short.count <= 1 else { return false }
        var start = 0
        while start < short.count, short[start] == long[start] { start += 1 }
        if short.count < long.count { return short[start...].elementsEqual(long[(start + 1)...]) }
        let (one, other) = (short[start...], long[start...])
        if one.dropFirst().elementsEqual(other.dropFirst()) { return true }
        return one.count >= 2 && one[start] == other[start + 1] && one[start + 1] == other[start]
            && one.dropFirst(2).elementsEqual(other.dropFirst(2))
    }
}
