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

/// A fast path that adds a line to a block directly from the bytes of its fields, where nothing in the line
/// is unusual.
///
/// It reports nothing about a line that it does not accept: ``EventRow`` reads that line again and reports
/// the error, if there is one.
struct EventFields {
    private let parser: EventBlockParser
    private let delimiter: UInt8
    private let hasQuotes: Bool
    /// The name of all events; nil where a column has it.
    private let eventName: String?
    // The fields of the current line.
    private var user: UInt32 = 0
    private var name: UInt32 = 0
    private var message: UInt32 = 0
    private var time: ParsedTime?
    private var received: Int64?
    private var texts: [UInt32]
    private var amounts: [Int64]
    /// The codes of the lines that are not in the block's columns of texts yet, `[lines][columns]`.
    private var codes: [UInt32] = []

    init(_ parser: EventBlockParser, delimiter: UInt8, hasQuotes: Bool) {
        self.parser = parser
        self.delimiter = delimiter
        self.hasQuotes = hasQuotes
        eventName = parser.row?.columns.event == nil ? parser.schema.eventName : nil
        texts = []
        amounts = []
    }

    /// Adds the row of a record; returns false, with nothing added, when ``EventRow`` must read it.
    mutating func add(_ bytes: Span<UInt8>, _ record: Range<Int>, to parsed: inout ParsedEvents) -> Bool {
        let hasReturn = !record.isEmpty && bytes[record.upperBound - 1] == 13
        let end = record.upperBound - (hasReturn ? 1 : 0)
        guard record.lowerBound < end else { return true }
        clear(parsed.rows)
        var (index, column) = (record.lowerBound, 0)
        while true {
            guard column < parser.roles.count, let field = field(bytes, from: index, end) else {
                return false
            }
            guard take(bytes.extracting(field.range), parser.roles[column], &parsed.rows) else {
                return false
            }
            column += 1
            index = field.next
            guard index < end else { break }
            index += 1
        }
        guard column == parser.roles.count, let time else { return false }
        append(time, to: &parsed.rows)
        parsed.starts.append(record.lowerBound)
        return true
    }

    /// Returns the range of a field without its quotes, and where it ends; nil when there are quotes within
    /// it.
    @inline(__always)
    private func field(_ bytes: Span<UInt8>, from start: Int, _ end: Int) -> (range: Range<Int>, next: Int)? {
        if hasQuotes, start < end, bytes[start] == UInt8(ascii: "\"") {
            var close = start + 1
            while close < end, bytes[close] != UInt8(ascii: "\"") { close += 1 }
            guard close < end, close + 1 == end || bytes[close + 1] == delimiter else { return nil }
            return (start + 1..<close, close + 1)
        }
        var index = start
        while index < end, bytes[index] != delimiter { index += 1 }
        return (start..<index, index)
    }

    private mutating func clear(_ rows: EventBlock) {
        (time, received, message) = (nil, nil, 0)
        if texts.count != rows.texts.count { texts = [UInt32](repeating: 0, count: rows.texts.count) }
        if amounts.count != rows.amounts.count {
            amounts = [Int64](repeating: 0, count: rows.amounts.count)
        }
        for place in texts.indices { texts[place] = 0 }
        for place in amounts.indices { amounts[place] = NumberColumn.missing }
    }

    /// Reads a field into the current row; returns false when its column cannot hold it.
    @inline(__always)
    private mutating func take(_ field: Span<UInt8>, _ role: EventFieldRole, _ rows: inout EventBlock) -> Bool
    {
        let field = field.trimmed
        switch role {
        case .ignored: return true
        case .time:
            guard let parsed = parser.schema.times.parse(bytes: field),
                parser.schema.problem(with: parsed.timestamp) == nil
            else { return false }
            time = parsed
            return true
        case .user:
            guard !parser.isMissing(field), field.isText else { return false }
            user = rows.users.append(field)
        case .name:
            guard !parser.isMissing(field), let code = rows.names.code(of: field, where: { $0.isText }) else {
                return false
            }
            name = code
        case .messageID:
            guard !parser.isMissing(field) else { return true }
            guard field.isText else { return false }
            message = rows.add(MessageKey(bytes: field))
        case .received:
            guard !parser.isMissing(field) else { return true }
            guard let parsed = parser.schema.times.parse(bytes: field) else { return false }
            received = parsed.timestamp.milliseconds
        case .property(let places, let alias, let isValue):
            guard !parser.isMissing(field) else { return true }
            guard takeProperty(field, places, isValue: isValue, &rows) else { return false }
            guard let alias else { return true }
            return takeProperty(field, alias, isValue: isValue, &rows)
        }
        return true
    }

    @inline(__always)
    private mutating func takeProperty(
        _ field: Span<UInt8>, _ places: PropertyPlaces, isValue: Bool, _ rows: inout EventBlock
    ) -> Bool {
        if let amount = places.amount {
            let decimals = rows.amounts[amount].decimals
            guard let exact = ExactDecimal(bytes: field), let units = exact.units(decimals: decimals) else {
                return false
            }
            amounts[amount] = units
            rows.amounts[amount].rounded.note(
                exact, in: decimals, field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        guard let text = places.text else { return true }
        let code = rows.texts[text].dictionary.code(of: field) { field in
            field.isText && (!isValue || ExactDecimal(bytes: field) != nil)
        }
        guard let code else { return false }
        texts[text] = code
        return true
    }

    /// Adds the codes of the lines so far to the block's columns, before other rows or other columns are
    /// added, and at the end.
    mutating func addTexts(to rows: inout EventBlock) {
        let width = texts.count
        guard width > 0 else { return }
        let lines = codes
        codes = []
        let (count, values) = (lines.count / width, lines.span)
        for place in 0..<width {
            rows.texts[place].codes.append(addingCapacity: count) { column in
                for line in 0..<count { column.append(values[line * width + place]) }
            }
        }
    }

    private mutating func append(_ time: ParsedTime, to rows: inout EventBlock) {
        if let eventName { name = rows.names.code(of: eventName) }
        rows.rows.append(
            EventBlock.Row(time, received: received, user: user, name: name, message: message))
        codes.append(contentsOf: texts)
        for place in amounts.indices { rows.amounts[place].units.append(amounts[place]) }
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
        roles[columns.time] = .time
        if let column = columns.event { roles[column] = .name }
        if let column = columns.messageID { roles[column] = .messageID }
        if let column = columns.received { roles[column] = .received }
        return roles
    }
}
