import LimpetDocuments
public import LimpetEvents
package import LimpetFiles
package import LimpetScoring
package import LimpetTraining

/// A flat table to read: one row per user, or per user and snapshot time.
///
///     var source = TableSource("customers.csv.gz")
///     source.id = "customerID"
///     let summary = try await BatchScoring(model, table: source).run(to: output)
public struct TableSource: Sendable {
    /// The file; `-` is standard input.
    public var file: String
    /// The column of the target.
    public var target: String?
    /// The target's value that counts as 1; "" for any value, such as a date of leaving, where a row without
    /// one counts as 0; nil to find it among the usual ones.
    public var positive: String?
    /// The column of the row's id; ids must differ.
    public var id: String?
    /// The column of the user, where a table has several rows for one.
    public var group: String?
    /// The column of the rows' weights, 0 or more.
    public var weight: String?
    /// The columns that are left out.
    public var drop: [String] = []
    /// The columns whose numbers are names, e.g. codes.
    public var categorical: [String] = []
    /// The columns that are inputs although they look like ids.
    public var keep: [String] = []
    /// The decimal mark of numbers; nil to find it in each column's values.
    public var decimalMark: NumberNotation.Mark?
    /// The order of day and month in dates; nil to find it in each column's values.
    public var dateOrder: DateNotation?
    /// The reference before which the days of dates are counted; nil for the table's latest date when a model
    /// is trained, and for the model's reference when one is used.
    public var datesBefore: Timestamp?
    /// The split of the rows in time; nil for none.
    public var split: TableSplit?
    /// The settings for reading rows, and for bad ones.
    public var rows: RowSettings
    /// The receiver of progress and of messages about bad rows.
    public var observer: any PipelineObserver

    /// Makes a source.
    public init(
        _ file: String, rows: RowSettings = RowSettings(), observer: any PipelineObserver = SilentObserver()
    ) {
        (self.file, self.rows, self.observer) = (file, rows, observer)
    }

    /// Reads all columns, but for those that are left out, with the types that the first rows decide; ids,
    /// groups and the target are texts.
    ///
    /// - Throws: `FileError`, `InputError` or `TooManyBadRows`.
    package func read(threads: Int) async throws -> FlatTable {
        let table = try await read(
            columns(named: target, .texts, by: "--target") + named, readsOthers: true, threads: threads)
        let named = try withoutNamelessColumns(table).joiningCodes { codes(of: $0) != nil }
        return (datesBefore ?? split?.time ?? named.latestDate).map { named.countingDays(before: $0) }
            ?? named
    }

    /// Returns the rule by which the texts of a column are codes that are numbers: all of them have to be.
    private func codes(of column: FlatTable.Column) -> Model.Codes? {
        guard categorical.contains(where: { $0.isVerbatim(column.name) }),
            case .texts(let dictionary, _) = column.values
        else { return nil }
        return DecimalCode.are(dictionary) ? .exact : nil
    }

    /// Returns a table without columns that have neither a name nor a value, which are warned of.
    ///
    /// - Throws: `InputError` when a column without a name has values, which would be an input by accident.
    private func withoutNamelessColumns(_ table: FlatTable) throws(InputError) -> FlatTable {
        for column in table.namelessColumns {
            let place = "column \(column.place + 1)"
            if let row = column.firstValue {
                throw InputError(
                    InputPlace(file: table.file, line: Int(table.lines[row]), field: place),
                    "found \(column.texts[row].quoted) in a column without a name; give it one in the "
                        + "header, or leave it out with --drop \"\"")
            }
            observer.note(
                "warning: \(table.file): \(place) has no name and no value, and is left out; do lines end "
                    + "with a delimiter?")
        }
        return table.namelessColumns.isEmpty ? table : table.withoutNamelessColumns()
    }

    /// Reads the columns that a model needs.
    ///
    /// - Parameters:
    ///   - target: the column of the target; nil for none.
    ///   - hasTarget: true when the table must have that column.
    ///   - more: further columns, of any type.
    /// - Throws: `FileError`, `InputError` or `TooManyBadRows`.
    package func read(
        inputsOf model: Model, target: String? = nil, hasTarget: Bool = true, more: [String] = [],
        threads: Int
    ) async throws -> FlatTable {
        let inputs = inputColumns(of: model)
        let target = columns(named: target, .texts, by: "--target", isOptional: !hasTarget)
        let known = inputs + target + named
        let others = more.filter { name in !known.contains { $0.name.isVerbatim(name) } }
            .map { TableColumn($0, .inferred, namedBy: "--by") }
        return try await read(known + others, readsOthers: false, threads: threads)
    }

    /// Returns the columns of a model's inputs, with the notations that the model knows.
    package func inputColumns(of model: Model) -> [TableColumn] {
        model.inputs.map { input in
            guard !input.isCategorical else { return TableColumn(input.name, .texts) }
            guard let notation = input.notation else { return TableColumn(input.name, .numbers) }
            guard let datesBefore, case .date(let order, _) = notation else {
                return TableColumn(input.name, .written(notation))
            }
            return TableColumn(input.name, .written(.date(order, before: datesBefore)))
        }
    }

    private func read(_ columns: [TableColumn], readsOthers: Bool, threads: Int) async throws -> FlatTable {
        try checkRoles()
        let stage = observer.begin("reading")
        defer { stage.finish() }
        var reader = TableReader(
            delimiter: rows.delimiter, missing: rows.missing, rejection: try rows.rejection(observer),
            threads: threads)
        reader.progress = { stage.update($0) }
        (reader.decimalMark, reader.dateOrder) = (decimalMark, dateOrder)
        return try withoutAbsentRows(
            try await reader.table(file, columns: columns, readsOthers: readsOthers))
    }

    /// Returns a table without the rows of weight 0, which count as absent, and says how many there are.
    private func withoutAbsentRows(_ table: FlatTable) throws(InputError) -> FlatTable {
        guard let weight, let weights = try weights(of: table), weights.contains(0) else { return table }
        let rows = weights.indices.filter { weights[$0] > 0 }
        observer.note(
            "\(table.file): \(Format.count(table.count - rows.count)) of \(Format.count(table.count)) rows "
                + "have a weight of 0 by \(weight.quoted), and count as absent")
        return table.keeping(rows: rows)
    }

    /// The columns that the flags name, but for the target.
    private var named: [TableColumn] {
        columns(named: id, .texts, by: "--id") + columns(named: group, .texts, by: "--group")
            + columns(named: weight, .inferred, by: "--weight")
            + columns(named: split?.column, .inferred, by: "--split-time")
            + categorical.map { TableColumn($0, .texts, namedBy: "--categorical") }
            + keep.map { TableColumn($0, .inferred, namedBy: "--keep") }
            + drop.filter { name in !roles.contains { $0.name.isVerbatim(name) } }
            .map { TableColumn($0, .ignored, namedBy: "--drop") }
    }

    /// The columns that have a role, with its flag.
    private var roles: [(flag: String, name: String)] {
        [
            ("--target", target), ("--id", id), ("--group", group), ("--weight", weight),
            ("--split-time", split?.column),
        ].compactMap { flag, name in name.map { (flag, $0) } }
    }

    /// Refuses a column with two roles; ids may group rows.
    private func checkRoles() throws(InputError) {
        for (place, role) in roles.enumerated() {
            guard let other = roles[..<place].first(where: { $0.name.isVerbatim(role.name) }),
                (other.flag, role.flag) != ("--id", "--group")
            else { continue }
            throw InputError(
                InputPlace(file: file, line: 1, field: role.name),
                "is named by \(other.flag) and \(role.flag), but a column has one role")
        }
    }

    private func columns(
        named name: String?, _ content: TableColumn.Content, by flag: String, isOptional: Bool = false
    ) -> [TableColumn] {
        name.map { [TableColumn($0, content, namedBy: flag, isOptional: isOptional)] } ?? []
    }

    /// Returns the ids of the rows: the id column's texts, or the row numbers from 1.
    ///
    /// - Throws: `InputError` when an id is missing or occurs twice.
    package func ids(of table: FlatTable) throws(InputError) -> [String] {
        guard let id else { return table.lines.indices.map { String($0 + 1) } }
        let (texts, codes) = try table.column(id, flag: "--id").coded
        var rowOfCode = [Int32](repeating: -1, count: texts.count)
        for (row, code) in codes.enumerated() {
            func place() -> InputPlace {
                InputPlace(file: table.file, line: Int(table.lines[row]), field: id)
            }
            guard code > 0 else { throw InputError(place(), "is missing, expected the row's id") }
            let earlier = Int(rowOfCode[Int(code)])
            guard earlier < 0 else {
                throw InputError(
                    place(),
                    "\(texts[Int(code)].quoted) stands in line \(table.lines[earlier]) too; if a user has "
                        + "several rows, use --group")
            }
            rowOfCode[Int(code)] = Int32(row)
        }
        return codes.map { texts[Int($0)] }
    }

    /// Returns the rows as data to train on, with the profiles of all columns.
    ///
    /// - Throws: ``RequestError`` without a target, `InputError` when no column is left or the target cannot
    /// be   read.
    package func trainingData(
        _ table: FlatTable
    ) throws -> (data: TrainingData, target: TargetValues, columns: [ColumnProfile]) {
        guard let target else {
            throw RequestError(
                "--table needs --target, the column that says who left; limpet describe --table lists "
                    + "the columns"
            )
        }
        let profiles = ColumnProfile.all(of: table, source: self)
        let columns = zip(table.columns, profiles).filter { $1.role == .input }.map(\.0)
        guard !columns.isEmpty else {
            let names = profiles.filter { $0.role == .left }.map(\.name)
            throw InputError(
                InputPlace(file: table.file),
                "no column is left to learn from"
                    + (names.isEmpty
                        ? "" : "; each row has a value of its own in \(names[0]): --keep \(names[0])"))
        }
        let groups = try group.map { try table.column($0, flag: "--group") }
        let (labels, values) = try labels(of: table, target: target)
        let split = try split?.times(of: table, labels: labels)
        var data = TrainingData(
            inputs: columns.map {
                Model.Input(
                    name: $0.name, isCategorical: $0.values.isTexts, codes: codes(of: $0),
                    notation: $0.notation)
            },
            columns: columns.map(\.values.trainingColumn), isSkewed: columns.map { _ in nil },
            labels: labels, users: groups.map(Self.codes) ?? table.lines.indices.map { Int32($0) },
            times: split?.ofRow, horizon: split.map { _ in TimeSpan(milliseconds: 0) },
            weights: try weights(of: table))
        data.splitTime = split?.border
        return (data, values, profiles)
    }

    /// The largest weight: sums of such rows are exact to four digits after the point.
    private static let weightLimit = 1e12

    /// Returns the weights of the rows; nil where no column is named.
    package func weights(of table: FlatTable) throws(InputError) -> [Double]? {
        guard let weight else { return nil }
        guard case .numbers(let numbers) = try table.column(weight, flag: "--weight").values else {
            throw InputError(
                InputPlace(file: table.file, field: weight), "holds texts, expected weights of 0 or more")
        }
        for (row, number) in numbers.enumerated() where !(number >= 0 && number <= Self.weightLimit) {
            throw InputError(
                InputPlace(file: table.file, line: Int(table.lines[row]), field: weight),
                "is \(number.isNaN ? "missing" : "\(number)"), expected a weight from 0 to 1e12")
        }
        guard numbers.contains(where: { $0 > 0 }) else {
            throw InputError(InputPlace(file: table.file, field: weight), "is 0 in every row")
        }
        return numbers
    }

    /// Returns a code for each row's text, numbered in the order of first occurrence.
    package static func codes(_ column: FlatTable.Column) -> [Int32] {
        let (texts, codes) = column.coded
        var numbers = [Int32](repeating: -1, count: texts.count)
        var next: Int32 = 0
        return codes.map { code in
            let number = numbers[Int(code)]
            guard number < 0 else { return number }
            numbers[Int(code)] = next
            next += 1
            return next - 1
        }
    }
}

extension FlatTable.Values {
    var isTexts: Bool {
        if case .texts = self { true } else { false }
    }

    var trainingColumn: TrainingData.Column {
        switch self {
        case .numbers(let numbers): .numbers(numbers)
        case .texts(let dictionary, let codes):
            .levels(names: Array(dictionary.dropFirst()), codes: codes.map { Int32($0) - 1 })
        }
    }
}
