import LimpetDocuments
import LimpetEvents

extension TableBlock {
    /// Returns the rows of the block.
    func rows(_ plan: TablePlan) -> BlockRows {
        var rows = BlockRows(plan)
        if let columnOfMember = plan.columnOfMember {
            addObjects(columnOfMember, plan, to: &rows)
        } else if !hasQuotes, case .byte(let delimiter) = plan.delimiter {
            addPlainRows(delimiter, plan, to: &rows)
        } else {
            addRecords(from: 0..<bytes.count, firstLine: start.line, plan, to: &rows)
        }
        return rows
    }

    /// Adds lines without quotes directly from their bytes. A line with anything unusual is read by
    /// `addRecords`.
    private func addPlainRows(_ delimiter: UInt8, _ plan: TablePlan, to rows: inout BlockRows) {
        let span = bytes.span
        rows.numbers.reserveCapacity(bytes.count / 4)
        var (start, line) = (0, self.start.line)
        while start < span.count, !rows.isEnded {
            let end = span.first(10, from: start) ?? span.count
            if !addPlainRow(span, start..<end, delimiter, line, plan, to: &rows) {
                addRecords(from: start..<end, firstLine: line, plan, to: &rows)
            }
            start = end + 1
            line += 1
        }
    }

    /// Adds the row of a line; returns false, with nothing added, when `addRecords` must read it.
    @inline(__always)
    private func addPlainRow(
        _ bytes: Span<UInt8>, _ line: Range<Int>, _ delimiter: UInt8, _ number: Int, _ plan: TablePlan,
        to rows: inout BlockRows
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
                rows.numbers[first + place] = rows.code(
                    plan.missing.contains(text) ? "" : text, place, plan)
            case .undecided:
                let text = Self.text(bytes, start..<index)
                isPlain = text.map { $0.isEmpty || plan.missing.contains($0) } ?? false
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
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ place: Int, _ plan: TablePlan,
        to rows: inout BlockRows
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
        from range: Range<Int>, firstLine: Int, _ plan: TablePlan, to rows: inout BlockRows
    ) {
        var records = RecordReader(
            bytes: Array(bytes[range]), name: plan.file, firstLine: firstLine, delimiter: plan.delimiter)
        do {
            while try !rows.isEnded && records.next() {
                do {
                    let first = try addRecord(records, plan, to: &rows)
                    guard !first.isEmpty else { continue }
                    let byte = range.lowerBound + records.record.lowerBound
                    rows.undecided = (first, suffix(from: byte, line: records.line))
                } catch {
                    rows.rejected.append((error, records.recordText))
                }
            }
        } catch let error as InputError {
            rows.failure = error
        } catch {
            // Reading from memory cannot fail, and its task is not cancelled within a block.
            rows.failure = InputError(InputPlace(file: plan.file, line: records.line), "\(error)")
        }
    }

    /// Adds a record, unless it holds the first values of columns that had none, which are returned.
    private func addRecord(
        _ records: borrowing RecordReader, _ plan: TablePlan, to rows: inout BlockRows
    ) throws(InputError) -> [(column: Int, text: String)] {
        try records.checkFieldCount(plan)
        var row = RowInProgress(plan)
        for (column, role) in plan.roles.enumerated() where role != .ignored {
            let place = InputPlace(file: plan.file, line: records.line, field: plan.header[column])
            guard let found = records.text(column)?.trimmed else {
                throw InputError(place, "is not valid UTF-8")
            }
            try row.add(plan.missing.contains(found) ? "" : found, column: column, plan, place)
        }
        return row.finish(line: records.line, plan, to: &rows)
    }

    /// Calls `body` with the text of each column of each row, nil where the row cannot be split into them,
    /// and with the row's length in bytes, until it returns false.
    func forEachRow(_ plan: TablePlan, _ body: (_ texts: [String]?, _ length: Int) -> Bool) {
        if let columnOfMember = plan.columnOfMember {
            for line in objectLines {
                guard body(try? texts(bytes[line.bytes], line.number, columnOfMember, plan), line.bytes.count)
                else { return }
            }
            return
        }
        var records = RecordReader(
            bytes: bytes, name: plan.file, firstLine: start.line, delimiter: plan.delimiter)
        // What ends reading is thrown when the rows are added.
        while (try? records.next()) ?? false {
            guard body(texts(records, plan), records.record.count) else { return }
        }
    }

    /// Returns the fields of a record, "" for missing; nil when it is a bad row.
    private func texts(_ records: borrowing RecordReader, _ plan: TablePlan) -> [String]? {
        guard (try? records.checkFieldCount(plan)) != nil else { return nil }
        var texts: [String] = []
        texts.reserveCapacity(plan.header.count)
        for column in plan.header.indices {
            guard let text = records.text(column)?.trimmed else { return nil }
            texts.append(plan.missing.contains(text) ? "" : text)
        }
        return texts
    }
}

extension RecordReader {
    /// Refuses a record that cannot be split, or that has not one field for each column.
    fileprivate borrowing func checkFieldCount(_ plan: TablePlan) throws(InputError) {
        try check()
        guard fieldCount == plan.header.count else {
            throw InputError(
                InputPlace(file: plan.file, line: line),
                "has \(fieldCount) fields, the header has \(plan.header.count)")
        }
    }
}
