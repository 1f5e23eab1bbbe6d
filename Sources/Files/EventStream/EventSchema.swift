public import LimpetEvents

/// How the events of a file are written: which columns hold what, and how times and missing values look.
public struct EventSchema: Sendable {
    /// The column of the user's id; nil for a guess from the header.
    public var userColumn: String?
    /// The column of the time; nil for a guess.
    public var timeColumn: String?
    /// The column of the event's name; nil for a guess, and for logs without one.
    public var eventColumn: String?
    /// The column of the event's amount; nil for a guess.
    public var valueColumn: String?
    /// The column of the message's id; nil for a guess. Without one nothing is taken for a repetition.
    public var messageIDColumn: String?
    /// The column of the time at which the message came in; nil for a guess.
    public var receivedColumn: String?
    /// The name of all events of a log without a column for it.
    public var eventName: String
    /// How times are written, and their zone where they name none.
    public var times: TimeParser
    /// What separates fields; nil for a guess.
    public var delimiter: Delimiter?
    /// Texts that stand for "missing", beside the empty text.
    public var missing: Set<String>
    /// Times at or after this are bad rows; nil to bear them.
    public var now: Timestamp?

    /// Texts that stand for "missing" in every file.
    public static let usualMissing: Set<String> = ["NA", "NaN"]

    /// Makes a schema.
    public init(
        userColumn: String? = nil, timeColumn: String? = nil, eventColumn: String? = nil,
        valueColumn: String? = nil, messageIDColumn: String? = nil, receivedColumn: String? = nil,
        eventName: String = "event",
        times: TimeParser = TimeParser(), delimiter: Delimiter? = nil,
        missing: Set<String> = EventSchema.usualMissing, now: Timestamp? = nil
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

    /// Why no event can have happened then; nil when one can.
    func problem(with time: Timestamp) -> String? {
        guard Self.calendar.contains(time) else {
            return
                "the time lies outside of the years 1 to 9999; is its unit another one (--time-format s, ms)?"
        }
        guard let now else { return nil }
        if time >= now {
            return "the time \(time) lies in the future of \(now); is its unit another one "
                + "(--time-format s, ms), or do you mean another --now?"
        }
        // Seconds that are read as milliseconds, and their like, all come to lie in the first months of 1970.
        if case .unix(let unitsPerSecond) = times.format, unitsPerSecond > 1, Self.epochYear.contains(time) {
            return "the time \(time) lies in 1970; is its unit another one (--time-format s, ms)?"
        }
        return nil
    }

    /// The years 1 to 9999, which every calendar and database here can hold.
    private static let calendar =
        Timestamp(milliseconds: -62_135_596_800_000)..<Timestamp(milliseconds: 253_402_300_800_000)
    /// The year 1970.
    private static let epochYear = Timestamp(milliseconds: 0)..<Timestamp(milliseconds: 31_536_000_000)
}

/// The columns of one file by their roles, found in its header.
struct EventColumns {
    var user: Int
    var time: Int
    var event: Int?
    var value: Int?
    var messageID: Int?
    var received: Int?
    /// The other columns, by the name that their property gets.
    var properties: [(name: String, column: Int)]

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
        func find(_ setting: String?, _ flag: String, _ guesses: [String]) throws(InputError) -> Int? {
            if let setting {
                if let index = header.firstIndex(of: setting) { return index }
                throw InputError(
                    InputPlace(file: file, line: 1, field: setting),
                    "there is no such column; \(flag) must be one of \(header.joined(separator: ", "))")
            }
            for guess in guesses {
                if let index = names.firstIndex(of: guess) { return index }
            }
            return nil
        }
        func need(_ setting: String?, _ flag: String, _ what: String, _ guesses: [String]) throws(InputError)
            -> Int
        {
            if let index = try find(setting, flag, guesses) { return index }
            throw InputError(
                InputPlace(file: file, line: 1),
                "no column looks like the \(what); name it with \(flag), one of \(header.joined(separator: ", "))"
            )
        }
        user = try need(schema.userColumn, "--user-column", "user's id", Self.userNames)
        time = try need(schema.timeColumn, "--time-column", "time", Self.timeNames)
        event = try find(schema.eventColumn, "--event-column", Self.eventNames)
        value = try find(schema.valueColumn, "--value-column", Self.valueNames)
        messageID = try find(schema.messageIDColumn, "--message-id-column", Self.messageNames)
        received = try find(schema.receivedColumn, "--received-column", Self.receivedNames)
        let roles = [user, time, event, value, messageID, received]
        // Where another column holds the amounts, one that happens to be called `value` has no name left.
        let taken = value == nil ? nil : Event.valueProperty
        properties = header.indices.filter { !roles.contains($0) && header[$0] != taken }.map {
            (header[$0], $0)
        }
        if let value { properties.append((Event.valueProperty, value)) }
    }

    /// A column's name without case, spaces and signs, so that `Customer ID` is `customerid`.
    private static func plain(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        )
    }
}
