/// A pair of event names that may mean the same event.
public struct SimilarNames: Hashable, Sendable {
    /// The rarer name.
    public let name: String
    /// The name that it may stand for.
    public let other: String
    /// The number of rows of the rarer name.
    public let rows: Int
    /// The number of rows of the other name.
    public let otherRows: Int
    /// The difference between the names.
    public let difference: Difference

    /// The kinds of differences between names.
    public enum Difference: String, Sendable {
        /// The case of letters, blanks, `_` and `-` alone.
        case spelling
        /// One letter, in a name of at least five letters, where the other name has at least a hundred times
        /// as many rows.
        case letter
    }

    /// The number of names that are compared; the number of pairs is quadratic.
    static let limit = 2_000

    /// Returns the suspicious pairs, those with the most rows first.
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

    /// Returns true when one letter was left out, inserted or changed, or two neighbours were exchanged.
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
