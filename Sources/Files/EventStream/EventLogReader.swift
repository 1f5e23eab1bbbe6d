public import LimpetDocuments
public import LimpetEvents
import LimpetParallel

/// A reader of event logs: CSV and its relatives with a header, NDJSON in the shape of Segment's messages, or
/// a columnar log.
///
///     let schema = EventSchema(userColumn: "user_id", timeColumn: "time")
///     let reader = EventLogReader(schema: schema, amounts: ["value": 2], rejection: try RowRejection())
///     let log = try reader.read(["events-1.csv.gz", "events-2.csv"])
///
/// Text files may be compressed by gzip, and may be standard input (`-`).
public struct EventLogReader {
    /// The columns, times and missing values of the files.
    public var schema: EventSchema
    /// The properties that must be amounts, with their number of decimals; others are read as texts.
    public var amounts: VerbatimDictionary<Int>
    /// The text properties to keep; nil for all.
    public var texts: VerbatimSet?
    /// The rule for rows that cannot be read.
    public let rejection: RowRejection
    /// A function that returns the rules of a time zone by name, for messages that name their zone.
    public let zone: @Sendable (String) -> TimeZoneRules?
    /// A function that is called from time to time with the share of the files that has been read, 0 to 1.
    public var progress: (Double) -> Void = { _ in }

    /// True to keep the message ids of the rows.
    public var keepsMessageIDs = false
    /// True to keep the order in which the rows arrived.
    public var keepsArrivals = false
    /// The number of threads that parse and sort.
    public var threads = 1

    /// Makes a reader.
    public init(
        schema: EventSchema, amounts: VerbatimDictionary<Int> = [:], texts: VerbatimSet? = nil,
        rejection: RowRejection,
        zone: @escaping @Sendable (String) -> TimeZoneRules? = { ZoneDirectory.system.rules(named: $0) }
    ) {
        self.schema = schema
        self.amounts = amounts
        self.texts = texts
        self.rejection = rejection
        self.zone = zone
    }

    /// Reads files, in the given order, into one log.
    ///
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``; `CancellationError` when the task is
    ///   cancelled.
    public func read(_ paths: [String]) throws -> EventLog {
        if let file = try columnarLog(among: paths) { return try read(file) }
        var builder = EventLogBuilder(numberColumns: amounts, textColumns: texts ?? [])
        try read(paths, into: &builder)
        // Consumed, so that each column as it arrived is released once it is sorted.
        return (consume builder).finish(
            keepsMessageIDs: keepsMessageIDs, keepsArrivals: keepsArrivals, threads: threads)
    }

    /// Reads files of events, in the given order, block by block into a sink.
    ///
    /// - Throws: as ``read(_:)``, and what the sink throws.
    public func read(_ paths: [String], into sink: inout some EventSink) throws {
        try rejection.keepingRows { try readAll(paths, into: &sink) }
    }

    /// Returns the log when the path is that of a columnar log; nil when none of the paths is.
    ///
    /// - Throws: `InputError` when it is damaged, has events in the future, or is not the only path;
    ///   ``FileError``.
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
        if let problem = schema.problem(withStored: file.summary.span.upperBound) {
            throw InputError(InputPlace(file: path), problem)
        }
        guard !keepsMessageIDs || !file.footer.hadMessageIDs || file.footer.messages.count > 0 else {
            throw InputError(
                InputPlace(file: path),
                "does not keep the message ids that its events had; import the events again without "
                    + "--no-message-ids, or give them themselves")
        }
        return file
    }

    private func read(_ file: ColumnarLog) throws -> EventLog {
        do {
            return try file.read(
                amounts: amounts, texts: texts, keepsMessageIDs: keepsMessageIDs,
                keepsArrivals: keepsArrivals, threads: threads, progress: progress)
        } catch let error as EventRowError {
            throw file.error(error)
        }
    }

    private func readAll(_ paths: [String], into sink: inout some EventSink) throws {
        for (index, path) in paths.enumerated() {
            let source = try ByteSource(path: path)
            let schema = schema.ofFile(path, isOneOfSeveral: paths.count > 1)
            try read(source, path, schema, into: &sink) {
                guard let total = source.byteCount, total > 0 else { return }
                progress((Double(index) + Double(source.bytesRead) / Double(total)) / Double(paths.count))
            }
        }
        progress(1)
        guard sink.count > 0 else {
            throw InputError(
                InputPlace(file: paths.joined(separator: " ")),
                "there are no \(schema.isOfAttributes ? "attributes" : "events") after the header")
        }
    }

    private func read(
        _ source: ByteSource, _ path: String, _ schema: EventSchema, into sink: inout some EventSink,
        progress: () -> Void
    ) throws {
        var records = RecordReader(source, delimiter: schema.delimiter)
        guard let first = try records.firstByte() else {
            throw InputError(InputPlace(file: source.name), "is empty; expected a header or JSON messages")
        }
        var parser = try parser(
            of: &records, schema, isJSON: first == UInt8(ascii: "{"), path: path, file: source.name)
        parser.groupsMessages = sink.findsRepeats
        sink.note(aliases: parser.row?.columns.aliases ?? [:])
        let (rest, line) = records.remainder()
        var blocks = try TableBlockReader(
            source, delimiter: parser.delimiter, quoting: parser.row != nil, rest: rest, firstLine: line,
            length: sink.blockLength)
        // While blocks are parsed, those before them are added. Blocks before a read error are added before
        // it is thrown.
        var parsed = WorkAhead<ParsedEvents>(threads: threads)
        var end: Result<Void, any Error>?
        var isFirst = true
        while true {
            try Task.checkCancellation()
            while end == nil, parsed.count <= threads {
                do {
                    guard let block = try blocks.next() else {
                        end = .success(())
                        break
                    }
                    parsed.add { [parser] in parser.parse(block) }
                } catch {
                    end = .failure(error)
                }
            }
            guard let part = parsed.next() else { return try end?.get() ?? () }
            if isFirst { sink.reserve(sink.count + expectedRows(of: source, after: part)) }
            isFirst = false
            try take(part, into: &sink)
            progress()
        }
    }

    /// Returns the number of rows that a file probably has, after its first block; 0 where its length is not
    /// known.
    private func expectedRows(of source: ByteSource, after first: ParsedEvents) -> Int {
        guard let total = source.byteCount, !first.source.bytes.isEmpty else { return 0 }
        let rows = Double(first.rows.count) / Double(first.source.bytes.count)
        return Int(1.02 * rows * Double(total)) + 1_000
    }

    private func parser(
        of records: inout RecordReader, _ schema: EventSchema, isJSON: Bool, path: String, file: String
    ) throws -> EventBlockParser {
        guard !isJSON else {
            if schema.isOfAttributes {
                throw InputError(
                    InputPlace(file: file),
                    "holds JSON messages, expected a table of attributes with a column of the user's id")
            }
            if let name = schema.eventNameOfFile[path] {
                throw InputError(
                    InputPlace(file: file),
                    "holds JSON messages, which name their events; give the file without \(name)=")
            }
            return EventBlockParser(
                file: file, schema: schema, delimiter: .byte(10), zone: zone, amounts: amounts, texts: texts)
        }
        _ = try records.next()
        if !schema.isOfAttributes { try refuseRow(records, schema, file: file) }
        let header = try records.columnNames(file: file)
        var schema = schema
        // The columns know the file by the name that messages use.
        if let name = schema.eventNameOfFile[path] { schema.eventNameOfFile = [file: name] }
        let columns = try EventColumns(header: header, schema: schema, file: file)
        let row = EventRow(header: header, columns: columns, schema: schema, texts: texts, amounts: amounts)
        return EventBlockParser(
            file: file, schema: schema, delimiter: records.usedDelimiter ?? .byte(44), row: row, zone: zone,
            amounts: amounts, texts: texts)
    }

    /// Refuses a first line that is a row of events: names of columns are no times.
    private func refuseRow(
        _ records: borrowing RecordReader, _ schema: EventSchema, file: String
    ) throws(InputError) {
        try records.check()
        let fields = (0..<records.fieldCount).map { records.text($0)?.trimmed ?? "" }
        guard let time = fields.first(where: { $0.utf8.count > 7 && schema.times.parse($0) != nil }) else {
            return
        }
        let names = fields.map { $0 == time ? "time" : "…" }.joined(separator: ",")
        throw InputError(
            InputPlace(file: file, line: 1),
            "found \(time.quoted) where the names of the columns should be: the file has no header; put one "
                + "before it, e.g. (echo '\(names)'; cat \(file)) | limpet … --events - (names that "
                + "are known "
                + "by themselves are user, time, event and value)")
    }

    private func take(_ parsed: ParsedEvents, into sink: inout some EventSink) throws {
        var rejected = parsed.rejected
        for (row, error) in sink.append(parsed.rows, threads: threads) {
            let (line, text) = parsed.record(ofRow: row)
            rejected.append((InputError(InputPlace(file: parsed.file, line: line), "\(error)"), text))
        }
        // Bad rows are reported in the order of the file, whether the parser or the sink found them.
        rejected.sort { ($0.error.place.line ?? 0) < ($1.error.place.line ?? 0) }
        for (error, text) in rejected { try rejection.reject(error, row: text) }
        if let failure = parsed.failure { throw failure }
        try sink.makeRoom()
    }
}
