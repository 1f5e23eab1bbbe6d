import LimpetDocuments
import LimpetNumerics
import LimpetEvents

/// The role of a column in the lines of a log.
enum EventFieldRole: Hashable, Sendable {
    /// A column that is not read.
    case ignored
    case user
    case time
    case name
    case messageID
    case received
    /// A property, the same under its other name, and whether it holds the events' amounts.
    case property(PropertyPlaces, alias: PropertyPlaces?, isValue: Bool)
}

/// The indices of a property's text column and of its amount column, where it has them.
struct PropertyPlaces: Hashable, Sendable {
    var text: Int?
    var amount: Int?
}

/// A fast path that adds lines to a block directly from the bytes of their fields, where nothing in a line is
/// unusual.
///
/// It reports nothing about a line that it does not accept: ``EventRow`` reads that line again and reports
/// the error, if there is one.
struct EventFields {
    private let parser: EventBlockParser
    private let delimiter: FieldDelimiter
    private let hasQuotes: Bool
    /// The name of all events; nil where a column has it.
    private let eventName: String?
    private var times: TimeColumn
    private var receipts: TimeColumn
    // The fields of the current line.
    private var user: UInt32 = 0
    private var name: UInt32 = 0
    private var message: UInt32 = 0
    private var time: ParsedTime?
    private var received: Int64?
    /// The number of lines that can be held.
    private let lineLimit: Int
    /// The number of lines so far, and of those that are in the block's columns already.
    private var lines = 0
    private var flushed = 0
    /// The codes of texts, `[columns][lineLimit]`, and the units of amounts: a line sets only those it has.
    private var codes: [UInt32]
    private var units: [Int64]

    init(_ parser: EventBlockParser, delimiter: UInt8, for block: TableBlock, to parsed: inout ParsedEvents) {
        self.parser = parser
        self.delimiter = FieldDelimiter(delimiter)
        hasQuotes = block.hasQuotes
        eventName = parser.row?.columns.event == nil ? parser.schema.eventName : nil
        times = TimeColumn(parser.schema.times)
        receipts = times
        lineLimit = block.end.line - block.start.line + 1
        codes = [UInt32](repeating: 0, count: lineLimit * parsed.rows.texts.count)
        units = [Int64](repeating: NumberColumn.missing, count: lineLimit * parsed.rows.amounts.count)
        parsed.starts.reserveCapacity(lineLimit)
        parsed.rows.rows.reserveCapacity(lineLimit)
    }

    /// Adds lines up to the first that ``EventRow`` must read, or the end; returns where that begins.
    mutating func addLines(
        _ bytes: Span<UInt8>, from start: Int, _ line: Int, to parsed: inout ParsedEvents
    ) -> (start: Int, line: Int) {
        // The columns are taken out, so that their ownership is not checked for each field.
        var (texts, amounts): ([UInt32], [Int64]) = ([], [])
        swap(&texts, &codes)
        swap(&amounts, &units)
        defer {
            swap(&texts, &codes)
            swap(&amounts, &units)
        }
        let roles = parser.roles
        var textTarget = texts.mutableSpan
        var amountTarget = amounts.mutableSpan
        var (start, line) = (start, line)
        while start < bytes.count {
            let next = bytes[start] == 13 ? start + 1 : start
            if next == bytes.count || bytes[next] == 10 {
                start = next + 1
            } else if lines < lineLimit,
                let end = addLine(bytes, from: start, roles.span, &textTarget, &amountTarget, to: &parsed)
            {
                start = end
            } else {
                // The values that the line has set are removed.
                for place in stride(from: lines, to: textTarget.count, by: lineLimit) {
                    textTarget[place] = 0
                }
                for place in stride(from: lines, to: amountTarget.count, by: lineLimit) {
                    amountTarget[place] = NumberColumn.missing
                }
                break
            }
            line += 1
        }
        return (start, line)
    }

    /// Adds the row of a line, and returns where the next line begins; nil when ``EventRow`` must read it.
    @inline(__always)
    private mutating func addLine(
        _ bytes: Span<UInt8>, from start: Int, _ roles: Span<EventFieldRole>,
        _ texts: inout MutableSpan<UInt32>, _ amounts: inout MutableSpan<Int64>, to parsed: inout ParsedEvents
    ) -> Int? {
        (time, received, message) = (nil, nil, 0)
        var index = start
        for column in roles.indices {
            guard let field = delimiter.field(bytes, from: index, hasQuotes: hasQuotes) else { return nil }
            index = field.end
            switch roles[column] {
            case .ignored: break
            case .property(let places, let alias, let isValue):
                guard !field.text.isEmpty else { break }
                let text = bytes.extracting(field.text).trimmed
                guard !parser.isMissing(text) else { break }
                guard takeProperty(text, places, isValue: isValue, &texts, &amounts, &parsed.rows) else {
                    return nil
                }
                guard let alias else { break }
                guard takeProperty(text, alias, isValue: isValue, &texts, &amounts, &parsed.rows) else {
                    return nil
                }
            default:
                guard take(bytes.extracting(field.text).trimmed, roles[column], &parsed.rows) else {
                    return nil
                }
            }
            guard column + 1 < roles.count else { break }
            guard index < bytes.count, bytes[index] == delimiter.byte else { return nil }
            index += 1
        }
        // The last field is followed by the end of the line.
        if index < bytes.count, bytes[index] == 13 { index += 1 }
        guard index >= bytes.count || bytes[index] == 10, let time else { return nil }
        append(time, to: &parsed.rows)
        parsed.starts.append(start)
        return index + 1
    }

    /// Reads a field that every row has, or its message id or receipt; returns false when its column cannot
    /// hold it.
    @inline(__always)
    private mutating func take(_ field: Span<UInt8>, _ role: EventFieldRole, _ rows: inout EventBlock) -> Bool
    {
        let isMissing = parser.isMissing(field)
        switch role {
        case .ignored, .property: return true
        case .time:
            guard !isMissing, let parsed = times.parse(field), parser.accepts(parsed.timestamp) else {
                return false
            }
            time = parsed
            return true
        case .user:
            guard !isMissing, field.isText else { return false }
            user = rows.users.append(field)
        case .name:
            guard !isMissing, let code = rows.names.code(of: field, where: { $0.isText }) else {
                return false
            }
            name = code
        case .messageID:
            guard !isMissing else { return true }
            guard field.isText else { return false }
            message = rows.add(MessageKey(bytes: field))
        case .received:
            guard !isMissing else { return true }
            guard let parsed = receipts.parse(field) else { return false }
            received = parsed.timestamp.milliseconds
        }
        return true
    }

    @inline(__always)
    private mutating func takeProperty(
        _ field: Span<UInt8>, _ places: PropertyPlaces, isValue: Bool, _ texts: inout MutableSpan<UInt32>,
        _ amounts: inout MutableSpan<Int64>, _ rows: inout EventBlock
    ) -> Bool {
        if let amount = places.amount {
            let decimals = rows.amounts[amount].decimals
            guard let exact = ExactDecimal(bytes: field), let units = exact.units(decimals: decimals) else {
                return false
            }
            amounts[amount * lineLimit + lines] = units
            rows.amounts[amount].rounded.note(
                exact, in: decimals, field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        guard let text = places.text else { return true }
        let code = rows.texts[text].dictionary.code(of: field) { field in
            field.isText && (!isValue || ExactDecimal(bytes: field) != nil)
        }
        guard let code else { return false }
        texts[text * lineLimit + lines] = code
        return true
    }

    /// Adds the values of the lines so far to the block's columns, before other rows are added and at the
    /// end.
    mutating func flush(to rows: inout EventBlock) {
        guard flushed < lines else { return }
        for place in rows.texts.indices {
            guard (place + 1) * lineLimit <= codes.count else {
                // A column that another row has added.
                rows.texts[place].codes.append(contentsOf: repeatElement(0, count: lines - flushed))
                continue
            }
            let start = place * lineLimit
            rows.texts[place].codes.append(contentsOf: codes[start + flushed..<start + lines])
        }
        for place in rows.amounts.indices {
            let start = place * lineLimit
            rows.amounts[place].units.append(contentsOf: units[start + flushed..<start + lines])
        }
        flushed = lines
    }

    private mutating func append(_ time: ParsedTime, to rows: inout EventBlock) {
        if let eventName { name = rows.names.code(of: eventName) }
        rows.rows.append(
            EventBlock.Row(time, received: received, user: user, name: name, message: message))
        lines += 1
    }
}

extension EventRow {
    /// Returns the role of each column; `texts` and `amounts` give the indices of the columns of properties.
    func roles(texts: [String], amounts: [String]) -> [EventFieldRole] {
        var roles = [EventFieldRole](repeating: .ignored, count: header.count)
        for (name, column) in kept {
            let places = PropertyPlaces(
                text: texts.firstIndex(verbatim: name), amount: amounts.firstIndex(verbatim: name))
            let isValue = column == columns.value
            if case .property(let first, _, _) = roles[column] {
                roles[column] = .property(first, alias: places, isValue: isValue)
            } else {
                roles[column] = .property(places, alias: nil, isValue: isValue)
            }
        }
        roles[columns.user] = .user
        if let time = columns.time { roles[time] = .time }
        if let column = columns.event { roles[column] = .name }
        if let column = columns.messageID { roles[column] = .messageID }
        if let column = columns.received { roles[column] = .received }
        return roles
    }
}
