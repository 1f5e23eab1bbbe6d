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
        /// A number or date in a notation, with its index in a row.
        case written(place: Int)
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
    /// The notation of each element of `header` that is written in one.
    private(set) var notations: [Notation?]
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
        var notations = [Notation?](repeating: nil, count: header.count)
        for (content, sample) in zip(contents, samples) {
            let isInferred = content == .inferred
            switch isInferred ? sample.content : content {
            case .ignored:
                roles.append(.ignored)
                continue
            case .numbers: roles.append(.number(place: kept.count))
            case .written(let notation):
                notations[roles.count] = notation
                roles.append(.written(place: kept.count))
            case .texts: roles.append(.text(place: kept.count))
            case .inferred: roles.append(.undecided(place: kept.count))
            }
            kept.append(isInferred ? sample : nil)
        }
        self.init(
            table, header: header, roles: roles, notations: notations, samples: kept, missing: missing,
            code: nil, refusesOtherMembers: refusesOtherMembers)
    }

    private init(
        _ table: OpenTable, header: [String], roles: [Role], notations: [Notation?],
        samples: [ColumnSample?], missing: VerbatimSet, code: (@Sendable (Int, String) -> Double)?,
        refusesOtherMembers: Bool
    ) {
        (file, delimiter) = (table.file, table.delimiter)
        (self.header, self.roles, self.notations) = (header, roles, notations)
        (self.samples, self.missing) = (samples, missing)
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
        var notations = [Notation?](repeating: nil, count: header.count)
        try Self.checkInputs(columns, columnOfName, header, file: table.file)
        for (place, column) in columns.enumerated() {
            let found = try Self.index(of: column, columnOfName, header, file: table.file)
            roles[found] =
                switch column.content {
                case .numbers: .number(place: place)
                case .written: .written(place: place)
                case .texts, .inferred, .ignored: .text(place: place)
                }
            if case .written(let notation) = column.content { notations[found] = notation }
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
            table, header: header, roles: roles, notations: notations, samples: columns.map { _ in nil },
            missing: missing, code: code, refusesOtherMembers: false)
    }

    /// Gives a column without a value so far the type of its first value.
    mutating func decide(_ values: [(column: Int, text: String)]) {
        for (column, text) in values {
            guard case .undecided(let place) = roles[column], var sample = samples[place] else { continue }
            sample.add(text)
            samples[place] = sample
            roles[column] =
                switch sample.content {
                case .numbers: .number(place: place)
                case .written: .written(place: place)
                case .texts, .inferred, .ignored: .text(place: place)
                }
            notations[column] = sample.content == .numbers ? nil : sample.notation
            revision += 1
        }
    }

    /// Returns true when a text stands for "missing".
    @inline(__always)
    func isMissing(_ text: Span<UInt8>) -> Bool { missingFields.contains(text) }

    /// Returns the reason why a text is not what a notation writes.
    func problem(_ text: String, writtenIn column: Int) -> String {
        "found \(text.quoted), expected \(notations[column]?.expectation ?? "a number") as the others "
            + "of the column are; does it mean "
            + "missing (--missing), or are these texts (--categorical \(header[column]))?"
    }

    /// Returns the reason why a text is not a number of a column.
    func problem(_ text: String, column: Int, place: Int) -> String {
        TableNumber.problem(text, column: header[column], sample: samples[place])
    }

    static func columnOfName(_ header: [String]) -> VerbatimDictionary<Int> {
        VerbatimDictionary(
            header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Refuses a table that lacks inputs of a model, with the names of all of them.
    static func checkInputs(
        _ columns: [TableColumn], _ columnOfName: VerbatimDictionary<Int>, _ header: [String], file: String
    ) throws(InputError) {
        let lacking = columns.filter { $0.namedBy == TableColumn.modelInputs && columnOfName[$0.name] == nil }
        guard let first = lacking.first else { return }
        let others = lacking.count - 10
        throw InputError(
            InputPlace(file: file, line: 1, field: first.name),
            "the model reads \(lacking.count == 1 ? "this column" : "\(lacking.count) columns") which "
                + "the table "
                + "lacks: \(lacking.prefix(10).map(\.name).joined(separator: ", "))"
                + "\(others > 0 ? ", … (\(others) more)" : ""); the table has "
                + "\(header.joined(separator: ", "))"
        )
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
