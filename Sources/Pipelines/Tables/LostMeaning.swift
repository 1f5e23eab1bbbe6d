import LimpetDocuments
import LimpetEvents
package import LimpetFiles
import LimpetParallel

/// A way in which a column of a table comes to mean something else than was written.
package enum LostMeaning: CaseIterable {
    /// Whole numbers so large that neighbours are one double.
    case collapsed
    /// Codes such as `007`, which become the number 7.
    case leadingZeros
    /// Numbers with decimal commas or separators of thousands, each of which becomes a level.
    case separated
    /// Numbers with a sign of a currency or of per cent, each of which becomes a level.
    case signed
    /// Dates or times, each of which becomes a level.
    case times
    /// Numbers among which a few words make the column one of texts.
    case words

    /// The number of warnings of a kind, before the rest is counted.
    package static let limit = 10
    /// The fewest different texts of which one would rather be a number or a date than a level.
    private static let leastTexts = 10
    /// The most different texts that are looked at.
    private static let mostTexts = 10_000
    /// The most different words among numbers that may all mean "missing".
    private static let mostWords = 3

    /// The columns of a table that lose their meaning, with a sentence for each; those that a flag gives
    /// another role than that of an input are left out.
    package static func found(
        in table: FlatTable, source: TableSource
    ) -> [(kind: LostMeaning, column: String, problem: String)] {
        let roles = [source.target, source.id, source.group, source.weight].compactMap { $0 }
        let left = Set((roles + source.drop + source.categorical).map { VerbatimText($0) })
        let columns = table.columns.filter { !left.contains(VerbatimText($0.name)) }
        return ConcurrentBlocks.map(columns.count, threads: Processors.count) { place in
            let column = columns[place]
            switch column.values {
            case .numbers(let numbers):
                return ofNumbers(numbers, column).map { ($0.0, column.name, $0.1) }
            case .texts(let dictionary, _):
                return ofTexts(dictionary, column).map { [($0.0, column.name, $0.1)] } ?? []
            }
        }.flatMap { $0 }
    }

    private static func ofNumbers(
        _ numbers: [Double], _ column: FlatTable.Column
    ) -> [(LostMeaning, String)] {
        let name = column.name
        var found: [(LostMeaning, String)] = []
        let large = numbers.count { $0.magnitude >= 0x1p53 }
        // Measures with a point or an exponent were never meant to be exact to the last digit.
        if large > 0, column.sample.map({ $0.wholeLarge != nil || !$0.hasLarge }) ?? true {
            let example = column.sample?.wholeLarge.map { " such as \($0)" } ?? ""
            found.append(
                (
                    .collapsed,
                    "\(Format.count(large)) whole numbers\(example) are beyond 2^53, where neighbours become "
                        + "one number; if they are names: --categorical \(name), or --drop \(name)"
                ))
        }
        if column.sample?.hasThousands == true {
            found.append(
                (
                    .separated,
                    "points have three digits behind them, or there is none in numbers below 1,000: they are "
                        + "read as separators of thousands; if they are decimal: --decimal-mark point"
                ))
        }
        if let date = column.sample?.farDate {
            found.append(
                (.times, "dates from 2200 on, such as \(date), stand for none and count as missing"))
        }
        if column.notation == nil, let example = column.sample?.leadingZeros {
            found.append(
                (
                    .leadingZeros,
                    "values such as \(example.quoted) are read as numbers, without their leading zeros; if "
                        + "they are codes: --categorical \(name)"
                ))
        }
        return found
    }

    /// Returns the warning of values that could be read in two ways.
    private static func inDoubt(
        _ doubt: NotationSample.Doubt, _ dictionary: [String], _ name: String
    ) -> (LostMeaning, String)? {
        guard let text = dictionary.first(where: { !$0.isEmpty })?.quoted else { return nil }
        return switch doubt {
        case .decimalMark:
            (
                .separated,
                "texts such as \(text) are numbers with a decimal comma, or with separators of "
                    + "thousands, and "
                    + "become a level each; say which: --decimal-mark comma or point"
            )
        case .dayOrMonth:
            (
                .times,
                "dates such as \(text) have the day or the month first, and become a level each; say which: "
                    + "--date-order dayFirst or monthFirst"
            )
        }
    }

    private static func ofTexts(
        _ dictionary: [String], _ column: FlatTable.Column
    ) -> (LostMeaning, String)? {
        let name = column.name
        if let doubt = column.sample?.doubt, let found = inDoubt(doubt, dictionary, name) { return found }
        let texts = dictionary.lazy.filter { !$0.isEmpty }.prefix(mostTexts)
        var kinds: [WrittenValue: [String]] = [:]
        for text in texts { kinds[WrittenValue(text), default: []].append(text) }
        func count(_ kind: WrittenValue) -> Int { kinds[kind]?.count ?? 0 }
        let total = kinds.values.reduce(0) { $0 + $1.count }
        let different = Format.count(dictionary.count { !$0.isEmpty })
        func example(_ kind: WrittenValue) -> String { (kinds[kind]?.first ?? "").quoted }
        guard total >= leastTexts else { return nil }
        if count(.time) * 10 >= total * 9 {
            return (
                .times,
                "\(different) different dates or times such as \(example(.time)) become a level each, since "
                    + "not all are written alike; if others mean missing: --missing; or --drop \(name)"
            )
        }
        let odd = count(.separated) + count(.signed)
        let names = "if they are names: --categorical \(name)"
        if odd > 0, (count(.number) + odd) * 10 >= total * 9 {
            return count(.separated) >= count(.signed)
                ? (
                    .separated,
                    "\(different) different texts such as \(example(.separated)) are numbers with a decimal "
                        + "comma or separators of thousands, and become a level each; write them as 1234.56, "
                        + "or --drop \(name); \(names)"
                )
                : (
                    .signed,
                    "\(different) different texts such as \(example(.signed)) are numbers with a sign of a "
                        + "currency or of per cent, and become a level each; write them without it, or "
                        + "--drop \(name); \(names)"
                )
        }
        guard count(.number) >= leastTexts, odd + count(.time) == 0, count(.other) <= mostWords else {
            return nil
        }
        guard count(.other) > 0 else {
            return (
                .separated,
                "\(different) different numbers such as \(example(.number)) become a level each, since they "
                    + "do not fit --decimal-mark; \(names)"
            )
        }
        let words = (kinds[.other] ?? []).map(\.quoted).joined(separator: ", ")
        let flags = (kinds[.other] ?? []).map { $0.utf8.contains(32) ? $0.quoted : $0 }
            .joined(separator: " ")
        return (
            .words,
            "\(Format.count(count(.number))) different numbers become a level each, because of \(words); if "
                + "that means missing: --missing \(flags); \(names)"
        )
    }
}

extension TableSource {
    /// Warns of columns that lose their meaning, of at most ten of a kind.
    package func warnOfLostMeaning(in table: FlatTable) {
        let found = LostMeaning.found(in: table, source: self)
        for kind in LostMeaning.allCases {
            let columns = found.filter { $0.kind == kind }
            for (_, column, problem) in columns.prefix(LostMeaning.limit) {
                observer.note("warning: \(table.file): \(column): \(problem)")
            }
            let rest = columns.count - LostMeaning.limit
            if rest > 0 { observer.note("… and \(rest) more columns of this kind") }
        }
    }
}
