import LimpetDocuments
import LimpetEvents

extension TableBlock {
    /// Returns the rows of the block.
    func rows(_ plan: TableStreamPlan) -> TableStreamRows {
        var rows = TableStreamRows()
        if let roles = plan.roleOfName {
            addObjects(roles, plan, to: &rows)
        } else if !hasQuotes, case .byte(let delimiter) = plan.delimiter {
            addPlainRows(delimiter, plan, to: &rows)
        } else {
            addRecords(bytes, firstLine: firstLine, plan, to: &rows)
        }
        return rows
    }

    /// Adds lines without quotes directly from their bytes. A line with anything unusual is read by
    /// `addRecords`.
    private func addPlainRows(_ delimiter: UInt8, _ plan: TableStreamPlan, to rows: inout TableStreamRows) {
        let span = bytes.span
        rows.numbers.reserveCapacity(bytes.count / 4)
        var (start, line) = (0, firstLine)
        while start < span.count {
            let end = span.first(10, from: start) ?? span.count
            if !addPlainRow(span, start..<end, delimiter, line, plan, to: &rows) {
                addRecords(Array(bytes[start..<end]), firstLine: line, plan, to: &rows)
            }
            start = end + 1
            line += 1
        }
    }

    /// Adds the row of a line; returns false, with nothing added, when `addRecords` must read it.
    @inline(__always)
    private func addPlainRow(
        _ bytes: Span<UInt8>, _ line: Range<Int>, _ delimiter: UInt8, _ number: Int, _ plan: TableStreamPlan,
        to rows: inout TableStreamRows
    ) -> Bool {
        let hasReturn = !line.isEmpty && bytes[line.upperBound - 1] == 13
        let end = line.upperBound - (hasReturn ? 1 : 0)
        guard line.lowerBound < end else { return true }
        let first = rows.numbers.count
        for _ in 0..<plan.width { rows.numbers.append(.nan) }
        var (start, column) = (line.lowerBound, 0)
        var id: String?
        var isPlain = true
        while isPlain {
            isPlain = column < plan.roles.count
            guard isPlain else { break }
            var index = start
            if case .number(let place) = plan.roles[column] {
                // Most fields end where their digits end.
                let (value, behind) = FastDecimal.prefix(bytes, start..<end)
                if let value, behind == end || bytes[behind] == delimiter {
                    rows.numbers[first + place] = value
                    column += 1
                    guard behind < end else { break }
                    start = behind + 1
                    continue
                }
                index = behind
            }
            while index < end, bytes[index] != delimiter { index += 1 }
            switch plan.roles[column] {
            case .ignored: break
            case .number(let place):
                guard index > start else { break }
                isPlain = addNumber(bytes, start..<index, first + place, plan, to: &rows)
            case .text(let place):
                guard let text = Self.text(bytes, start..<index) else {
                    isPlain = false
                    break
                }
                rows.numbers[first + place] = plan.code(place, plan.missing.contains(text) ? "" : text)
            case .id:
                id = Self.text(bytes, start..<index)
                isPlain = id.map { !$0.isEmpty && !plan.missing.contains($0) } ?? false
            }
            column += 1
            guard index < end else { break }
            start = index + 1
        }
        guard isPlain, column == plan.roles.count else {
            rows.numbers.removeLast(rows.numbers.count - first)
            return false
        }
        if let id { rows.ids.append(id) }
        rows.lines.append(number)
        return true
    }

    /// Adds a number that is not a plain decimal: missing, with an exponent, or with more digits; returns
    /// false when it is not a number.
    private func addNumber(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ place: Int, _ plan: TableStreamPlan,
        to rows: inout TableStreamRows
    ) -> Bool {
        guard let text = Self.text(bytes, range) else { return false }
        guard !text.isEmpty, !plan.missing.contains(text) else { return true }
        guard let value = TableNumber.value(text) else { return false }
        rows.numbers[place] = value
        return true
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
        bytes.extracting(range).trimmed.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
    }

    /// Adds records one at a time, with their quotes, and with the reason for each that cannot be read.
    private func addRecords(
        _ bytes: [UInt8], firstLine: Int, _ plan: TableStreamPlan, to rows: inout TableStreamRows
    ) {
        var records = RecordReader(
            bytes: bytes, name: plan.file, firstLine: firstLine, delimiter: plan.delimiter)
        do {
            while try records.next() {
                do { try addRecord(records, plan, to: &rows) } catch {
                    rows.rejected.append((error, records.recordText))
                }
            }
        } catch let error as InputError {
            rows.rejected.append((error, ""))
        } catch {
            // Reading from memory cannot fail.
            rows.rejected.append(
                (InputError(InputPlace(file: plan.file, line: records.line), "\(error)"), ""))
        }
    }

    private func addRecord(
        _ records: borrowing RecordReader, _ plan: TableStreamPlan, to rows: inout TableStreamRows
    ) throws(InputError) {
        try records.check()
        guard records.fieldCount == plan.header.count else {
            throw InputError(
                InputPlace(file: plan.file, line: records.line),
                "has \(records.fieldCount) fields, the header has \(plan.header.count)")
        }
        var row = [Double](repeating: .nan, count: plan.width)
        var id: String?
        for (column, role) in plan.roles.enumerated() where role != .ignored {
            let place = InputPlace(file: plan.file, line: records.line, field: plan.header[column])
            guard let found = records.text(column)?.trimmed else {
                throw InputError(place, "is not valid UTF-8")
            }
            let text = plan.missing.contains(found) ? "" : found
            switch role {
            case .ignored: break
            case .number(let target):
                guard !text.isEmpty else { break }
                guard let value = TableNumber.value(text) else {
                    throw InputError(place, TableNumber.problem(text))
                }
                row[target] = value
            case .text(let target): row[target] = plan.code(target, text)
            case .id:
                guard !text.isEmpty else { throw InputError(place, "is missing, expected the row's id") }
                id = text
            }
        }
        rows.numbers += row
        if let id { rows.ids.append(id) }
        rows.lines.append(records.line)
    }
}

/// A parser of the numbers of a flat table.
enum TableNumber {
    /// Returns the number; nil when the text is not a number, or its magnitude is above
    /// ``FlatTableReader/numberLimit``.
    static func value(_ text: String) -> Double? {
        guard text.isDecimalNumber, let number = Double(text),
            number.magnitude <= FlatTableReader.numberLimit
        else { return nil }
        return number
    }

    static func problem(_ text: String) -> String {
        guard text.isDecimalNumber else {
            return "found \(text.quoted), the model expects numbers here; does it mean missing (--missing)?"
        }
        return "found \(text.quoted), expected a finite number of at most "
            + "\(FlatTableReader.numberLimit) in magnitude"
    }
}
