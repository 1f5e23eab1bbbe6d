import LimpetDocuments
import LimpetEvents

/// The role of each column of a table, made once its header is known.
struct TablePlan: Sendable {
    /// The role of a column.
    enum Role: Hashable, Sendable {
        /// A column that is not read.
        case ignored
        /// A number, with its index in a row.
        case number(place: Int)
        /// A text, with the index of its code in a row.
        case text(place: Int)
        /// A column without a value so far, which its first value will decide.
        case undecided(place: Int)
        /// The row's id.
        case id
    }

    let file: String
    /// The names of the fields of a row, or of the members of an object that are looked for.
    let header: [String]
    /// The role of each element of `header`.
    private(set) var roles: [Role]
    let delimiter: Delimiter
    let missing: VerbatimSet
    /// The same texts as bytes.
    let missingFields: MissingTexts
    /// The number of elements of a row.
    let width: Int
    /// The samples that decided columns of numbers, by the index in a row; nil for numbers by order.
    private(set) var samples: [ColumnSample?]
    /// A function that returns the number that stands for a text; nil when blocks number their texts.
    let code: (@Sendable (_ place: Int, _ text: String) -> Double)?
    /// The index in `header` of each member of a JSON object; nil for rows of fields.
    let columnOfMember: VerbatimDictionary<Int>?
    /// True when an object with a member that is not in `header` is a bad row.
    let refusesOtherMembers: Bool
    /// The number of columns that were decided after the plan was made.
    private(set) var revision = 0

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - contents: what each column of the header holds.
    ///   - samples: the first values of each column.
    init(
        _ table: OpenTable, header: [String], contents: [TableColumn.Content], samples: [ColumnSample],
        missing: VerbatimSet, refusesOtherMembers: Bool
    ) {
        var (roles, kept): ([Role], [ColumnSample?]) = ([], [])
        for (content, sample) in zip(contents, samples) {
            let isInferred = content == .inferred
            switch isInferred ? sample.content : content {
            case .ignored:
                roles.append(.ignored)
                continue
            case .numbers: roles.append(.number(place: kept.count))
            case .texts: roles.append(.text(place: kept.count))
            case .inferred: roles.append(.undecided(place: kept.count))
            }
            kept.append(isInferred ? sample : nil)
        }
        self.init(
            table, header: header, roles: roles, samples: kept, missing: missing, code: nil,
            refusesOtherMembers: refusesOtherMembers)
    }

    private init(
        _ table: OpenTable, header: [String], roles: [Role], samples: [ColumnSample?], missing: VerbatimSet,
        code: (@Sendable (Int, String) -> Double)?, refusesOtherMembers: Bool
    ) {
        (file, delimiter) = (table.file, table.delimiter)
        (self.header, self.roles, self.samples, self.missing) = (header, roles, samples, missing)
        (self.code, self.refusesOtherMembers, width) = (code, refusesOtherMembers, samples.count)
        missingFields = MissingTexts(missing)
        columnOfMember = table.isJSON ? Self.columnOfName(header) : nil
    }

    /// Makes a plan of rows whose elements are given columns, in their order.
    ///
    /// - Throws: `InputError` when a column does not exist, or the id is one of them.
    init(
        _ table: OpenTable, columns: [TableColumn], id: String?, missing: VerbatimSet,
        code: @escaping @Sendable (_ place: Int, _ text: String) -> Double
    ) throws(InputError) {
        // The members of objects are found by name, so that those looked for are all there is to know.
        let header = table.header ?? columns.map(\.name) + [id].compactMap { $0 }
        let columnOfName = Self.columnOfName(header)
        var roles = [Role](repeating: .ignored, count: header.count)
        for (place, column) in columns.enumerated() {
            let found = try Self.index(of: column, columnOfName, header, file: table.file)
            roles[found] = column.content == .numbers ? .number(place: place) : .text(place: place)
        }
        if let id {
            let column = TableColumn(id, .texts, namedBy: "--id")
            let found = try Self.index(of: column, columnOfName, header, file: table.file)
            guard roles[found] == .ignored else {
                throw InputError(
                    InputPlace(file: table.file, line: 1, field: id),
                    "is an input of the model, and cannot be the id")
            }
            roles[found] = .id
        }
        self.init(
            table, header: header, roles: roles, samples: columns.map { _ in nil }, missing: missing,
            code: code, refusesOtherMembers: false)
    }

    /// Gives a column without a value so far the type of its first value.
    mutating func decide(_ values: [(column: Int, text: String)]) {
        for (column, text) in values {
            guard case .undecided(let place) = roles[column] else { continue }
            let sample = ColumnSample(text)
            samples[place] = sample
            roles[column] = sample.content == .numbers ? .number(place: place) : .text(place: place)
            revision += 1
        }
    }

    /// Returns true when a text stands for "missing".
    @inline(__always)
    func isMissing(_ text: Span<UInt8>) -> Bool { missingFields.contains(text) }

    /// Returns the reason why a text is not a number of a column.
    func problem(_ text: String, column: Int, place: Int) -> String {
        TableNumber.problem(text, column: header[column], sample: samples[place])
    }

    static func columnOfName(_ header: [String]) -> VerbatimDictionary<Int> {
        VerbatimDictionary(
            header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the index of a column in the header.
    ///
    /// - Throws: `InputError` that lists the existing columns.
    static func index(
        of column: TableColumn, _ columnOfName: VerbatimDictionary<Int>, _ header: [String], file: String
    ) throws(InputError) -> Int {
        if let index = columnOfName[column.name] { return index }
        throw InputError(
            InputPlace(file: file, line: 1, field: column.name),
            "there is no such column; \(column.namedBy) must be one of \(header.joined(separator: ", "))")
    }
}
