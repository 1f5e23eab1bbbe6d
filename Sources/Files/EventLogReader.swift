public import LimpetEvents
import LimpetScoring

/// Reads event logs: CSV and its relatives with a header, or NDJSON in the shape of Segment's messages; each
/// packed by gzip or not, also from standard input.
public struct EventLogReader {
    /// How the files are written.
    public var schema: EventSchema
    /// Properties that must be amounts, with their decimals; others are read as text.
    public var amounts: [String: Int]
    /// The text properties to keep; nil for all.
    public var texts: Set<String>?
    /// The rule for bad rows.
    public let rejection: RowRejection
    /// Rules of a time zone by name, for events that name theirs.
    public let zone: (String) -> TimeZoneRules?
    /// Told of the share of the files that is read, 0 to 1, from time to time.
    public var progress: (Double) -> Void = { _ in }

    /// Whether the log knows the message ids of its rows.
    public var keepsMessageIDs = false
    /// Whether the log knows the order in which its rows arrived.
    public var keepsArrivals = false
    /// How many blocks of a columnar log are unpacked at the same time.
    public var threads = 1

    /// Makes a reader.
    public init(
        schema: EventSchema, amounts: [String: Int] = [:], texts: Set<String>? = nil, rejection: RowRejection,
        zone: @escaping (String) -> TimeZoneRules? = { ZoneDirectory.system.rules(named: $0) }
    ) {
        self.schema = schema
        self.amounts = amounts
        self.texts = texts
        self.rejection = rejection
        self.zone = zone
    }

    /// Reads files, in the order given, into one log.
    ///
    /// - Throws: ``FileError``, ``InputError`` or ``TooManyBadRows``; `CancellationError` when the task is
    ///   cancelled.
    public func read(_ paths: [String]) throws -> EventLog {
        if let file = try columnarLog(among: paths) { return try read(file) }
        var builder = EventLogBuilder(numberColumns: amounts, textColumns: texts ?? [])
        try read(paths, into: &builder)
        return builder.finish(keepsMessageIDs: keepsMessageIDs, keepsArrivals: keepsArrivals)
    }

    /// Reads files of events, in the order given, row by row into a sink.
    ///
    /// - Throws: as ``read(_:)``, and what the sink throws.
    public func read(_ paths: [String], into sink: inout some EventSink) throws {
        try rejection.keepingRows { try readAll(paths, into: &sink) }
    }

    /// The log, when it is in the columnar form already; nil when it is not.
    ///
    /// - Throws: `InputError` when it is damaged, lies in the future, or is not alone; ``FileError``.
    public func columnarLog(among paths: [String]) throws -> ColumnarLog? {
        guard let path = try paths.first(where: { path throws in try ColumnarLog.isOne(path: path) }) else {
            return nil
        }
        guard paths.count == 1 else {
            throw InputError(
                InputPlace(file: path),
                "is a columnar log, which is read alone; import all events together with limpet import")
        }
        let file = try ColumnarLog(path: path)
        if let problem = schema.problem(with: file.summary.span.upperBound) {
            throw InputError(InputPlace(file: path), problem)
        }
        guard !keepsMessageIDs || !file.footer.hadMessageIDs else {
            throw InputError(
                InputPlace(file: path),
                "does not keep the message ids that its events had; give the events themselves")
        }
        return file
    }

    private func read(_ file: ColumnarLog) throws -> EventLog {
        do {
            return try file.read(
                amounts: amounts, texts: texts, keepsArrivals: keepsArrivals, threads: threads,
                progress: progress)
        } catch let error as EventRowError {
            throw InputError(InputPlace(file: file.path), "\(error)")
        }
    }

    private func readAll(_ paths: [String], into builder: inout some EventSink) throws {
        for (index, path) in paths.enumerated() {
            let source = try ByteSource(path: path)
            let share: (ByteSource) -> Void = { source in
                guard let total = source.byteCount, total > 0 else { return }
                progress((Double(index) + Double(source.bytesRead) / Double(total)) / Double(paths.count))
            }
            try read(source, into: &builder, progress: share)
        }
        progress(1)
        guard builder.count > 0 else {
            throw InputError(
                InputPlace(file: paths.joined(separator: " ")), "there are no events after the header")
        }
    }

    private func read(
        _ source: ByteSource, into builder: inout some EventSink, progress: (ByteSource) -> Void
    ) throws {
        var records = RecordReader(source, delimiter: schema.delimiter)
        guard let first = try records.firstByte() else {
            throw InputError(InputPlace(file: source.name), "is empty; expected a header or JSON messages")
        }
        if first == UInt8(ascii: "{") {
            records.readsWholeLines = true
            try readMessages(&records, source: source, into: &builder, progress: progress)
        } else {
            _ = try records.next()
            try readRows(&records, source: source, into: &builder, progress: progress)
        }
    }

    private func readRows(
        _ records: inout RecordReader, source: ByteSource, into builder: inout some EventSink,
        progress: (ByteSource) -> Void
    ) throws {
        try records.check()
        var header: [String] = []
        for index in 0..<records.fieldCount {
            guard let name = records.text(index) else {
                throw InputError(
                    InputPlace(file: source.name, line: 1, field: "column \(index + 1)"),
                    "the header is not valid UTF-8")
            }
            header.append(name.trimmed)
        }
        let columns = try EventColumns(header: header, schema: schema, file: source.name)
        let row = EventRow(header: header, columns: columns, schema: schema, texts: texts, amounts: amounts)
        while try records.next() {
            if records.line & 0xfff == 0 { progress(source) }
            do {
                let (event, resolution) = try row.event(records, file: source.name)
                try append(
                    event, resolution, to: &builder, place: InputPlace(file: source.name, line: records.line),
                    timeField: header[columns.time])
            } catch {
                try rejection.reject(error, row: records.recordText)
            }
            try builder.makeRoom()
        }
    }

    private func readMessages(
        _ records: inout RecordReader, source: ByteSource, into builder: inout some EventSink,
        progress: (ByteSource) -> Void
    ) throws {
        while try records.next() {
            if records.line & 0xfff == 0 { progress(source) }
            let place = InputPlace(file: source.name, line: records.line)
            do {
                let event = try message(records, place: place)
                try append(event, .millisecond, to: &builder, place: place, timeField: "timestamp")
            } catch {
                try rejection.reject(error, row: records.recordText)
            }
            try builder.makeRoom()
        }
    }

    private func message(_ records: RecordReader, place: InputPlace) throws(InputError) -> Event {
        let json: JSON
        do {
            json = try JSONReader.read(records.recordBytes)
        } catch {
            throw InputError(place, "\(error)")
        }
        do {
            var event = try SegmentMessage.event(json, timeParser: schema.times, zone: zone)
            event.received = try received(json)
            return event
        } catch {
            throw InputError(place, "\(error)")
        }
    }

    private func received(_ json: JSON) throws(SegmentMessageError) -> Timestamp? {
        guard let value = json["receivedAt"], value != .null else { return nil }
        guard let text = value.text, let parsed = schema.times.parse(text) else {
            throw SegmentMessageError(
                field: "receivedAt", problem: "found \(value.compact), expected \(schema.times.expectation)")
        }
        return parsed.timestamp
    }

    private func append(
        _ event: Event, _ resolution: TimeResolution, to builder: inout some EventSink, place: InputPlace,
        timeField: String
    ) throws(InputError) {
        if let problem = schema.problem(with: event.time) {
            throw InputError(InputPlace(file: place.file, line: place.line, field: timeField), problem)
        }
        do {
            try builder.append(event, resolution: resolution, addingColumns: texts == nil)
        } catch {
            throw InputError(place, "\(error)")
        }
    }
}

/// Makes an event of a record.
private struct EventRow {
    let header: [String]
    let columns: EventColumns
    let schema: EventSchema
    let kept: [(name: String, column: Int)]

    init(
        header: [String], columns: EventColumns, schema: EventSchema, texts: Set<String>?,
        amounts: [String: Int]
    ) {
        self.header = header
        self.columns = columns
        self.schema = schema
        kept = columns.properties.filter { name, _ in
            texts.map { $0.contains(name) || amounts[name] != nil } ?? true
        }
    }

    func event(_ records: borrowing RecordReader, file: String) throws(InputError) -> (Event, TimeResolution)
    {
        try records.check()
        guard records.fieldCount == header.count else {
            throw InputError(
                InputPlace(file: file, line: records.line),
                "has \(records.fieldCount) fields, the header has \(header.count)")
        }
        let user = try required(columns.user, "a user's id", records, file)
        let parsed = records.withField(columns.time) { schema.times.parse(bytes: $0.trimmed) }
        guard let parsed else {
            let found = records.text(columns.time) ?? ""
            throw InputError(
                InputPlace(file: file, line: records.line, field: header[columns.time]),
                "found \(found.quoted), expected \(schema.times.expectation)")
        }
        var event = Event(
            user: user, name: schema.eventName, time: parsed.timestamp,
            zoneOffsetMinutes: parsed.zoneOffsetMinutes)
        if let column = columns.event { event.name = try required(column, "an event's name", records, file) }
        if let column = columns.messageID { event.messageID = try text(column, records, file) }
        if let column = columns.received { event.received = try received(column, records, file) }
        for (name, column) in kept {
            guard let text = try text(column, records, file) else { continue }
            if name == Event.valueProperty, ExactDecimal(text) == nil {
                throw InputError(
                    InputPlace(file: file, line: records.line, field: header[column]),
                    "found \(text.quoted), expected a decimal number of at most 18 digits")
            }
            event.properties[name] = text
        }
        return (event, parsed.resolution)
    }

    private func received(
        _ column: Int, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> Timestamp? {
        guard let text = try text(column, records, file) else { return nil }
        if let parsed = schema.times.parse(text) { return parsed.timestamp }
        throw InputError(
            InputPlace(file: file, line: records.line, field: header[column]),
            "found \(text.quoted), expected \(schema.times.expectation)")
    }

    private func required(
        _ column: Int, _ what: String, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> String {
        if let text = try text(column, records, file) { return text }
        throw InputError(
            InputPlace(file: file, line: records.line, field: header[column]), "is missing, expected \(what)")
    }

    /// A field without surrounding spaces; nil when it stands for "missing".
    private func text(
        _ column: Int, _ records: borrowing RecordReader, _ file: String
    ) throws(InputError) -> String? {
        guard let text = records.text(column)?.trimmed else {
            throw InputError(
                InputPlace(file: file, line: records.line, field: header[column]), "is not valid UTF-8")
        }
        return text.isEmpty || schema.missing.contains(text) ? nil : text
    }
}

extension String {
    /// The text without spaces and tabs at its ends; most have none, and are returned as they are.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        guard first == 32 || first == 9 || last == 32 || last == 9 else { return self }
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) })
        else {
            return ""
        }
        return String(self[start...end])
    }
}

extension Span<UInt8> {
    /// The bytes without spaces at the ends.
    var trimmed: Span<UInt8> {
        @_lifetime(copy self) get {
            var (start, end) = (0, count)
            while start < end, self[start] == 32 || self[start] == 9 { start += 1 }
            while end > start, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
            return extracting(start..<end)
        }
    }
}
