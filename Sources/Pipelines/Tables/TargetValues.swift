public import LimpetDocuments
package import LimpetEvents
package import LimpetFiles

/// The values of a table's target, with the rows of each: one counts as 1, all others as 0.
public struct TargetValues: Sendable {
    /// The target's column.
    public let column: String
    /// The value that counts as 1; "" where any does.
    public let positive: String
    /// The rows with that value.
    public let positives: Int
    /// The values that count as 0 with their rows, the most frequent first.
    public let others: [(text: String, rows: Int)]

    /// The number of values that are shown.
    package static let limit = 10

    /// The values and their rows as a sentence; at most ten of them, then a count.
    public var text: String {
        let zeros = others.prefix(Self.limit - 1).map { "\($0.text.quoted) (\(Format.count($0.rows)) rows)" }
        let rest = others.count - zeros.count
        let more = rest > 0 ? ", … (\(Format.count(rest)) more values)" : ""
        let zero = others.isEmpty ? "no row" : zeros.joined(separator: ", ") + more
        if positive.isEmpty {
            return "\(column): 1 is any value (\(Format.count(positives)) rows); 0 is none "
                + "(\(Format.count(others.first?.rows ?? 0)) rows)"
        }
        return "\(column): 1 is \(positive.quoted) (\(Format.count(positives)) rows); 0 is \(zero)"
    }

    /// The values and their rows as JSON; at most ten of them, with the number of all.
    public var document: JSON {
        func value(_ text: String, _ rows: Int) -> JSON {
            .object(["value": .string(text), "rows": .number(rows)])
        }
        return .object([
            "column": .string(column), "one": value(positive, positives),
            "zero": .array(others.prefix(Self.limit - 1).map { value($0.text, $0.rows) }),
            "values": .number(others.count + 1),
        ])
    }
}

extension TableSource {
    /// Returns the labels of the rows by the value that is given, or by the usual one that is found.
    ///
    /// - Throws: `InputError` as ``labels(of:target:positive:)``, and when no usual value is found.
    package func labels(
        of table: FlatTable, target: String
    ) throws(InputError) -> (labels: [Bool], values: TargetValues) {
        if let positive { return try labels(of: table, target: target, positive: positive) }
        let (dictionary, codes) = try table.column(target, flag: "--target").coded
        var counts = [Int](repeating: 0, count: dictionary.count)
        for code in codes { counts[Int(code)] += 1 }
        let found = dictionary.indices.filter { counts[$0] > 0 && !dictionary[$0].isEmpty }
            .sorted { (counts[$1], $0) < (counts[$0], $1) }
        guard let usual = UsualTarget.positive(among: found.map { dictionary[$0] }) else {
            let shown = found.prefix(TargetValues.limit).map {
                "\(dictionary[$0].quoted) (\(Format.count(counts[$0])) rows)"
            }
            let rest = found.count - shown.count
            throw InputError(
                InputPlace(file: table.file, field: target),
                "found \(shown.joined(separator: ", "))\(rest > 0 ? ", … (\(rest) more values)" : ""); "
                    + "name the "
                    + "value that counts as 1 with --positive, or give --target-filled if any value does")
        }
        return try labels(of: table, target: target, positive: usual)
    }

    /// Returns the labels of the rows, and the values of the target that they come from.
    ///
    /// - Throws: `InputError` when a row has no value, no row has the positive one, or one differs from it in
    ///   case, spaces or Unicode form alone, which would be learnt as 0.
    package func labels(
        of table: FlatTable, target: String, positive: String
    ) throws(InputError) -> (labels: [Bool], values: TargetValues) {
        let (dictionary, codes) = try table.column(target, flag: "--target").coded
        var counts = [Int](repeating: 0, count: dictionary.count)
        for code in codes { counts[Int(code)] += 1 }
        func place(_ code: Int) -> InputPlace {
            let row = codes.firstIndex { Int($0) == code } ?? 0
            return InputPlace(file: table.file, line: Int(table.lines[row]), field: target)
        }
        if positive.isEmpty {
            let empty = dictionary.indices.filter { dictionary[$0].isEmpty }.map { counts[$0] }.reduce(0, +)
            return (
                codes.map { !dictionary[Int($0)].isEmpty },
                TargetValues(
                    column: target, positive: "", positives: codes.count - empty,
                    others: empty > 0 ? [(text: "", rows: empty)] : [])
            )
        }
        if let code = dictionary.indices.first(where: { counts[$0] > 0 && dictionary[$0].isEmpty }) {
            throw InputError(place(code), "is missing, expected the target")
        }
        let one = dictionary.indices.first {
            counts[$0] > 0 && VerbatimText(dictionary[$0]) == VerbatimText(positive)
        }
        let folded = positive.foldedLabel
        if let code = dictionary.indices.first(where: {
            counts[$0] > 0 && $0 != one && dictionary[$0].foldedLabel == folded
        }) {
            throw InputError(
                place(code),
                "found \(dictionary[code].quoted), which differs from \(positive.quoted) of --positive in "
                    + "case, spaces or Unicode form alone; write both alike")
        }
        let others = dictionary.indices.filter { counts[$0] > 0 && $0 != one }
            .sorted { (counts[$1], $0) < (counts[$0], $1) }.map { (text: dictionary[$0], rows: counts[$0]) }
        guard let one else {
            let found = others.prefix(TargetValues.limit).map(\.text.quoted).joined(separator: ", ")
            throw InputError(
                InputPlace(file: table.file, field: target),
                "no row has the value \(positive.quoted) of --positive; found \(found)"
                    + (others.count > TargetValues.limit ? ", … (\(others.count) in all)" : ""))
        }
        let values = TargetValues(
            column: target, positive: positive, positives: counts[one], others: others)
        return (codes.map { Int($0) == one }, values)
    }
}

extension String {
    /// The text in lower case without spaces, to find values that were meant to be one.
    fileprivate var foldedLabel: String {
        String(String.UnicodeScalarView(lowercased().unicodeScalars.filter { !$0.properties.isWhitespace }))
    }
}

extension FlatTable.Column {
    /// The values as codes of a dictionary; numbers by their shortest form.
    fileprivate var coded: (dictionary: [String], codes: [UInt32]) {
        if case .texts(let dictionary, let codes) = values { return (dictionary, codes) }
        var (dictionary, codeOfText): ([String], VerbatimDictionary<UInt32>) = ([], [:])
        let codes = texts.map { text in
            if let code = codeOfText[text] { return code }
            codeOfText[text] = UInt32(dictionary.count)
            dictionary.append(text)
            return UInt32(dictionary.count - 1)
        }
        return (dictionary, codes)
    }
}
