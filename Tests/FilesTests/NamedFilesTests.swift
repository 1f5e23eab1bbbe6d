import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Several files as one log, each with columns of its own, and files without a header.
@Suite final class NamedFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ files: [String], _ schema: EventSchema = EventSchema()) throws -> EventLog {
        try EventLogReader(schema: schema, rejection: try RowRejection()).read(files)
    }

    private func refusal(_ text: String) throws -> InputError? {
        let path = try folder.write(text, as: "log.csv")
        do {
            _ = try read([path])
            return nil
        } catch {
            return error as? InputError
        }
    }

    @Test("files name their events, and columns are guessed from each header")
    func named() throws {
        let calls = try folder.write(
            "call_date,subscription_id,minutes,type\n2025-01-02,a,5,in\n2025-01-03,b,7,out\n", as: "calls.csv"
        )
        let messages = try folder.write("cust;eventDate;type\na;2025-01-01;sms\n", as: "messages.csv")
        var schema = EventSchema()
        schema.eventNameOfFile = [calls: "call", messages: "message"]
        let log = try read([calls, messages], schema)
        #expect(log.count == 3 && log.eventNames.sorted() == ["call", "message"])
        #expect(log.users.sorted() == ["a", "b"])
        #expect(log.texts["type"]?.dictionary.sorted() == ["", "in", "out", "sms"])
        // A column that is named need not be in each of several files.
        schema.timeColumn = "call_date"
        #expect(try read([calls, messages], schema).count == 3)
        #expect(throws: InputError.self) { try read([messages], schema) }
    }

    @Test("a file of messages that name their events is not named again")
    func messages() throws {
        let path = try folder.write(
            #"{"type":"track","event":"x","userId":"a","timestamp":"2025-01-01T00:00:00Z"}"# + "\n",
            as: "log.ndjson")
        var schema = EventSchema()
        schema.eventNameOfFile = [path: "call"]
        #expect(throws: InputError.self) { try read([path], schema) }
    }

    @Test(
        "usual names of users and times are guessed",
        arguments: [
            ("cust", "eventDate"), ("customerNumber", "call_date"), ("subscription_id", "orderTime"),
            ("msisdn", "created_at"), ("Household No", "Order Date"),
        ])
    func guessed(user: String, time: String) throws {
        let path = try folder.write("x,\(user),\(time)\n1,a,2025-01-02\n", as: "log.csv")
        let log = try read([path])
        #expect(log.users.sorted() == ["a"] && log.texts["x"] != nil)
    }

    @Test("where several columns may be meant, they are named, and words that only end alike are not meant")
    func several() throws {
        let two = try refusal("user,join_date,birth_date\na,2025-01-01,1990-01-01\n")
        #expect(two?.problem.contains("several columns look like the time: join_date, birth_date") == true)
        let none = try refusal("paid,format,update\n1,x,2025-01-01\n")
        #expect(none?.problem.hasPrefix("no column looks like the user's id") == true)
    }

    @Test("a log without a header is recognised by the time in its first line")
    func headless() throws {
        let error = try #require(try refusal("17850,2010-12-01 08:26,2.55\n17850,2010-12-02 08:26,3.39\n"))
        #expect(error.place.line == 1)
        #expect(error.problem.contains("found \"2010-12-01 08:26\" where the names of the columns should be"))
        #expect(error.problem.contains("echo '…,time,…'"))
    }
}
