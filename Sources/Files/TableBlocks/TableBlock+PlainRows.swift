import LimpetEvents

extension TableBlock {
    /// Adds lines directly from their bytes. A line with anything unusual is read by `addRecords`.
    func addPlainRows(_ delimiter: UInt8, _ plan: TablePlan, to rows: inout BlockRows) {
        let span = bytes.span
        let fields = FieldDelimiter(delimiter)
        var (start, line) = (0, self.start.line)
        while start < span.count, !rows.isEnded {
            (start, line) = rows.addPlainLines(span, from: start, line, fields, hasQuotes: hasQuotes, plan)
            guard start < span.count else { break }
            var scanner = LineScanner(delimiter: plan.delimiter, isQuoting: hasQuotes)
            // An unclosed quote goes to the end of the block, and is reported.
            let end = scanner.findEnd(span, from: start) ?? span.count
            addRecords(from: start..<end, firstLine: line, plan, to: &rows)
            start = end + 1
            line += 1 + scanner.lineBreaks
        }
    }
}

extension BlockRows {
    /// Adds lines up to the first that is unusual, or the end; returns where that begins.
    fileprivate mutating func addPlainLines(
        _ bytes: Span<UInt8>, from start: Int, _ line: Int, _ delimiter: FieldDelimiter, hasQuotes: Bool,
        _ plan: TablePlan
    ) -> (start: Int, line: Int) {
        // The numbers are taken out, so that their ownership is not checked for each.
        var values: [Double] = []
        swap(&values, &numbers)
        defer { swap(&values, &numbers) }
        var target = values.mutableSpan
        var (start, line) = (start, line)
        while start < bytes.count {
            let next = bytes[start] == 13 ? start + 1 : start
            if next == bytes.count || bytes[next] == 10 {
                start = next + 1
            } else if let end = addPlainLine(bytes, from: start, delimiter, hasQuotes, plan, &target) {
                lines.append(line)
                start = end
            } else {
                break
            }
            line += 1
        }
        return (start, line)
    }

    /// Sets the values of the row of a line, and returns where the next line begins; nil when `addRecords`
    /// must read it.
    @inline(__always)
    private mutating func addPlainLine(
        _ bytes: Span<UInt8>, from start: Int, _ delimiter: FieldDelimiter, _ hasQuotes: Bool,
        _ plan: TablePlan, _ numbers: inout MutableSpan<Double>
    ) -> Int? {
        let roles = plan.roles.span
        let first = count * rowStride
        let comparesNumbers = plan.missingFields.holdNumbers
        var id: String?
        var index = start
        for column in roles.indices {
            if case .number(let place) = roles[column] {
                // Most fields end where their digits end.
                let (value, end) = FastDecimal.prefix(bytes, from: index)
                if let value, end < bytes.count,
                    bytes[end] == delimiter.byte || bytes[end] == 10 || bytes[end] == 13,
                    !comparesNumbers || !plan.isMissing(bytes.extracting(index..<end))
                {
                    numbers[first + place * columnStride] = value
                    index = end
                } else {
                    guard let field = delimiter.field(bytes, from: index, hasQuotes: hasQuotes),
                        let value = Self.number(bytes.extracting(field.text), plan)
                    else { return nil }
                    numbers[first + place * columnStride] = value
                    index = field.end
                }
            } else {
                guard let field = delimiter.field(bytes, from: index, hasQuotes: hasQuotes) else {
                    return nil
                }
                let text = bytes.extracting(field.text).trimmed
                index = field.end
                switch roles[column] {
                case .ignored, .number: break
                case .text(let place):
                    guard let code = texts[place]?.code(text, plan) else { return nil }
                    numbers[first + place * columnStride] = code
                case .written(let place):
                    guard let value = Self.number(text, writtenIn: column, plan) else { return nil }
                    numbers[first + place * columnStride] = value
                case .undecided(let place):
                    guard plan.isMissing(text) else { return nil }
                    numbers[first + place * columnStride] = .nan
                case .id:
                    guard !plan.isMissing(text), text.isText else { return nil }
                    id = text.text
                }
            }
            guard column + 1 < roles.count else { break }
            guard index < bytes.count, bytes[index] == delimiter.byte else { return nil }
            index += 1
        }
        guard let next = Self.nextLine(bytes, after: index) else { return nil }
        if let id { ids.append(id) }
        return next
    }

    /// Returns where the line after the last field of another begins; nil when the field is not the last.
    @inline(__always)
    private static func nextLine(_ bytes: Span<UInt8>, after end: Int) -> Int? {
        var next = end
        if next < bytes.count, bytes[next] == 13 { next += 1 }
        guard next < bytes.count else { return next }
        return bytes[next] == 10 ? next + 1 : nil
    }

    /// Returns a number or date in a notation, NaN for a missing one; nil when it is not written so.
    @inline(never)
    private static func number(
        _ text: Span<UInt8>, writtenIn column: Int, _ plan: TablePlan
    ) -> Double? {
        if plan.isMissing(text) { return .nan }
        guard text.isText, let value = plan.notations[column]?.value(text.text),
            !(value.magnitude > TableReader.numberLimit)
        else { return nil }
        return value
    }

    /// Returns a number that is not a plain decimal, NaN for a missing one; nil when it is not a number.
    private static func number(_ field: Span<UInt8>, _ plan: TablePlan) -> Double? {
        let text = field.trimmed
        if plan.isMissing(text) { return .nan }
        let (value, end) = FastDecimal.prefix(text, from: 0)
        if let value, end == text.count { return value }
        return text.isText ? TableNumber.value(text.text) : nil
    }
}
