import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct EventLogReaderTests {
    /// 2026-01-01T00:00:00Z.
    static let now = Timestamp(milliseconds: 1_767_225_600_000)

    /// The rows of a log as text: user, event, time, and the properties that are there.
    func rows(_ log: EventLog) -> [String] {
        log.users.indices.flatMap { user in
            log.rows(ofUser: user).map { row in
                let parts = [
                    log.users[user], log.eventNames[Int(log.events[row])],
                    "\(Timestamp(milliseconds: log.times[row]))",
                ]
                let properties = log.texts.sorted { $0.key < $1.key }.compactMap { name, column in
                    column.codes[row] == 0 ? nil : "\(name)=\(column.dictionary[Int(column.codes[row])])"
                }
                return (parts + properties).joined(separator: " ")
            }
        }
    }

    func read(
        _ text: String, schema: EventSchema = EventSchema(now: now), amounts: VerbatimDictionary<Int> = [:],
        texts: VerbatimSet? = nil, rejection: RowRejection? = nil
    ) throws -> EventLog {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "log.csv")
        let reader = EventLogReader(
            schema: schema, amounts: amounts, texts: texts, rejection: try rejection ?? RowRejection())
        return try reader.read([path])
    }

    func tooMany(
        _ text: String, schema: EventSchema = EventSchema(now: now), amounts: VerbatimDictionary<Int> = [:]
    ) -> InputError? {
        let error = #expect(throws: TooManyBadRows.self) { try read(text, schema: schema, amounts: amounts) }
        return error?.last
    }

    func refusal(_ text: String, schema: EventSchema = EventSchema(now: now)) -> String {
        let error = #expect(throws: InputError.self) { try read(text, schema: schema) }
        return error?.problem ?? ""
    }

    // MARK: - Columns

    @Test(
        "columns are guessed from the header",
        arguments: [
            "user,time,event,value\nanna,2025-01-02,buy,12.50\n",
            "User ID;Timestamp;Event Name;Amount\nanna;2025-01-02;buy;12.50\n",
            "amount\taction\tdate\tcustomer_id\n12.50\tbuy\t2025-01-02\tanna\n",
            "CustomerID|InvoiceDate|type|Price\n anna |2025-01-02| buy | 12.50 \n",
            "visitorId time event total\n  anna 2025-01-02 buy 12.50\n",
            "\"user\",\"time\",\"event\",\"value\"\r\n\"anna\",\"2025-01-02\",\"buy\",\"12.50\"\r\n",
        ])
    func columnsAreGuessedFromTheHeader(text: String) throws {
        #expect(rows(try read(text)) == ["anna buy 2025-01-02T00:00:00Z value=12.50"])
    }

    @Test("named columns come before guesses")
    func namedColumnsComeBeforeGuesses() throws {
        let text = "user,who,time,when,event,what,value,sum\nx,anna,1,2025-01-02,y,buy,z,12.50\n"
        let schema = EventSchema(
            userColumn: "who", timeColumn: "when", eventColumn: "what", valueColumn: "sum", now: Self.now)
        let log = try read(text, schema: schema, texts: ["value"])
        #expect(rows(log) == ["anna buy 2025-01-02T00:00:00Z value=12.50"])
    }

    @Test(
        "a column has one role: what two flags name is refused, and no guess takes what a flag has named",
        arguments: [
            EventSchema(userColumn: "event", messageIDColumn: "event", now: now),
            EventSchema(userColumn: "time", timeColumn: "time", now: now),
            EventSchema(timeColumn: "time", receivedColumn: "time", now: now),
        ])
    func oneRole(schema: EventSchema) {
        let text = "user,event,time\na,visit,2025-01-01\n"
        #expect(refusal(text, schema: schema).contains("but a column has one role"))
    }

    @Test("a guess leaves a column that a flag names")
    func guessesLeaveNamedColumns() throws {
        let log = try read(
            "user,event,time\na,visit,2025-01-01\n", schema: EventSchema(userColumn: "event", now: Self.now))
        #expect(rows(log) == ["visit event 2025-01-01T00:00:00Z user=a"])
        let text = "user,event,time\na,visit,2025-01-01\n"
        #expect(
            refusal(text, schema: EventSchema(userColumn: "time", now: Self.now)).contains("--time-column"))
    }

    @Test("a log without event names has one for all")
    func aLogWithoutEventNamesHasOneForAll() throws {
        let schema = EventSchema(eventName: "purchase", now: Self.now)
        #expect(
            rows(try read("user,time\nanna,2025-01-02\n", schema: schema)) == [
                "anna purchase 2025-01-02T00:00:00Z"
            ])
    }

    @Test("other columns become properties")
    func otherColumnsBecomeProperties() throws {
        let text = "user,time,event,page,country\nanna,2025-01-02,view,/home,NL\nben,2025-01-03,view,NA,\n"
        #expect(
            rows(try read(text)) == [
                "anna view 2025-01-02T00:00:00Z country=NL page=/home", "ben view 2025-01-03T00:00:00Z",
            ])
        #expect(try read(text, texts: ["page"]).texts.keys.sorted() == ["page"])
        #expect(try read(text, texts: []).texts.isEmpty)
    }

    @Test(
        "an unknown column is answered with the columns there are",
        arguments: [
            (EventSchema(userColumn: "Who", now: now), "--user-column"),
            (EventSchema(timeColumn: "Who", now: now), "--time-column"),
            (EventSchema(eventColumn: "Who", now: now), "--event-column"),
            (EventSchema(valueColumn: "Who", now: now), "--value-column"),
            (EventSchema(messageIDColumn: "Who", now: now), "--message-id-column"),
        ])
    func anUnknownColumnIsAnsweredWithTheColumnsThereAre(schema: EventSchema, flag: String) {
        let problem = refusal("user,time,note\nanna,2025-01-02,x\n", schema: schema)
        #expect(problem.contains(flag))
        #expect(problem.hasSuffix("one of user, time, note"))
    }

    @Test(
        "columns that nobody can guess must be named",
        arguments: [("a,time\n1,2\n", "--user-column"), ("user,b\n1,2\n", "--time-column")])
    func columnsThatNobodyCanGuessMustBeNamed(text: String, flag: String) {
        let problem = refusal(text)
        #expect(problem.contains(flag))
        #expect(problem.contains(text.prefix { $0 != "\n" }.replacing(",", with: ", ")))
    }

    @Test("a name that occurs twice is refused")
    func aNameThatOccursTwiceIsRefused() {
        #expect(refusal("user,time,note,note\nanna,2025-01-02,x,y\n").contains("twice"))
    }

    @Test(
        "a log without events is refused",
        arguments: ["", "\n\n", "  \n\t\n", "user,time\n", "user,time", "user,time\n\n\r\n"])
    func aLogWithoutEventsIsRefused(text: String) {
        let problem = refusal(text)
        #expect(problem.contains("empty") || problem.contains("no events"))
    }

    // MARK: - Rows

    @Test(
        "a bad row is told with its line and its reason",
        arguments: [
            ("anna,2025-01-02,view\n", "has 3 fields, the header has 4", nil),
            ("anna,2025-01-02,view,1,2\n", "has 5 fields, the header has 4", nil),
            (",2025-01-02,view,1\n", "is missing, expected a user's id", "user"),
            ("NA,2025-01-02,view,1\n", "is missing, expected a user's id", "user"),
            ("anna,2025-01-02,,1\n", "is missing, expected an event's name", "event"),
            ("anna,yesterday,view,1\n", "found \"yesterday\", expected a time like", "time"),
            ("anna,2025-02-30,view,1\n", "found \"2025-02-30\", expected a time like", "time"),
            ("anna,,view,1\n", "found \"\", expected a time like", "time"),
            ("anna,2025-01-02,view,inf\n", "found \"inf\", expected a decimal number", "value"),
            ("anna,2025-01-02,view,-Infinity\n", "found \"-Infinity\", expected a decimal number", "value"),
            ("anna,2025-01-02,view,\"1,5\"\n", "found \"1,5\", expected a decimal number", "value"),
            ("anna,2026-01-01,view,1\n", "the time 2026-01-01T00:00:00Z lies in the future", "time"),
        ])
    func aBadRowIsToldWithItsLineAndItsReason(row: String, reason: String, field: String?) {
        let error = tooMany("user,time,event,value\nok,2025-01-01,view,1\n" + row)
        #expect(error?.place.file.hasSuffix("/log.csv") == true)
        #expect(error?.place.line == 3)
        #expect(error?.place.field == field)
        #expect(error?.problem.hasPrefix(reason) == true, "\(error?.problem ?? "")")
    }

    @Test("bytes that are no text are bad rows")
    func bytesThatAreNoTextAreBadRows() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            Array("user,time\nanna,2025-01-02\n".utf8) + [0xff] + Array(",2025-01-02\n".utf8), as: "log.csv")
        let reader = EventLogReader(schema: EventSchema(now: Self.now), rejection: try RowRejection())
        let error = #expect(throws: TooManyBadRows.self) { try reader.read([path]) }
        #expect(
            error?.last == InputError(InputPlace(file: path, line: 3, field: "user"), "is not valid UTF-8"))
    }

    @Test("a header that is no text is refused")
    func aHeaderThatIsNoTextIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([97, 44, 0xff, 10, 98, 44, 99, 10], as: "log.csv")
        let reader = EventLogReader(schema: EventSchema(now: Self.now), rejection: try RowRejection())
        let error = #expect(throws: InputError.self) { try reader.read([path]) }
        #expect(error?.place == InputPlace(file: path, line: 1, field: "column 2"))
    }

    @Test("missing texts are no values")
    func missingTextsAreNoValues() throws {
        let schema = EventSchema(missing: EventSchema.usualMissing.union(["-"]), now: Self.now)
        let text =
            "user,time,event,value\na,2025-01-02,e,NaN\na,2025-01-03,e,NA\n"
            + "a,2025-01-04,e,-\na,2025-01-05,e,\n"
        let log = try read(text, schema: schema, amounts: ["value": 2])
        #expect(log.numbers["value"]?.units == [Int64](repeating: NumberColumn.missing, count: 4))
    }

    @Test("amounts are exact units")
    func amountsAreExactUnits() throws {
        let text = "user,time,value,tax\na,2025-01-02,0.10,.5\na,2025-01-03,-12.345,1e2\n"
        let log = try read(text, amounts: ["value": 2, "tax": 1])
        #expect(log.numbers["value"]?.units == [10, -1_234])
        #expect(log.numbers["tax"]?.units == [5, 1_000])
    }

    @Test("an amount that is none is a bad row", arguments: ["inf", "x", "99999999999999999", "1.5.2"])
    func anAmountThatIsNoneIsABadRow(tax: String) {
        let error = tooMany("user,time,tax\na,2025-01-02,1\na,2025-01-03,\(tax)\n", amounts: ["tax": 2])
        #expect(error?.place.line == 3)
        #expect(error?.problem.contains("tax is \"\(tax)\"") == true)
    }

    // MARK: - Order and repetitions

    @Test("rows are sorted by user, then time, then arrival")
    func rowsAreSortedByUserThenTimeThenArrival() throws {
        let text =
            "user,time,event\nben,2025-01-02,b\nanna,2025-01-03,c\nanna,2025-01-02,d\nben,2025-01-02,a\n"
        #expect(
            rows(try read(text)) == [
                "anna d 2025-01-02T00:00:00Z", "anna c 2025-01-03T00:00:00Z", "ben b 2025-01-02T00:00:00Z",
                "ben a 2025-01-02T00:00:00Z",
            ])
    }

    @Test("a repeated message is counted and left out")
    func aRepeatedMessageIsCountedAndLeftOut() throws {
        let text =
            "user,time,event,message_id\na,2025-01-02,x,1\nb,2025-01-03,y,1\na,2025-01-04,z,2\n"
            + "a,2025-01-05,z,\na,2025-01-05,z,\n"
        let log = try read(text)
        #expect(log.count == 4)
        #expect(log.duplicateCount == 1)
        #expect(log.users == ["a"])
    }

    @Test("without an ID nothing is a repetition")
    func withoutAnIDNothingIsARepetition() throws {
        let log = try read("user,time\na,2025-01-02\na,2025-01-02\n")
        #expect(log.count == 2)
        #expect(log.duplicateCount == 0)
    }
}
