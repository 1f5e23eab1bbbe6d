import LimpetDocuments
import LimpetEvents

/// The first blocks of a table, whose rows decide the types of its columns.
struct TableSample {
    /// The maximum number of bytes of these rows, not counting the row that exceeds it.
    private static let byteLimit = 1 << 26

    private(set) var reader: TableBlockReader
    /// The blocks that have been read.
    private(set) var blocks: [TableBlock] = []
    /// The error that ended reading.
    private(set) var failure: (any Error)?

    init(_ reader: TableBlockReader) { self.reader = reader }

    /// Returns the names of the members of the first JSON object.
    ///
    /// - Throws: `InputError` when no line holds an object.
    mutating func memberNames(file: String) throws -> [String] {
        var place = 0
        while let block = block(place) {
            for line in block.objectLines {
                if case .object(let members)? = try? JSONReader.read(block.bytes[line.bytes]) {
                    return members.map(\.name)
                }
            }
            place += 1
        }
        throw failure ?? InputError(InputPlace(file: file), "no line holds a JSON object")
    }

    /// Returns the plan of a table, with the types that its first rows decide.
    ///
    /// - Parameter sample: a sample without values, with what is known of notations.
    /// - Throws: `InputError` when a named column does not exist.
    mutating func plan(
        _ table: OpenTable, header: [String], columns: [TableColumn], readsOthers: Bool, missing: VerbatimSet,
        sample: ColumnSample
    ) throws(InputError) -> TablePlan {
        let columnOfName = TablePlan.columnOfName(header)
        var contents = [TableColumn.Content](
            repeating: readsOthers ? .inferred : .ignored, count: header.count)
        if !table.isJSON { try TablePlan.checkInputs(columns, columnOfName, header, file: table.file) }
        for column in columns where !column.isOptional || columnOfName[column.name] != nil {
            let index = try TablePlan.index(of: column, columnOfName, header, file: table.file)
            // All columns without a name go by the one that there is.
            let same = column.name.isEmpty ? header.indices.filter { header[$0].isEmpty } : [index]
            for index in same { contents[index] = contents[index].narrowed(to: column.content) }
        }
        var names = header
        if table.isJSON, !readsOthers {
            // Members that nobody asked for need not be in every object.
            names = zip(header, contents).filter { $1 != .ignored }.map(\.0)
            contents.removeAll { $0 == .ignored }
        }
        let untyped = TablePlan(
            table, header: names, contents: contents, samples: names.map { _ in sample },
            missing: missing, refusesOtherMembers: readsOthers)
        return TablePlan(
            table, header: names, contents: contents, samples: samples(untyped, sample), missing: missing,
            refusesOtherMembers: readsOthers)
    }

    /// Returns the first values of each column. A row that cannot be split into them decides nothing.
    private mutating func samples(_ plan: TablePlan, _ sample: ColumnSample) -> [ColumnSample] {
        var samples = plan.header.map { _ in sample }
        guard plan.roles.contains(where: { if case .undecided = $0 { true } else { false } }) else {
            return samples
        }
        var (rows, bytes, place) = (0, 0, 0)
        while rows < TableReader.sampleSize, bytes < Self.byteLimit, let block = block(place) {
            block.forEachRow(plan) { texts, length in
                for (column, text) in (texts ?? []).enumerated() { samples[column].add(text) }
                (rows, bytes) = (rows + 1, bytes + length)
                return rows < TableReader.sampleSize && bytes < Self.byteLimit
            }
            place += 1
        }
        return samples
    }

    /// Returns a block by its index, which is read when it has not been yet; nil at the end.
    private mutating func block(_ place: Int) -> TableBlock? {
        guard place >= blocks.count, failure == nil else { return place < blocks.count ? blocks[place] : nil }
        do {
            guard let block = try reader.next() else { return nil }
            blocks.append(block)
            return block
        } catch {
            failure = error
            return nil
        }
    }
}

extension TableColumn.Content {
    /// Returns the content of a column that is named twice: texts serve for ids and categories alike, and
    /// what is read for one purpose is not left out for another.
    fileprivate func narrowed(to other: TableColumn.Content) -> TableColumn.Content {
        switch (self, other) {
        case (.texts, _), (_, .texts): .texts
        case (.written(let notation), _), (_, .written(let notation)): .written(notation)
        case (.numbers, _), (_, .numbers): .numbers
        case (_, .ignored): .ignored
        case (_, .inferred): .inferred
        }
    }
}
