import LimpetEvents

extension TableBlock {
    /// Adds lines directly from their bytes. A line with anything unusual is read by `addRecords`.
    func addPlainRows(_ delimiter: UInt8, _ plan: TablePlan, to rows: inout BlockRows) {
        let span = bytes.span
        var (start, line) = (0, self.start.line)
        while start < span.count, !rows.isEnded {
            (start, line) = rows.addPlainLines(span, from: start, line, delimiter, plan)
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
        _ bytes: Span<UInt8>, from start: Int, _ line: Int, _ delimiter: UInt8, _ plan: TablePlan
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
            } else if let end = addPlainLine(bytes, from: start, delimiter, plan, &target) {
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
        _ bytes: Span<UInt8>, from start: Int, _ delimiter: UInt8, _ plan: TablePlan,
        _ numbers: inout MutableSpan<Double>
    ) -> Int? {
        let roles = plan.roles.span
        let first = count * rowStride
        var id: String?
        var index = start
        for column in roles.indices {
            if case .number(let place) = roles[column] {
                // Most fields end where their digits end.
                let (value, end) = FastDecimal.prefix(bytes, from: index)
                if let value, end < bytes.count,
                    bytes[end] == delimiter || bytes[end] == 10 || bytes[end] == 13
                {
                    numbers[first + place * columnStride] = value
                    index = end
                } else {
                    guard let field = PlainField(bytes, from: index, delimiter),
                        let value = Self.number(bytes.extracting(field.text), plan)
                    else { return nil }
                    numbers[first + place * columnStride] = value
                    index = field.end
                }
            } else {
                guard let field = PlainField(bytes, from: index, delimiter) else { return nil }
                let text = bytes.extracting(field.text).trimmed
                index = field.end
                switch roles[column] {
                case .ignored, .number: break
                case .text(let place):
                    guard let code = texts[place]?.code(text, plan) else { return nil }
                    numbers[first + place * columnStride] = code
                case .undecided(let place):
                    guard plan.isMissing(text) else { return nil }
                    numbers[first + place * columnStride] = .nan
                case .id:
                    guard !plan.isMissing(text), text.isText else { return nil }
                    id = text.text
                }
            }
            guard column + 1 < roles.count else { break }
            guard index < bytes.count, bytes[index] == delimiter else { return nil }
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

    /// Returns a number that is not a plain decimal, NaN for a missing one; nil when it is not a number.
    private static func number(_ field: Span<UInt8>, _ plan: TablePlan) -> Double? {
        let text = field.trimmed
        if plan.isMissing(text) { return .nan }
        let (value, end) = FastDecimal.prefix(text, from: 0)
        if let value, end == text.count { return value }
        return text.isText ? TableNumber.value(text.text) : nil
    }
}

/// A field of a line: its text without its quotes, and where it ends.
private struct PlainField {
    let text: Range<Int>
    /// The place of what ends the field: a delimiter, or the end of the line with its return.
    let end: Int

    /// Finds the end of a field; nil when there are quotes or line ends between its quotes.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, from start: Int, _ delimiter: UInt8) {
        var end = start
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
            while end < bytes.count, bytes[end] != delimiter, bytes[end] != 10 { end += 1 }
            let endsLine = end == bytes.count || bytes[end] == 10
            if endsLine, end > start, bytes[end - 1] == 13 { end -= 1 }
            (text, self.end) = (start..<end, end)
            return
        }
        end += 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            guard bytes[end] != 10 else { return nil }
            end += 1
        }
        guard end < bytes.count else { return nil }
        (text, self.end) = (start + 1..<end, end + 1)
    }
}
