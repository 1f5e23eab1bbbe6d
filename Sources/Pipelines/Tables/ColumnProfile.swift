package import LimpetDocuments
package import LimpetEvents
package import LimpetFiles
import LimpetParallel

/// The type that a column of a table is read as, with what tells it, and the role that it plays.
package struct ColumnProfile: Sendable {
    /// The types of columns.
    package enum Kind: String, Sendable {
        /// Numbers.
        case number
        /// Texts of few values, or of many that rows share.
        case category
        /// Dates or times.
        case date
        /// A value of its own in each row, which tells nothing about others.
        case id
        /// One value, or none.
        case constant
    }

    /// The roles of columns in a training.
    package enum Role: String, Sendable {
        /// An input of the model.
        case input
        /// A column with a flag of its own: the target, the id, the group or the weights.
        case named
        /// A column that is left out, since it cannot tell anything.
        case left
    }

    /// The column's name.
    package let name: String
    /// The type.
    package let kind: Kind
    /// The role.
    package let role: Role
    /// The number of different values; nil for numbers that were not counted.
    package let different: Int?
    /// The rows without a value, and those with one.
    package let missing: Int
    private let known: Int
    /// The notation of numbers and dates that are no plain decimals.
    package let notation: Notation?
    /// An example of a value as it was read.
    package let example: String
    /// The levels in fewer rows than a model keeps apart, and their rows; zero for other types.
    package let rare: (levels: Int, rows: Int)
    /// The reason for the role of a column that is left out.
    package let reason: String?

    /// A level in fewer rows is not learnt by itself.
    private static let leastRows = 5
    /// The fewest rows in which a value of its own for each is no accident.
    private static let leastIDs = 50

    /// Returns the profiles of a table's columns.
    ///
    /// - Parameter countsNumbers: true to count the different values of numbers too, which takes a sort.
    package static func all(
        of table: FlatTable, source: TableSource, countsNumbers: Bool = false
    ) -> [ColumnProfile] {
        let roles = VerbatimSet(
            [source.target, source.id, source.group, source.weight, source.split?.column].compactMap { $0 }
                + source.drop)
        let kept = VerbatimSet(source.keep + source.categorical)
        return ConcurrentBlocks.map(table.columns.count, threads: Processors.count) { place in
            let column = table.columns[place]
            return ColumnProfile(
                column, isNamed: roles.contains(column.name), isKept: kept.contains(column.name),
                countsNumbers: countsNumbers)
        }
    }

    private init(_ column: FlatTable.Column, isNamed: Bool, isKept: Bool, countsNumbers: Bool) {
        let facts = Facts(column, countsNumbers: countsNumbers)
        (name, notation) = (column.name, column.notation)
        (different, missing, example, rare) = (facts.different, facts.missing, facts.example, facts.rare)
        known = facts.rows - facts.missing
        let identifies = facts.rows >= Self.leastIDs && facts.identifiesRows
        if facts.isConstant {
            (kind, reason) = (.constant, missing == facts.rows ? "has no value" : "has one value")
        } else if identifies, !isKept {
            (kind, reason) = (.id, "has a value of its own in each row")
        } else if case .date? = column.notation {
            (kind, reason) = (.date, nil)
        } else {
            (kind, reason) = (column.values.isTexts ? .category : .number, nil)
        }
        // A column with one value stays an input: a table to be scored may have others.
        role = isNamed ? .named : kind == .id ? .left : .input
    }

    /// The facts that the values of a column tell.
    private struct Facts {
        let rows: Int
        var different: Int?
        var missing = 0
        var example = ""
        var rare = (levels: 0, rows: 0)
        var isConstant = false
        /// True when the values, which are all different, name rows.
        var identifiesRows = false

        init(_ column: FlatTable.Column, countsNumbers: Bool) {
            switch column.values {
            case .numbers(let numbers):
                rows = numbers.count
                add(numbers, column, countsNumbers: countsNumbers)
            case .texts(let dictionary, let codes):
                rows = codes.count
                add(dictionary, codes)
            }
        }

        private mutating func add(_ numbers: [Double], _ column: FlatTable.Column, countsNumbers: Bool) {
            var (least, greatest, isWhole) = (Double.infinity, -Double.infinity, true)
            for number in numbers {
                guard !number.isNaN else {
                    missing += 1
                    continue
                }
                (least, greatest) = (min(least, number), max(greatest, number))
                isWhole = isWhole && number == number.rounded()
            }
            isConstant = least >= greatest
            let first = numbers.first { !$0.isNaN }
            example = first.map { column.notation?.text($0) ?? Self.plain($0) } ?? ""
            // Amounts may differ in each row too, so that numbers have to be counted through, or be called
            // so.
            let mayIdentify =
                isWhole && column.notation == nil && missing == 0
                && (greatest - least == Double(rows - 1) || IdentifierName.isOne(column.name))
            guard countsNumbers || mayIdentify else { return }
            let sorted = numbers.filter { !$0.isNaN }.sorted()
            let count = sorted.indices.count { $0 == 0 || sorted[$0] != sorted[$0 - 1] }
            different = count
            identifiesRows = mayIdentify && count == rows
        }

        private static func plain(_ number: Double) -> String {
            number.magnitude < 1e15 && number == number.rounded() ? "\(Int64(number))" : "\(number)"
        }

        private mutating func add(_ dictionary: [String], _ codes: [UInt32]) {
            var counts = [Int](repeating: 0, count: dictionary.count)
            for code in codes { counts[Int(code)] += 1 }
            var levels = 0
            for (code, count) in counts.enumerated() where count > 0 {
                guard !dictionary[code].isEmpty else {
                    missing += count
                    continue
                }
                levels += 1
                if example.isEmpty { example = dictionary[code] }
                if count < ColumnProfile.leastRows { rare = (rare.levels + 1, rare.rows + count) }
            }
            different = levels
            isConstant = levels <= 1
            identifiesRows = levels == rows
        }
    }
}

extension ColumnProfile {
    /// True for a category of which most rows have a level that is not learnt by itself.
    private var isMostlyRare: Bool {
        role == .input && kind == .category && rare.rows >= Self.leastIDs && rare.rows > known / 2
    }

    /// The columns of one reason that are named, before the rest is counted.
    private static let limit = 10

    /// Says which columns are left out.
    static func note(_ columns: [ColumnProfile], file: String, to observer: any PipelineObserver) {
        for column in columns.filter(\.isMostlyRare).prefix(limit) {
            observer.note(
                "warning: \(file): \(column.name): most rows have one of "
                    + "\(Format.count(column.rare.levels)) levels of fewer than \(leastRows) rows, which are "
                    + "pooled, such as \(column.example.quoted); if they are numbers or dates, write them as "
                    + "such; if they tell nothing: --drop \(column.name)")
        }
        let ids = columns.filter { $0.role == .left }.map(\.name)
        guard !ids.isEmpty else { return }
        let named = ids.prefix(limit).joined(separator: ", ")
        let rest = ids.count > limit ? ", … (\(ids.count - limit) more)" : ""
        observer.note(
            "\(file): \(named)\(rest) \(ids.count == 1 ? "has" : "have") a value of its own in each row, and "
                + "\(ids.count == 1 ? "is" : "are") left out; if that is an input: --keep \(ids[0])")
    }
}
