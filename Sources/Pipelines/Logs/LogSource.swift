public import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
public import LimpetFiles

/// An event log to read: its files, the schema of their rows, and the end of the log.
///
///     let source = LogSource(["events.csv.gz"])
///     let log = try source.read()
///     let end = source.end(of: log)
public struct LogSource: Sendable {
    /// The files, in order; `-` is standard input.
    public var files: [String]
    /// The files of attributes of the users: tables with a column of the user's id, and one of the time from
    /// which on a row counts, or none for attributes that count from the user's first event on.
    public var attributes: [String] = []
    /// The schema of the files' rows.
    public var schema: EventSchema
    /// The time zone of times that name none.
    public var zone: TimeZoneRules
    /// The exclusive end of the log; nil for the last event, rounded up to the log's resolution.
    public var dataUntil: Timestamp?
    /// The settings for reading rows, and for bad ones.
    public var rows: RowSettings
    /// The number of chunks of the log that are read at the same time.
    public var threads: Int
    /// The receiver of progress and of messages about rows that are left out.
    public var observer: any PipelineObserver

    /// Makes a source.
    ///
    /// - Parameter schema: columns and times; its delimiter, missing texts and clock are those of `rows`.
    public init(
        _ files: [String], schema: EventSchema = EventSchema(), zone: TimeZoneRules = .utc,
        dataUntil: Timestamp? = nil, rows: RowSettings = RowSettings(), threads: Int = Processors.count,
        observer: any PipelineObserver = SilentObserver()
    ) {
        self.files = files
        self.schema = schema
        self.zone = zone
        self.dataUntil = dataUntil
        self.rows = rows
        self.threads = threads
        self.observer = observer
    }

    /// The names of the files, for messages.
    public var name: String { files.joined(separator: " ") }

    /// Reads the log.
    ///
    /// - Parameters:
    ///   - amounts: properties that must be amounts, with their decimals.
    ///   - texts: the text properties to keep; nil for all.
    ///   - keepsMessageIDs: whether the log knows the message ids of its rows.
    ///   - keepsArrivals: whether it knows the order in which they arrived.
    /// - Throws: `FileError`, `InputError` or `TooManyBadRows`.
    public func read(
        amounts: VerbatimDictionary<Int> = [:], texts: VerbatimSet? = nil, keepsMessageIDs: Bool = false,
        keepsArrivals: Bool = false
    ) throws -> EventLog {
        var reader = try reader(amounts: amounts, texts: texts)
        reader.keepsMessageIDs = keepsMessageIDs
        reader.keepsArrivals = keepsArrivals
        var log = try observed(&reader) { reader in
            let log = try reader.read(files)
            return (log, log.duplicateCount)
        }
        if let attributes = try readAttributes(with: reader) {
            warnOfStrangers(log.strangers(in: attributes), of: attributes)
            log = log.adding(attributes: attributes)
        }
        warnOfAmounts(log)
        return log
    }

    /// Reads the attributes of users; nil where there are none.
    ///
    /// - Parameter reader: that of the log, which knows the columns, and the bad rows so far.
    func readAttributes(with reader: EventLogReader) throws -> EventLog? {
        guard !attributes.isEmpty else { return nil }
        var reader = reader
        reader.schema = reader.schema.ofAttributes
        if let columnar = try attributes.first(where: { path throws in try ColumnarLog.isOne(path: path) }) {
            throw InputError(
                InputPlace(file: columnar), "is a columnar log, expected a table of attributes")
        }
        let log = try reader.read(attributes)
        warnOfSeveral(in: log)
        return log
    }

    /// Warns of users with several rows without a time in a file, of which the last one counts.
    private func warnOfSeveral(in log: EventLog) {
        let start = Event.fromStart.milliseconds
        let users = log.users.indices.count { user in
            log.rows(ofUser: user).prefix { log.times[$0] == start }.count > attributes.count
        }
        guard users > 0 else { return }
        observer.note(
            "warning: \(attributes.joined(separator: " ")): \(Format.count(users)) users have several rows "
                + "without a time, of which the last counts; a column such as valid_from would date them")
    }

    /// Says how many users of a file of attributes have no event.
    func warnOfStrangers(_ strangers: Int, of attributes: EventLog) {
        guard strangers > 0 else { return }
        let warning = strangers == attributes.users.count ? "warning: " : ""
        observer.note(
            warning
                + "\(self.attributes.joined(separator: " ")): the attributes of "
                + "\(Format.count(strangers)) of \(Format.count(attributes.users.count)) users are left "
                + "out, who have no event")
    }

    /// Warns of amounts that have more decimals than they are read with, and of texts that are no amounts.
    private func warnOfAmounts(_ log: EventLog) {
        for (name, column) in log.numbers.sortedByKey {
            warn(of: column.rounded, in: name, decimals: column.decimals)
            warn(of: column.others, in: name)
        }
    }

    /// Warns of a property's texts that are no amounts.
    func warn(of others: OtherTexts, in name: String) {
        guard let example = others.example else { return }
        observer.note(
            "warning: \(name): \(Format.count(others.count)) of \(Format.count(others.total)) different "
                + "texts are no amounts, such as \(example.quoted), and count as missing")
    }

    /// Warns of a property's amounts that have more than the given decimals.
    func warn(of rounded: RoundedAmounts, in name: String, decimals: Int) {
        guard let example = rounded.example else { return }
        let most = min(rounded.decimals, FeatureSet.decimalsLimit)
        observer.note(
            "warning: \(name): amounts such as \(example.quoted) are rounded to \(decimals) decimals; the "
                + "feature set can ask for more with decimals: {\(name): \(most)}")
    }

    /// Reads the rows of the log into a sink.
    ///
    /// - Throws: as ``read(amounts:texts:keepsMessageIDs:keepsArrivals:)``, and the errors of the sink.
    public func read(into sink: inout some EventSink) throws {
        var reader = try reader(amounts: [:], texts: nil)
        try observed(&reader) { reader in
            try reader.read(files, into: &sink)
            return ((), 0)
        }
    }

    /// Returns the log with the amounts of a feature set that was proposed for it. Where a value does not
    /// fit, the log is read again with these types, so that its rows are named, tolerated or kept like any
    /// bad row; those of a columnar log were read before, and have no such value.
    ///
    /// - Parameter keepsArrivals: whether the log knows all its texts, and the order in which its rows
    ///   arrived.
    public func reading(amountsOf set: FeatureSet, in log: EventLog, keepsArrivals: Bool = false) throws
        -> EventLog
    {
        do {
            return try log.readingAmounts(set.columns.numbers)
        } catch {
            // The bytes of a pipe can be read only once.
            if let pipe = files.first(where: { FileStamp.of($0) == nil }) {
                throw InputError(InputPlace(file: pipe == "-" ? "standard input" : pipe), "\(error)")
            }
            let isColumnar = try files.contains { path throws in try ColumnarLog.isOne(path: path) }
            if !isColumnar {
                observer.note(
                    "nearly all values of a property are amounts: the log is read again as such (name texts "
                        + "that mean missing with --missing, or write a feature set without the property)")
            }
            return try read(
                amounts: set.columns.numbers, texts: keepsArrivals ? nil : set.columns.texts,
                keepsArrivals: keepsArrivals)
        }
    }

    /// Returns a reader of the files. It opens the file of bad rows, so that only one may be made at a time.
    func reader(amounts: VerbatimDictionary<Int>, texts: VerbatimSet?) throws -> EventLogReader {
        var schema = schema
        (schema.delimiter, schema.missing, schema.now) = (rows.delimiter, rows.missing, rows.now)
        var reader = EventLogReader(
            schema: schema, amounts: amounts, texts: texts, rejection: try rows.rejection(observer))
        reader.threads = threads
        return reader
    }

    /// Reads with progress, and reports the number of rows that were left out.
    private func observed<Result>(
        _ reader: inout EventLogReader, _ read: (EventLogReader) throws -> (Result, duplicates: Int)
    ) throws -> Result {
        let stage = observer.begin("reading")
        defer { stage.finish() }
        reader.progress = { stage.update($0) }
        let (result, duplicates) = try read(reader)
        if reader.rejection.count > 0 {
            observer.note("\(Format.count(reader.rejection.count)) bad rows were left out")
        }
        if duplicates > 0 {
            observer.note("\(Format.count(duplicates)) rows repeat a message id and were left out")
        }
        return result
    }

    /// Returns the exclusive end of a log.
    public func end(of log: EventLog) -> Timestamp { end(last: log.span?.last, log.resolution) }

    /// Returns the exclusive end of a columnar log.
    public func end(of summary: ColumnarLogSummary) -> Timestamp {
        end(last: summary.span.upperBound, summary.resolution)
    }

    private func end(last: Timestamp?, _ resolution: TimeResolution) -> Timestamp {
        dataUntil ?? last.map { resolution.roundUp($0, in: zone) } ?? Timestamp(milliseconds: 0)
    }

    /// Returns the names of a log's events.
    package func known(in log: EventLog) -> KnownEvents { KnownEvents(log, file: name, observer: observer) }
}
