import LimpetDocuments
import LimpetEvents

/// The segment of each row by the values of an input or a column.
struct SegmentValues {
    let name: String
    /// The names of the segments.
    let names: [String]
    let segmentOfRow: [Int]

    private static let mostLevels = 12
    /// The number of different numbers up to which each is a segment.
    private static let fewNumbers = 8

    /// - Parameters:
    ///   - numbers: the number of each row; NaN is missing.
    ///   - words: the words for a number.
    init(name: String, numbers: [Double], words: Words = .plain) {
        self.name = name
        let known = numbers.filter { !$0.isNaN }.sorted()
        var few: [Double] = []
        for number in known where few.last != number && few.count <= Self.fewNumbers { few.append(number) }
        if few.count <= Self.fewNumbers {
            let names = few.map { words.text($0) }
            self.names = names + ["missing"]
            segmentOfRow = numbers.map { number in few.firstIndex(of: number) ?? names.count }
            return
        }
        let edges = (1...3).map { known[$0 * known.count / 4] }.reduce(into: [Double]()) { edges, edge in
            if edge > edges.last ?? known[0] { edges.append(edge) }
        }
        let names = (0...edges.count).map { words.range(edges, $0) }
        self.names = names + ["missing"]
        segmentOfRow = numbers.map { number in
            number.isNaN ? names.count : edges.count { $0 <= number }
        }
    }

    /// - Parameters:
    ///   - levels: the level of each row; nil is missing.
    init(name: String, levels: [String?]) {
        self.name = name
        var rowsOfLevel: [VerbatimText: Int] = [:]
        for case let level? in levels { rowsOfLevel[VerbatimText(level), default: 0] += 1 }
        let ranked = rowsOfLevel.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let isLong = ranked.count > Self.mostLevels
        let shown = ranked.prefix(isLong ? Self.mostLevels - 1 : ranked.count)
        var segmentOfLevel: [VerbatimText: Int] = [:]
        for (place, level) in shown.enumerated() { segmentOfLevel[level.key] = place }
        let others = isLong ? ["\(ranked.count - shown.count) other levels"] : []
        names = shown.map(\.key.text) + others + ["missing"]
        let missing = names.count - 1
        segmentOfRow = levels.map { level in
            level.map { segmentOfLevel[VerbatimText($0)] ?? shown.count } ?? missing
        }
    }

    /// The words for numbers and their ranges.
    struct Words: Sendable {
        let text: @Sendable (Double) -> String
        let below: String
        let above: String

        static let plain = Words(text: { Format.short($0) }, below: "under", above: "and more")
        static let days = Words(text: { Format.short($0) + " days" }, below: "under", above: "and more")

        /// Returns the words for dates, of numbers that grow with them: minus the days that a column counts.
        static func dates(_ notation: Notation) -> Words {
            Words(text: { notation.text(-$0) }, below: "before", above: "and later")
        }

        func range(_ edges: [Double], _ place: Int) -> String {
            if edges.isEmpty { return "all" }
            if place == 0 { return "\(below) \(text(edges[0]))" }
            if place == edges.count { return "\(text(edges[place - 1])) \(above)" }
            return "\(text(edges[place - 1])) to \(text(edges[place]))"
        }
    }
}
