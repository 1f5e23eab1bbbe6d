public import LimpetDocuments
public import LimpetEvents

/// The schema of files of events: the roles of the columns, and the formats of times and missing values.
public struct EventSchema: Sendable {
    /// The column of the user's id; nil to guess it from the header.
    public var userColumn: String?
    /// The column of the time; nil to guess it.
    public var timeColumn: String?
    /// The column of the event's name; nil to guess it. A log may have none.
    public var eventColumn: String?
    /// The column of the event's amount; nil to guess it.
    public var valueColumn: String?
    /// The column of the message's id; nil to guess it. Without one no row counts as a repetition.
    public var messageIDColumn: String?
    /// The column of the time at which the message was received; nil to guess it.
    public var receivedColumn: String?
    /// The name of all events of a log without a column of names.
    public var eventName: String
    /// The name of all events of a file, by its path, for files of one kind of event each.
    public var eventNameOfFile: VerbatimDictionary<String> = [:]
    /// True for files of attributes of users instead of events: rows without a time count from the user's
    /// first event on, and all other columns are attributes.
    package var isOfAttributes = false
    /// True when a file may lack a column that is named here, which is then guessed, since it is one of
    /// several.
    var isOneOfSeveral = false
    /// The format of times, and the zone of times that name none.
    public var times: TimeParser
    /// The delimiter of fields; nil to guess it.
    public var delimiter: Delimiter?
    /// The texts that stand for "missing", besides the empty text.
    public var missing: VerbatimSet
    /// The current time: rows with this time or a later one are bad; nil to accept them.
    public var now: Timestamp?
    /// The earliest plausible time: rows with an earlier one are bad.
    public var earliest = Event.usualEarliest

    /// The texts that stand for "missing" by default.
    public static let usualMissing: VerbatimSet = ["NA", "NaN"]

    /// Makes a schema.
    public init(
        userColumn: String? = nil, timeColumn: String? = nil, eventColumn: String? = nil,
        valueColumn: String? = nil, messageIDColumn: String? = nil, receivedColumn: String? = nil,
        eventName: String = "event",
        times: TimeParser = TimeParser(), delimiter: Delimiter? = nil,
        missing: VerbatimSet = EventSchema.usualMissing, now: Timestamp? = nil
    ) {
        self.userColumn = userColumn
        self.timeColumn = timeColumn
        self.eventColumn = eventColumn
        self.valueColumn = valueColumn
        self.messageIDColumn = messageIDColumn
        self.receivedColumn = receivedColumn
        self.eventName = eventName
        self.times = times
        self.delimiter = delimiter
        self.missing = missing
        self.now = now
    }

    /// Returns the schema of files of attributes.
    package var ofAttributes: EventSchema {
        var schema = self
        (schema.isOfAttributes, schema.isOneOfSeveral) = (true, true)
        (schema.eventName, schema.eventNameOfFile) = (Event.attributesName, [:])
        return schema
    }

    /// Returns the schema of one of several files.
    func ofFile(_ path: String, isOneOfSeveral: Bool) -> EventSchema {
        var schema = self
        schema.isOneOfSeveral = isOneOfSeveral || isOfAttributes
        guard let name = eventNameOfFile[path] else { return schema }
        (schema.eventName, schema.eventNameOfFile) = (name, [path: name])
        return schema
    }

    /// The expected texts of times, for errors.
    var timeExpectation: String {
        let other = "another format is named with --time-format, e.g. '%d.%m.%Y %H:%M'"
        return "\(times.expectation); \(other)"
    }

    /// Returns the reason why no event that is read can have the given time; nil when one can.
    func problem(with time: Timestamp) -> String? {
        guard time < earliest, Self.calendar.contains(time) else { return problem(withStored: time) }
        return "the time \(time) lies before \(earliest); is its unit another one (--time-format s, ms), "
            + "or are there events as old (--earliest)?"
    }

    /// Times for which ``problem(with:)`` finds none, without those that are rarely accepted.
    var usualTimes: Range<Timestamp> {
        let first = max(earliest, Self.epochYear.upperBound)
        return first..<max(first, min(now ?? Self.calendar.upperBound, Self.calendar.upperBound))
    }

    /// Returns the reason why no event of a columnar log can have the given time; nil when one can.
    func problem(withStored time: Timestamp) -> String? {
        guard Self.calendar.contains(time) else {
            return
                "the time lies outside of the years 1 to 9999; is its unit another one (--time-format s, ms)?"
        }
        guard let now else { return nil }
        if time >= now {
            return "the time \(time) lies in the future of \(now); is its unit another one "
                + "(--time-format s, ms), or do you mean another --now?"
        }
        // Times in seconds or days that are read as milliseconds or finer units all lie in the first months
        // of 1970.
        if case .unix(let unitsPerSecond) = times.format, unitsPerSecond > 1, Self.epochYear.contains(time) {
            return "the time \(time) lies in 1970; is its unit another one (--time-format s, ms)?"
        }
        return nil
    }

    /// The years 1 to 9999, which all supported databases can hold.
    private static let calendar =
        Timestamp(milliseconds: -62_135_596_800_000)..<Timestamp(milliseconds: 253_402_300_800_000)
    /// The year 1970.
    private static let epochYear = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: 31_536_000_000)
}
