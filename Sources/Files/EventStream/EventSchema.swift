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

/// The columns of one file by role, found in its header.
struct EventColumns {
    var user: Int
    var time: Int
    var event: Int?
    var value: Int?
    var messageID: Int?
    var received: Int?
    /// The other columns, with the name of their property.
    var properties: [(name: String, column: Int)]
    /// The names in the header of the columns of amounts and of event names, where they are called otherwise,
    /// with the property that each is read as.
    private(set) var aliases: VerbatimDictionary<String> = [:]

    private static let userNames = [
        "user", "userid", "customer", "customerid", "client", "clientid", "account", "accountid", "visitorid",
        "anonymousid", "id",
    ]
    private static let timeNames = [
        "time", "timestamp", "eventtime", "datetime", "date", "createdat", "occurredat", "ts", "invoicedate",
    ]
    private static let eventNames = ["event", "eventname", "eventtype", "action", "activity", "type", "name"]
    private static let valueNames = ["value", "amount", "revenue", "price", "total"]
    private static let messageNames = ["messageid", "eventid", "insertid"]
    private static let receivedNames = ["receivedat", "receivedtime"]

    init(header: [String], schema: EventSchema, file: String) throws(InputError) {
        let names = header.map { Self.plain($0) }
        let named = try Self.flagOfColumn(header: header, schema: schema, file: file)
        func find(_ setting: String?, _ flag: String, _ guesses: [String]) throws(InputError) -> Int? {
            if setting != nil { return named.first { $0.flag == flag }?.column }
            let free = names.indices.filter { index in !named.contains { $0.column == index } }
            for guess in guesses {
                if let index = free.first(where: { names[$0] == guess }) { return index }
            }
            return nil
        }
        func need(_ setting: String?, _ flag: String, _ what: String, _ guesses: [String]) throws(InputError)
            -> Int
        {
            if let index = try find(setting, flag, guesses) { return index }
            throw InputError(
                InputPlace(file: file, line: 1),
                "no column looks like the \(what); name it with \(flag), "
                    + "one of \(header.joined(separator: ", "))"
            )
        }
        user = try need(schema.userColumn, "--user-column", "user's id", Self.userNames)
        time = try need(schema.timeColumn, "--time-column", "time", Self.timeNames)
        event = try find(schema.eventColumn, "--event-column", Self.eventNames)
        value = try find(schema.valueColumn, "--value-column", Self.valueNames)
        messageID = try find(schema.messageIDColumn, "--message-id-column", Self.messageNames)
        received = try find(schema.receivedColumn, "--received-column", Self.receivedNames)
        let roles = [user, time, event, value, messageID, received]
        // Where another column holds the amounts, a column that is called `value` cannot be a property of
        // that name.
        let taken = value == nil ? nil : Event.valueProperty
        properties = header.indices.filter {
            !roles.contains($0) && header[$0] != taken && !header[$0].isEmpty
        }.map { (header[$0], $0) }
        if let value { properties.append((Event.valueProperty, value)) }
        let own = [Event.valueProperty, Event.nameProperty, ""]
        for (column, property) in [(value, Event.valueProperty), (event, Event.nameProperty)] {
            guard let column, !own.contains(header[column]) else { continue }
            aliases[header[column]] = property
        }
    }

    /// Returns the columns that flags name, which have one role each.
    private static func flagOfColumn(
        header: [String], schema: EventSchema, file: String
    ) throws(InputError) -> [(flag: String, column: Int)] {
        var named: [(flag: String, column: Int)] = []
        for (flag, name) in [
            ("--user-column", schema.userColumn), ("--time-column", schema.timeColumn),
            ("--event-column", schema.eventColumn), ("--value-column", schema.valueColumn),
            ("--message-id-column", schema.messageIDColumn), ("--received-column", schema.receivedColumn),
        ] {
            guard let name else { continue }
            let place = InputPlace(file: file, line: 1, field: name)
            guard let column = header.firstIndex(verbatim: name) else {
                throw InputError(
                    place, "there is no such column; \(flag) must be one of \(header.joined(separator: ", "))"
                )
            }
            if let other = named.first(where: { $0.column == column }) {
                throw InputError(place, "is named by \(other.flag) and \(flag), but a column has one role")
            }
            named.append((flag, column))
        }
        return named
    }

    /// Returns the letters and digits of a column's name in lower case, so that `Customer ID` becomes
    /// `customerid`.
    private static func plain(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        )
    }
}
