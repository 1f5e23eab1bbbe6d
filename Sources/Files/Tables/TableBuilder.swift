import LimpetDocuments
import LimpetEvents

/// A builder of the columns of a flat table from its rows.
struct TableBuilder {
    private var columns: [ColumnBuilder]
    private let file: String
    private var lines: [Int32] = []

    init(columns: [ColumnBuilder], file: String) {
        self.columns = columns
        self.file = file
    }

    var isEmpty: Bool { lines.isEmpty }

    /// Adds a whole row or, when one of its values does not fit, nothing.
    mutating func append(_ values: [String], line: Int) throws(InputError) {
        for (index, text) in values.enumerated() {
            guard let problem = columns[index].problem(text) else { continue }
            throw InputError(InputPlace(file: file, line: line, field: columns[index].name), problem)
        }
        for (index, text) in values.enumerated() { columns[index].append(text) }
        lines.append(Int32(truncatingIfNeeded: line))
    }

    func finish() -> FlatTable {
        FlatTable(file: file, columns: columns.map { $0.finish() }, lines: lines)
    }
}

/// A builder of one column.
struct ColumnBuilder {
    let name: String
    private var content: ColumnContent
    private var numbers: [Double] = []
    private var codeOfText: [VerbatimText: UInt32] = [VerbatimText(""): 0]
    private var dictionary = [""]
    private var codes: [UInt32] = []

    init(name: String, content: ColumnContent) {
        self.name = name
        self.content = content
    }

    /// Returns the reason why a value does not fit; nil when it does.
    func problem(_ text: String) -> String? {
        guard !text.isEmpty, content != .texts else { return nil }
        if text.isDecimalNumber {
            guard let number = Double(text), number.magnitude <= FlatTableReader.numberLimit else {
                return "found \(text.quoted), expected a finite number of at most "
                    + "\(FlatTableReader.numberLimit) in magnitude"
            }
            return nil
        }
        guard case .numbers(let count, let total) = content else { return nil }
        return "found \(text.quoted), expected a number as \(count) of the first \(total) values are; "
            + "does it mean missing (--missing), or are these texts (--categorical \(name))?"
    }

    /// Adds a value that fits.
    mutating func append(_ text: String) {
        if content == .undecided, !text.isEmpty { decide(by: text) }
        guard content == .texts else {
            numbers.append(text.isEmpty ? .nan : Double(text) ?? .nan)
            return
        }
        appendCode(text)
    }

    /// Decides the type by the first value after rows in which all values were missing.
    private mutating func decide(by text: String) {
        content = ColumnContent(sample: CollectionOfOne(text))
        guard content == .texts else { return }
        codes = Array(repeating: 0, count: numbers.count)
        numbers = []
    }

    private mutating func appendCode(_ text: String) {
        if let code = codeOfText[VerbatimText(text)] {
            codes.append(code)
            return
        }
        let code = UInt32(dictionary.count)
        codeOfText[VerbatimText(text)] = code
        dictionary.append(text)
        codes.append(code)
    }

    func finish() -> FlatTable.Column {
        FlatTable.Column(
            name: name,
            values: content == .texts ? .texts(dictionary: dictionary, codes: codes) : .numbers(numbers))
    }
}
