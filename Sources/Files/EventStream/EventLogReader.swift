import LimpetDocuments
public import LimpetEvents
import LimpetParallel

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
    public let zone: @Sendable (String) -> TimeZoneRules?
    /// Told of the share of the files that is read, 0 to 1, from time to time.
    public var progress: (Double) -> Void = { _ in }

    /// Whether the log knows the message ids of its rows.
    public var keepsMessageIDs = false
    /// Whether the log knows the order in which its rows arrived.
    public var keepsArrivals = false
    /// How many parts of a log are read at the same time.
    public var threads = 1

    /// Makes a reader.
    public init(
        schema: EventSchema, amounts: [String: Int] = [:], texts: Set<String>? = nil, rejection: RowRejection,
        zone: @escaping @Sendable (String) -> TimeZoneRules? = { ZoneDirectory.system.rules(named: $0) }
    ) {
        self.schema = schema
        self.amounts = amounts
        self.texts = texts
        self.rejection = rejection
        self.zone = zone
    }

    /// Reads files, in the order given, into one log.
    ///
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``; `CancellationError` when the task is
    ///   cancelled.
    public func read(_ paths: [String]) throws -> EventLog {
        if let file = try columnarLog(among: paths) { return try read(file) }
        var builder = EventLogBuilder(numberColumns: amounts, textColumns: texts ?? [])
        try read(paths, into: &builder)
        return builder.finish(
            keepsMessageIDs: keepsMessageIDs, keepsArrivals: keepsArrivals, threads: threads)
    }

    /// Reads files of events, in the order given, block by block into a sink.
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

    private func readAll(_ paths: [String], into sink: inout some EventSink) throws {
        for (index, path) in paths.enumerated() {
            let source = try ByteSource(path: path)
            try read(source, into: &sink) {
                guard let total = source.byteCount, total > 0 else { return }
                progress((Double(index) + Double(source.bytesRead) / Double(total)) / Double(paths.count))
            }
        }
        progress(1)
        guard sink.count > 0 else {
            throw InputError(
                InputPlace(file: paths.joined(separator: " ")), "there are no events after the header")
        }
    }

    private func read(
        _ source: ByteSource, into sink: inout some EventSink, progress: () -> Void
    ) throws {
        var records = RecordReader(source, delimiter: schema.delimiter)
        guard let first = try records.firstByte() else {
            throw InputError(InputPlace(file: source.name), "is empty; expected a header or JSON messages")
        }
        let parser = try parser(of: &records, isJSON: first == UInt8(ascii: "{"), file: source.name)
        let (rest, line) = records.remainder()
        var blocks = try TableBlockReader(
            source, delimiter: parser.delimiter, quoting: parser.row != nil, rest: rest, firstLine: line,
            length: sink.blockLength)
        // While blocks are parsed, the ones before them are added; what stands before an error has its turn first.
        var parsed = WorkAhead<ParsedEvents>(threads: threads)
        var end: Result<Void, any Error>?
        while true {
            try Task.checkCancellation()
            while end == nil, parsed.count <= threads {
                do {
                    guard let block = try blocks.next() else {
                        end = .success(())
                        break
                    }
                    parsed.add { parser.parse(block) }
                } catch {
                    end = .failure(error)
                }
            }
            guard let part = parsed.next() else { return try end?.get() ?? () }
            try take(part, into: &sink)
            progress()
        }
    }

    private func parser(
        of records: inout RecordReader, isJSON: Bool, file: String
    ) throws -> EventBlockParser {
        guard !isJSON else {
            return EventBlockParser(
                file: file, schema: schema, delimiter: .byte(10), zone: zone, amounts: amounts, texts: texts)
        }
        _ = try records.next()
        let header = try records.columnNames(file: file)
        let columns = try EventColumns(header: header, schema: schema, file: file)
        let row = EventRow(header: header, columns: columns, schema: schema, texts: texts, amounts: amounts)
        return EventBlockParser(
            file: file, schema: schema, delimiter: records.usedDelimiter ?? .byte(44), row: row, zone: zone,
            amounts: amounts, texts: texts)
    }

    private func take(_ parsed: ParsedEvents, into sink: inout some EventSink) throws {
        var rejected = parsed.rejected
        for (row, error) in sink.append(parsed.rows, threads: threads) {
            let (line, text) = parsed.record(ofRow: row)
            rejected.append((InputError(InputPlace(file: parsed.file, line: line), "\(error)"), text))
        }
        // Rows are named in the order of the file, whoever found their faults.
        rejected.sort { ($0.error.place.line ?? 0) < ($1.error.place.line ?? 0) }
        for (error, text) in rejected { try rejection.reject(error, row: text) }
        if let failure = parsed.failure { throw failure }
        try sink.makeRoom()
    }
}
