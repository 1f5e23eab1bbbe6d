import LimpetDocuments
import LimpetPipelines
import ArgumentParser
import Foundation
import LimpetEvents
import LimpetFiles

/// The flags of an event log, the same in every command.
struct EventOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help:
            """
            Event logs: CSV and its relatives with a header, or NDJSON; gzip of either; - is standard input. \
            Or one columnar log of limpet import. NAME=FILE names all events of a file, whose columns are \
            guessed from its own header.
            """
    )
    var events: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: """
            Tables of attributes of users, by the column of their id: they count from the time in a column \
            such as valid_from or updated_at (or --time-column), or without one from the user's first event.
            """)
    var attributes: [String] = []

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

    @Option(
        help:
            "Earlier events are bad rows: most are zeros, or times in another unit (default: 1990-01-01)."
    )
    var earliest: String?

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

    /// Parses a time of the command line, in the log's zone.
    func time(_ text: String, flag: String) throws -> Timestamp {
        guard let parsed = TimeParser(zone: zone).parse(text) else {
            throw ValidationError("\(flag) \(text): expected \(TimeParser().expectation)")
        }
        return parsed.timestamp
    }

    /// The earliest plausible time of an event.
    var earliestTime: Timestamp {
        get throws { try earliest.map { try time($0, flag: "--earliest") } ?? Event.usualEarliest }
    }

    /// Parses the times of `--at`.
    func times(_ texts: [String]) throws -> [Timestamp] { try texts.map { try time($0, flag: "--at") } }

    /// Returns the log that the flags describe.
    func source() throws -> LogSource {
        guard !events.isEmpty else { throw ValidationError("name the event log with --events FILE") }
        try refuseUnused()
        return try uncheckedSource()
    }

    /// The log that is named, without a look at its files, which may be pipes.
    private func uncheckedSource() throws -> LogSource {
        var schema = EventSchema(
            userColumn: userColumn, timeColumn: timeColumn, eventColumn: eventColumn,
            valueColumn: valueColumn, messageIDColumn: messageIdColumn,
            receivedColumn: receivedColumn, eventName: eventName,
            times: TimeParser(format: TimeFormat(setting: timeFormat) ?? .automatic, zone: zone))
        schema.earliest = try earliestTime
        let files = namedFiles
        for file in files {
            guard let event = file.event else { continue }
            if let other = schema.eventNameOfFile.updateValue(event, forKey: file.path), other != event {
                throw ValidationError("--events names \(file.path) twice, as \(other) and as \(event)")
            }
        }
        var source = LogSource(
            files.map(\.path), schema: schema, zone: zone,
            dataUntil: try dataUntil.map { try time($0, flag: "--data-until") }, rows: try rows.settings,
            observer: TerminalObserver())
        source.attributes = attributes
        return source
    }

    /// Reads the log; see ``LogSource/read(amounts:texts:keepsMessageIDs:keepsArrivals:)``.
    func read(
        amounts: VerbatimDictionary<Int> = [:], texts: VerbatimSet? = nil, keepsMessageIDs: Bool = false,
        keepsArrivals: Bool = false
    ) throws -> EventLog {
        try source().read(
            amounts: amounts, texts: texts, keepsMessageIDs: keepsMessageIDs, keepsArrivals: keepsArrivals)
    }

    /// The exclusive end of a log.
    func end(of log: EventLog) throws -> Timestamp { try uncheckedSource().end(of: log) }

    /// The log's files with the name of all events of each, where it is given as `NAME=FILE`. A file whose
    /// whole name is given wins.
    private var namedFiles: [(path: String, event: String?)] {
        events.map { text in
            guard text != "-", !FileManager.default.fileExists(atPath: text),
                let sign = text.firstIndex(of: "="), sign > text.startIndex
            else { return (text, nil) }
            return (String(text[text.index(after: sign)...]), String(text[..<sign]))
        }
    }

    /// The paths of the log's files.
    var paths: [String] { namedFiles.map(\.path) }

    /// The names of the log's files, for messages.
    var fileNames: String { events.joined(separator: " ") }

    /// The names of a log's events, to check those of flags and features.
    func known(in log: EventLog) -> KnownEvents {
        KnownEvents(log, file: fileNames, observer: TerminalObserver())
    }

    /// Refuses flags for reading rows where a columnar log is given, whose rows were read before.
    func refuseUnused() throws {
        guard let path = try paths.first(where: { path throws in try ColumnarLog.isOne(path: path) }) else {
            return
        }
        try UnusedFlags.refuse(
            [
                ("NAME= before the file", namedFiles.contains { $0.event != nil }),
                ("--user-column", userColumn != nil), ("--time-column", timeColumn != nil),
                ("--event-column", eventColumn != nil), ("--event-name", eventName != "event"),
                ("--value-column", valueColumn != nil), ("--message-id-column", messageIdColumn != nil),
                ("--received-column", receivedColumn != nil), ("--earliest", earliest != nil),
                ("--time-format", timeFormat != "auto"), ("--delimiter", rows.delimiter != nil),
                ("--missing", !rows.missing.isEmpty), ("--max-bad-rows", rows.maxBadRows > 0),
                ("--rejects", rows.rejects != nil),
            ], because: "\(path) is a columnar log, whose rows limpet import has read")
    }
}

/// The flags for reading rows, and for bad ones: the same for logs and tables.
struct RowOptions: ParsableArguments {
    @Option(help: "comma, tab, semicolon, pipe, spaces or one character (guessed from the header otherwise).")
    var delimiter: String?

    @Option(
        parsing: .upToNextOption,
        help: """
            Texts that mean a missing value, beside the empty one, NA and NaN; in NDJSON beside null, where \
            NA and NaN are texts.
            """)
    var missing: [String] = []

    @Option(help: "Bad rows that are tolerated; each is named all the same.")
    var maxBadRows = 0

    @Option(help: "File that keeps bad rows with their places and reasons.")
    var rejects: String?

    @Option(help: "Times from this one on are bad rows (default: the clock's).")
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

    var missingTexts: VerbatimSet { EventSchema.usualMissing.union(missing) }

    var nowTimestamp: Timestamp {
        get throws {
            guard let now else { return Clock.now }
            guard let parsed = TimeParser().parse(now) else {
                throw ValidationError("--now \(now): expected \(TimeParser().expectation)")
            }
            return parsed.timestamp
        }
    }

    /// The settings for reading rows.
    var settings: RowSettings {
        get throws {
            RowSettings(
                delimiter: try parsedDelimiter, missing: missingTexts, maximumBadRows: maxBadRows,
                rejects: rejects, now: try nowTimestamp)
        }
    }
}
