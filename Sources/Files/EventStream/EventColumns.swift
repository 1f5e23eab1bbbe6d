import LimpetDocuments
import LimpetEvents

/// The columns of one file by role, found in its header.
struct EventColumns {
    var user: Int
    /// The column of times; nil for attributes that count from the start.
    var time: Int?
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
        "anonymousid", "cust", "custid", "custno", "customerno", "subscriber", "subscriberid",
        "subscriptionid",
        "member", "memberid", "player", "playerid", "contactid", "personid", "profileid", "msisdn",
        "householdkey", "cid", "uid", "id",
    ]
    private static let timeNames = [
        "time", "timestamp", "eventtime", "datetime", "date", "createdat", "occurredat", "ts", "invoicedate",
        "eventdate", "transactiondate", "orderdate", "purchasedate", "calldate",
    ]
    /// The ends of names of times, of which a file has one where no usual name is there.
    private static let timeEnds = ["datetime", "timestamp", "date", "time", "at"]
    /// The names of the time from which on attributes count; a date is an attribute itself.
    private static let attributeTimeNames = [
        "time", "timestamp", "validfrom", "validat", "from", "since", "asof", "updatedat", "changedat",
        "effectivefrom", "effectivedate",
    ]
    private static let userEnds = ["id", "number", "no"]
    private static let eventNames = ["event", "eventname", "eventtype", "action", "activity", "type", "name"]
    private static let valueNames = ["value", "amount", "revenue", "price", "total"]
    private static let messageNames = ["messageid", "eventid", "insertid"]
    private static let receivedNames = ["receivedat", "receivedtime"]

    init(header: [String], schema: EventSchema, file: String) throws(InputError) {
        let names = header.map { Self.plain($0) }
        let named = try Self.flagOfColumn(header: header, schema: schema, file: file)
        func find(_ setting: String?, _ flag: String, _ guesses: [String]) throws(InputError) -> Int? {
            if let found = named.first(where: { $0.flag == flag })?.column { return found }
            let free = names.indices.filter { index in !named.contains { $0.column == index } }
            for guess in guesses {
                if let index = free.first(where: { names[$0] == guess }) { return index }
            }
            return nil
        }
        func need(
            _ setting: String?, _ flag: String, _ what: String, _ guesses: [String], ends: [String]
        ) throws(InputError) -> Int {
            if let index = try find(setting, flag, guesses) { return index }
            let free = header.indices.filter { index in !named.contains { $0.column == index } }
            let alike = free.filter { index in ends.contains { Self.ends(header[index], in: $0) } }
            if alike.count == 1 { return alike[0] }
            guard alike.isEmpty else {
                throw InputError(
                    InputPlace(file: file, line: 1),
                    "several columns look like the \(what): "
                        + "\(alike.map { header[$0] }.joined(separator: ", ")); "
                        + "name it with \(flag)")
            }
            throw InputError(
                InputPlace(file: file, line: 1),
                "no column looks like the \(what); name it with \(flag), "
                    + "one of \(header.joined(separator: ", "))"
            )
        }
        let user = try need(
            schema.userColumn, "--user-column", "user's id", Self.userNames, ends: Self.userEnds)
        self.user = user
        guard !schema.isOfAttributes else {
            let time = try find(schema.timeColumn, "--time-column", Self.attributeTimeNames)
            self.time = time
            properties = header.indices.filter { $0 != user && $0 != time && !header[$0].isEmpty }
                .map { (header[$0], $0) }
            return
        }
        let time = try need(schema.timeColumn, "--time-column", "time", Self.timeNames, ends: Self.timeEnds)
        self.time = time
        event =
            schema.eventNameOfFile[file] == nil
            ? try find(schema.eventColumn, "--event-column", Self.eventNames) : nil
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
                if schema.isOneOfSeveral { continue }
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

    /// Returns true when the last word of a name, as case, underscores or spaces part words, is the given
    /// one.
    private static func ends(_ name: String, in word: String) -> Bool {
        guard name.count > word.count, name.lowercased().ends(with: word) else { return false }
        let start = name.index(name.endIndex, offsetBy: -word.count)
        let before = name[name.index(before: start)]
        return !before.isLetter || name[start].isUppercase && before.isLowercase
    }

    /// Returns the letters and digits of a column's name in lower case, so that `Customer ID` becomes
    /// `customerid`.
    private static func plain(_ name: String) -> String {
        String(
            name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        )
    }
}
