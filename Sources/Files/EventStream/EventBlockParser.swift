import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// A parser of the blocks of one file: lines of fields, or one JSON message on each line. Threads share one.
struct EventBlockParser: Sendable {
    let file: String
    let schema: EventSchema
    let delimiter: Delimiter
    /// The conversion of a record to an event; nil for messages.
    let row: EventRow?
    let zone: @Sendable (String) -> TimeZoneRules?
    /// The properties that must be amounts, with their number of decimals.
    let amounts: VerbatimDictionary<Int>
    /// The text properties to keep; nil for all.
    let texts: VerbatimSet?
    /// The role of each column of a line.
    let roles: [EventFieldRole]
    /// The text columns that are known before any row is read.
    private let textNames: [String]
    private let missing: MissingTexts
    /// The texts that mean missing in messages: those alone that were asked for, since `NA` is a text like
    /// any other over HTTP, where the same messages come in, and JSON has a null.
    private let missingInMessages: MissingTexts
    /// Times that an event can certainly have.
    private let usualTimes: Range<Timestamp>
    /// True when the rows' message ids are to be grouped.
    var groupsMessages = false
    /// Other names of properties, which add no column of texts.
    private let aliases: VerbatimSet

    init(
        file: String, schema: EventSchema, delimiter: Delimiter, row: EventRow? = nil,
        zone: @escaping @Sendable (String) -> TimeZoneRules?, amounts: VerbatimDictionary<Int>,
        texts: VerbatimSet?
    ) {
        self.file = file
        self.schema = schema
        self.delimiter = delimiter
        self.row = row
        self.zone = zone
        self.amounts = amounts
        self.texts = texts
        let aliases = VerbatimSet((row?.columns.aliases ?? [:]).keys)
        let kept = (row?.kept.map(\.name) ?? []).filter { !aliases.contains($0) }
        self.aliases = aliases
        textNames = texts.map { $0.sorted() } ?? kept
        roles = row?.roles(texts: textNames, amounts: amounts.keys.sortedByBytes()) ?? []
        missing = MissingTexts(schema.missing)
        missingInMessages = MissingTexts(schema.missing.subtracting(EventSchema.usualMissing))
        usualTimes = schema.usualTimes
    }

    /// Returns the rows of a block.
    func parse(_ block: TableBlock) -> ParsedEvents {
        let rows = EventBlock(amounts: amounts, texts: textNames, addsColumns: texts == nil, aliases: aliases)
        var parsed = ParsedEvents(file: file, source: block, delimiter: delimiter, rows: rows)
        if row == nil {
            addMessages(to: &parsed)
        } else if case .byte(let byte) = delimiter, row?.columns.time != nil {
            addLines(separatedBy: byte, to: &parsed)
        } else {
            addRecords(0..<block.bytes.count, line: block.start.line, to: &parsed)
        }
        if groupsMessages, parsed.rows.messages.count > 1 { parsed.rows.groupMessages() }
        return parsed
    }

    /// Adds lines of fields directly from their bytes. A line that ``EventFields`` does not accept is read by
    /// ``EventRow``.
    private func addLines(separatedBy delimiter: UInt8, to parsed: inout ParsedEvents) {
        let block = parsed.source
        let bytes = block.bytes.span
        var fields = EventFields(self, delimiter: delimiter, for: block, to: &parsed)
        var (start, line) = (0, block.start.line)
        while start < bytes.count, parsed.failure == nil {
            (start, line) = fields.addLines(bytes, from: start, line, to: &parsed)
            guard start < bytes.count else { break }
            fields.flush(to: &parsed.rows)
            var scanner = LineScanner(delimiter: self.delimiter, isQuoting: block.hasQuotes)
            // An unclosed quote goes to the end of the block, and is reported.
            let end = scanner.findEnd(bytes, from: start) ?? bytes.count
            addRecords(start..<end, line: line, to: &parsed)
            start = end + 1
            line += 1 + scanner.lineBreaks
        }
        fields.flush(to: &parsed.rows)
    }

    /// Returns true when a text stands for "missing".
    @inline(__always)
    func isMissing(_ text: Span<UInt8>) -> Bool { missing.contains(text) }

    /// Returns true when an event can have a time.
    @inline(__always)
    func accepts(_ time: Timestamp) -> Bool {
        usualTimes.contains(time) || schema.problem(with: time) == nil
    }

    /// Adds records one at a time, with their quotes, and with the reason for each that cannot be read.
    private func addRecords(_ range: Range<Int>, line: Int, to parsed: inout ParsedEvents) {
        guard let row else { return }
        var records = RecordReader(
            bytes: Array(parsed.source.bytes[range]), name: file, firstLine: line, delimiter: delimiter)
        do {
            while try records.next() {
                do {
                    let (event, resolution) = try row.event(records, file: file)
                    try add(
                        event, resolution, at: range.lowerBound + records.record.lowerBound,
                        InputPlace(file: file, line: records.line), timeField: row.timeName, to: &parsed)
                } catch {
                    parsed.rejected.append((error, records.recordText))
                }
            }
        } catch let error as InputError {
            parsed.failure = error
        } catch {
            // Reading from memory cannot fail.
            parsed.failure = InputError(InputPlace(file: file, line: records.line), "\(error)")
        }
    }

    private func add(
        _ event: Event, _ resolution: TimeResolution, at start: Int, _ place: InputPlace, timeField: String,
        to parsed: inout ParsedEvents
    ) throws(InputError) {
        if event.time != Event.fromStart, let problem = schema.problem(with: event.time) {
            throw InputError(InputPlace(file: place.file, line: place.line, field: timeField), problem)
        }
        do {
            try parsed.rows.append(event, resolution: resolution)
        } catch {
            throw InputError(place, "\(error)")
        }
        parsed.starts.append(start)
    }
}

extension EventBlockParser {
    private func addMessages(to parsed: inout ParsedEvents) {
        let bytes = parsed.source.bytes
        var (start, line) = (0, parsed.source.start.line)
        while start < bytes.count {
            let next = bytes.span.first(10, from: start) ?? bytes.count
            let end = next > start && bytes[next - 1] == 13 ? next - 1 : next
            if end > start {
                let place = InputPlace(file: file, line: line)
                do {
                    for message in try messages(bytes[start..<end], place) {
                        addMessage(message, at: start, text: bytes[start..<end], place, to: &parsed)
                    }
                } catch {
                    parsed.rejected.append((error, String(decoding: bytes[start..<end], as: UTF8.self)))
                }
            }
            (start, line) = (next + 1, line + 1)
        }
    }

    /// Adds the event of a message, or rejects it; the other messages of its batch stay.
    private func addMessage(
        _ message: SegmentMessage.Batched, at start: Int, text: ArraySlice<UInt8>, _ line: InputPlace,
        to parsed: inout ParsedEvents
    ) {
        var place = line
        if !message.place.isEmpty { place.field = message.place }
        do {
            let event = try event(message.json, place)
            let field = message.place.isEmpty ? "timestamp" : "\(message.place).timestamp"
            try add(event, .millisecond, at: start, place, timeField: field, to: &parsed)
        } catch {
            parsed.rejected.append((error, String(decoding: text, as: UTF8.self)))
        }
    }

    /// Returns the message of a line, or those of a batch.
    private func messages(
        _ bytes: ArraySlice<UInt8>, _ place: InputPlace
    ) throws(InputError) -> [SegmentMessage.Batched] {
        let json: JSON
        do {
            json = try JSONReader.read(bytes)
        } catch {
            throw InputError(place, "\(error)")
        }
        do {
            return try SegmentMessage.batch(json) ?? [SegmentMessage.Batched(place: "", json: json)]
        } catch {
            throw InputError(place, "\(error)")
        }
    }

    private func event(_ json: JSON, _ place: InputPlace) throws(InputError) -> Event {
        do {
            var event = try SegmentMessage.event(json, timeParser: schema.times, zone: zone)
            event.received = try received(json)
            for (name, text) in event.properties
            where !text.isEmpty && missingInMessages.contains(text.utf8.span) {
                event.properties[name] = nil
            }
            return event
        } catch {
            throw InputError(place, "\(error)")
        }
    }

    private func received(_ json: JSON) throws(SegmentMessageError) -> Timestamp? {
        guard let value = json["receivedAt"], value != .null else { return nil }
        guard let text = value.text, let parsed = schema.times.parse(text) else {
            throw SegmentMessageError(
                field: "receivedAt", problem: "found \(value.compact), expected \(schema.timeExpectation)")
        }
        return parsed.timestamp
    }
}
