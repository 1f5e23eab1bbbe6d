import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Numbers that stand for "missing" are missing in every column, whichever way a line is read.
@Suite struct MissingNumberTests {
    private static let missing: VerbatimSet = ["-999", "0", "1e3", "+5", ".5", "n/a"]
    /// These numbers, numbers that are nearly written like them, and others.
    private static let texts = [
        "-999", "7", "0", "1e3", "+5", ".5", "n/a", "-99", "-9990", "-999.0", "00", "0.0", "1e30", "1000",
        "5",
        "0.5", " -999 ", "12.25", "",
    ]
    private static let expected: [Double?] = texts.map { text in
        let text = text.replacing(" ", with: "")
        return text.isEmpty || missing.contains(text) ? nil : Double(text)
    }

    /// A table of each text in a column of numbers at the start, in the middle and at the end of a line.
    private static func table(_ form: String) -> String {
        switch form {
        case "csv": "a,b,c\n" + texts.map { "\($0),\($0),\($0)\n" }.joined()
        case "quoted": "a,b,c\n" + texts.map { "\"\($0)\",\"\($0)\",\"\($0)\"\n" }.joined()
        case "returns": "a\tb\tc\r\n" + texts.map { "\($0)\t\($0)\t\($0)\r\n" }.joined()
        default:
            texts.map { text in
                let isJSON = (try? JSONReader.read(ArraySlice(text.utf8))) != nil
                let value = isJSON ? text : "\"\(text)\""
                return "{\"a\": \(value), \"b\": \(value), \"c\": \(value)}\n"
            }.joined()
        }
    }

    private func reader(length: Int = 1 << 22) throws -> TableReader {
        var reader = TableReader(missing: Self.missing, rejection: try RowRejection(), threads: 2)
        reader.blockLength = length
        return reader
    }

    @Test("a whole table, as training reads it", arguments: ["csv", "quoted", "returns", "json"])
    func whole(form: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.table(form), as: "table")
        for (length, columns) in [(1, []), (1 << 22, []), (1 << 22, [TableColumn("b", .numbers)])] {
            let table = try await reader(length: length).table(path, columns: columns)
            for name in ["a", "b", "c"] {
                guard case .numbers(let numbers) = try table.column(name, flag: "--weight").values else {
                    Issue.record("\(name) holds texts")
                    continue
                }
                #expect(numbers.map { $0.isNaN ? nil : $0 } == Self.expected, "\(name) of \(form)")
            }
        }
    }

    @Test("rows as they are scored", arguments: ["csv", "quoted", "returns", "json"])
    func rows(form: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.table(form), as: "table")
        let columns = [TableColumn("c", .numbers), TableColumn("a", .numbers), TableColumn("b", .texts)]
        var rows: [[Double]] = []
        try await reader().rows(
            path, columns: columns, id: nil, code: { _, text in text.isEmpty ? -1 : 1 },
            transform: { block in
                (0..<block.count).map { Array(block.numbers[3 * $0..<3 * $0 + 3]) }
            }, body: { block, _ in rows += block })
        for (row, expected) in zip(rows, Self.expected) {
            #expect(row[..<2].map { $0.isNaN ? nil : $0 } == [expected, expected])
            #expect(row[2] == (expected == nil ? -1 : 1))
        }
        #expect(rows.count == Self.expected.count)
    }

    @Test("a target, an id and codes", arguments: ["0,a,1", "7,0,1", "7,a,0"])
    func texts(line: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("y,id,code\n7,b,2\n\(line)\n", as: "table.csv")
        let names = ["y", "id", "code"]
        let table = try await reader().table(path, columns: names.map { TableColumn($0, .texts) })
        for (name, text) in zip(names, line.split(separator: ",")) {
            #expect(try table.column(name, flag: "--id").texts[1] == (text == "0" ? "" : text))
        }
    }

    @Test("amounts, texts and times of events")
    func events() throws {
        let folder = try TemporaryFolder()
        let schema = EventSchema(missing: Self.missing)
        func read(_ text: String) throws -> EventLog {
            try EventLogReader(
                schema: schema, amounts: ["value": 2, "points": 1], texts: ["plan"],
                rejection: try RowRejection()
            ).read([try folder.write(text, as: "log")])
        }
        let (units, codes) = ([NumberColumn.missing, 10, NumberColumn.missing], [UInt32]([0, 1, 0]))
        for end in ["\n", "\r\n"] {
            let log = try read(
                "user,time,event,value,points,plan\(end)"
                    + "a,2025-01-01,buy,0,-999,0\(end)a,2025-01-02,buy,1,1,7\(end)"
                    + "a,2025-01-03,buy,\"0\",+5,1e3\(end)")
            #expect(log.numbers["points"]?.units == units && log.texts["plan"]?.codes == codes)
            #expect(log.numbers["value"]?.units == [units[0], 100, units[2]])
        }
        let messages = [("0", "-999", "\"0\""), ("1", "1", "\"7\""), ("\"0\"", "\"+5\"", "\"1e3\"")]
        let log = try read(
            messages.enumerated().map { day, properties in
                let (value, points, plan) = properties
                return "{\"type\": \"track\", \"event\": \"buy\", \"userId\": \"a\", "
                    + "\"timestamp\": \"2025-01-0\(day + 1)\", "
                    + "\"properties\": {\"value\": \(value), \"points\": \(points), \"plan\": \(plan)}}\n"
            }.joined())
        #expect(log.numbers["points"]?.units == units && log.texts["plan"]?.codes == codes)
        #expect(log.numbers["value"]?.units == [units[0], 100, units[2]])
    }

    @Test("NA is a text in a message, as it is over HTTP, and missing in a line of fields")
    func usual() throws {
        let folder = try TemporaryFolder()
        let texts = [
            ("user,time,event,plan\na,2025-01-01,buy,NA\n", [UInt32]([0])),
            (
                "{\"type\": \"track\", \"event\": \"buy\", \"userId\": \"a\", "
                    + "\"timestamp\": \"2025-01-01\", \"properties\": {\"plan\": \"NA\"}}\n", [1]
            ),
        ]
        for (text, codes) in texts {
            let reader = EventLogReader(schema: EventSchema(), texts: ["plan"], rejection: try RowRejection())
            let log = try reader.read([try folder.write(text, as: "log")])
            #expect(log.texts["plan"]?.codes == codes)
        }
    }

    @Test("a time that means missing is none, and its row is refused", arguments: ["7", "\"7\""])
    func times(text: String) throws {
        let folder = try TemporaryFolder()
        let format = try #require(TimeFormat(setting: "s"))
        let schema = EventSchema(
            times: TimeParser(format: format), missing: ["7"], now: nil)
        var all = schema
        (all.missing, all.earliest) = ([], Timestamp(milliseconds: 0))
        var some = schema
        some.earliest = all.earliest
        let path = try folder.write("user,time,event\na,1700000000,buy\nb,\(text),buy\n", as: "log.csv")
        #expect(try EventLogReader(schema: all, rejection: RowRejection()).read([path]).count == 2)
        let error = #expect(throws: TooManyBadRows.self) {
            try EventLogReader(schema: some, rejection: RowRejection()).read([path])
        }
        #expect(error?.last.place == InputPlace(file: path, line: 3, field: "time"))
        #expect(error?.last.problem.contains("which means missing") == true)
    }
}
