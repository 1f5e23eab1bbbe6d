import LimpetDocuments
import LimpetEvents

extension TableBlock {
    /// Returns the rows of the block.
    func rows(_ plan: TablePlan) -> BlockRows {
        var rows = BlockRows(plan, limit: rowLimit(plan))
        if let columnOfMember = plan.columnOfMember {
            addObjects(columnOfMember, plan, to: &rows)
        } else if case .byte(let delimiter) = plan.delimiter {
            addPlainRows(delimiter, plan, to: &rows)
        } else {
            addRecords(from: 0..<bytes.count, firstLine: start.line, plan, to: &rows)
        }
        rows.trim()
        return rows
    }

    /// A bound of the number of rows: each takes a line, and a byte for each field.
    private func rowLimit(_ plan: TablePlan) -> Int {
        min(end.line - start.line, bytes.count / max(1, plan.header.count)) + 1
    }

    /// Adds records one at a time, with their quotes, and with the reason for each that cannot be read.
    func addRecords(
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
            let text = records.withField(column) { field in
                let text = field.trimmed
                return plan.isMissing(text) ? "" : text.isText ? text.text : nil
            }
            guard let text else { return nil }
            texts.append(text)
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
