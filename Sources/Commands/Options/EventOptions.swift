import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles

/// How an event log is found and read: the same flags in every command.
struct EventOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help:
            """
            Event logs: CSV and its relatives with a header, or NDJSON; gzip of either; - is standard input. Or \
            one columnar log of limpet import.
            """
    )
    var events: [String] = []

    @Option(help: "Column of the user's id (guessed from the header otherwise).")
    var userColumn: String?

    @Option(help: "Column of the time.")
    var timeColumn: String?

    @Option(help: "Column of the event's name.")
    var eventColumn: String?

    @Option(help: "Name of all events of a log that has no column for it.")
    var eventName = "event"

    @Option(help: "Column of the event's amount; it becomes the property 'value'.")
    var valueColumn: String?

    @Option(help: "Column of the message's id; a second row with the same id is a repetition.")
    var messageIdColumn: String?

    @Option(help: "Column of the time at which the message came in; see --as-known.")
    var receivedColumn: String?

    @Option(help: "auto, s, ms, us, ns, or a strftime pattern such as '%d.%m.%Y %H:%M'.")
    var timeFormat = "auto"

    @Option(help: "Zone of times that name none, e.g. Europe/Amsterdam.")
    var timeZone = "UTC"

    @Option(help: "Exclusive end of the log (default: the last event, rounded up to the log's resolution).")
    var dataUntil: String?

    @OptionGroup var rows: RowOptions

    func validate() throws {
        guard TimeFormat(setting: timeFormat) != nil else {
            throw ValidationError(
                "--time-format is auto, s, ms, us, ns or a pattern with %, not \(timeFormat)")
        }
        guard ZoneDirectory.system.rules(named: timeZone) != nil else {
            throw ValidationError("--time-zone \(timeZone) is no time zone of the tz database")
        }
    }

    var zone: TimeZoneRules { ZoneDirectory.system.rules(named: timeZone) ?? .utc }

    /// Reads a time given on the command line, in the log's zone.
    func time(_ text: String, flag: String) throws -> Timestamp {
        guard let parsed = TimeParser(zone: zone).parse(text) else {
            throw ValidationError("\(flag) \(text): expected \(TimeParser().expectation)")
        }
        return parsed.timestamp
    }

    /// Reads the log.
    ///
    /// - Parameters:
    ///   - amounts: properties that must be amounts, with their decimals.
    ///   - texts: the text properties to keep; nil for all.
    ///   - keepsMessageIDs: whether the log knows the message ids of its rows.
    ///   - keepsArrivals: whether it knows the order in which they arrived.
    func read(
        amounts: [String: Int] = [:], texts: Set<String>? = nil, keepsMessageIDs: Bool = false,
        keepsArrivals: Bool = false
    ) throws -> EventLog {
        guard !events.isEmpty else { throw ValidationError("name the event log with --events FILE") }
        try refuseUnused()
        var reader = try reader(amounts: amounts, texts: texts)
        reader.keepsMessageIDs = keepsMessageIDs
        reader.keepsArrivals = keepsArrivals
        reader.threads = Processors.count
        let bar = ProgressBar("reading")
        defer { bar.finish() }
        reader.progress = { bar.update($0) }
        let log = try reader.read(events)
        warning(on: reader, duplicates: log.duplicateCount)
        return log
    }

    /// A log whose amounts are those of a set that was proposed for it. Where a value does not fit, the log is read again
    /// with these types, so that its rows are named, borne or kept like any bad row.
    ///
    /// - Parameter keepsArrivals: whether the log knows all its texts, and the order in which its rows arrived.
    func reading(amountsOf set: FeatureSet, in log: EventLog, keepsArrivals: Bool = false) throws -> EventLog
    {
        do {
            return try log.readingAmounts(set.columns.numbers)
        } catch {
            guard !events.contains("-") else {
                throw InputError(InputPlace(file: "standard input"), "\(error)")
            }
            Terminal.note(
                "nearly all values of a property are amounts: the log is read again as such (name texts that mean "
                    + "missing with --missing, or write a feature set without the property)")
            return try read(
                amounts: set.columns.numbers, texts: keepsArrivals ? nil : set.columns.texts,
                keepsArrivals: keepsArrivals)
        }
    }

    /// Reads the rows of logs into a sink.
    func read(into sink: inout some EventSink) throws {
        guard !events.isEmpty else { throw ValidationError("name the event log with --events FILE") }
        var reader = try reader(amounts: [:], texts: nil)
        reader.threads = Processors.count
        let bar = ProgressBar("reading")
        defer { bar.finish() }
        reader.progress = { bar.update($0) }
        try reader.read(events, into: &sink)
        warning(on: reader, duplicates: 0)
    }

    func reader(amounts: [String: Int], texts: Set<String>?) throws -> EventLogReader {
        let schema = EventSchema(
            userColumn: userColumn, timeColumn: timeColumn, eventColumn: eventColumn,
            valueColumn: valueColumn, messageIDColumn: messageIdColumn,
            receivedColumn: receivedColumn, eventName: eventName,
            times: TimeParser(format: TimeFormat(setting: timeFormat) ?? .automatic, zone: zone),
            delimiter: try rows.parsedDelimiter, missing: rows.missingTexts, now: try rows.nowTimestamp)
        return EventLogReader(
            schema: schema, amounts: amounts, texts: texts, rejection: try rows.rejection())
    }

    /// Says which rows are not in the log.
    private func warning(on reader: EventLogReader, duplicates: Int) {
        if reader.rejection.count > 0 {
            Terminal.note("\(Format.count(reader.rejection.count)) bad rows were left out")
        }
        if duplicates > 0 {
            Terminal.note("\(Format.count(duplicates)) rows repeat a message id and were left out")
        }
    }

    /// How rows are written means nothing where they were read before.
    func refuseUnused() throws {
        guard let path = try events.first(where: { path throws in try ColumnarLog.isOne(path: path) }) else {
            return
        }
        try UnusedFlags.refuse(
            [
                ("--user-column", userColumn != nil), ("--time-column", timeColumn != nil),
                ("--event-column", eventColumn != nil), ("--event-name", eventName != "event"),
                ("--value-column", valueColumn != nil), ("--message-id-column", messageIdColumn != nil),
                ("--received-column", receivedColumn != nil),
                ("--time-format", timeFormat != "auto"), ("--delimiter", rows.delimiter != nil),
                ("--missing", !rows.missing.isEmpty), ("--max-bad-rows", rows.maxBadRows > 0),
                ("--rejects", rows.rejects != nil),
            ], because: "\(path) is a columnar log, whose rows limpet import has read")
    }

    /// The exclusive end of a log.
    func end(of log: EventLog) throws -> Timestamp { try end(last: log.span?.last, log.resolution) }

    /// The exclusive end of a columnar log.
    func end(of summary: ColumnarLogSummary) throws -> Timestamp {
        try end(last: summary.span.upperBound, summary.resolution)
    }

    private func end(last: Timestamp?, _ resolution: TimeResolution) throws -> Timestamp {
        if let dataUntil { return try time(dataUntil, flag: "--data-until") }
        return last.map { resolution.roundUp($0, in: zone) } ?? Timestamp(milliseconds: 0)
    }
}

/// How rows are read and what happens to bad ones: for logs and tables alike.
struct RowOptions: ParsableArguments {
    @Option(help: "comma, tab, semicolon, pipe, spaces or one character (guessed from the header otherwise).")
    var delimiter: String?

    @Option(
        parsing: .upToNextOption, help: "Texts that mean a missing value, beside the empty one, NA and NaN.")
    var missing: [String] = []

    @Option(help: "Bad rows that are borne; each is named all the same.")
    var maxBadRows = 0

    @Option(help: "File that keeps bad rows with their places and reasons.")
    var rejects: String?

    @Option(help: "Times from this moment on are bad rows (default: the clock's).")
    var now: String?

    func validate() throws {
        if let delimiter, Delimiter(setting: delimiter) == nil {
            throw ValidationError(
                "--delimiter is comma, tab, semicolon, pipe, spaces or one character, not \(delimiter)")
        }
        guard maxBadRows >= 0 else { throw ValidationError("--max-bad-rows must be 0 or more") }
    }

    var parsedDelimiter: Delimiter? {
        get throws { delimiter.flatMap { Delimiter(setting: $0) } }
    }

    var missingTexts: Set<String> { EventSchema.usualMissing.union(missing) }

    var nowTimestamp: Timestamp {
        get throws {
            guard let now else { return Clock.now }
            guard let parsed = TimeParser().parse(now) else {
                throw ValidationError("--now \(now): expected \(TimeParser().expectation)")
            }
            return parsed.timestamp
        }
    }

    func rejection() throws -> RowRejection {
        try RowRejection(limit: maxBadRows, keepingIn: rejects) { error in
            if maxBadRows > 0 { Terminal.note("bad row: \(error)") }
        }
    }
}
