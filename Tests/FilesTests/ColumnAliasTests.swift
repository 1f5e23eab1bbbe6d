import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// The own names of columns that were taken for a role.
@Suite final class ColumnAliasTests {
    private static let rows = [
        "user,time,action,price,note", "a,2025-01-01,buy,2.50,x", "a,2025-01-02,buy,3.00,\"y\"\"\"",
        "b,2025-01-03,visit,,z",
    ]

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func reader(
        _ schema: EventSchema = EventSchema(), amounts: VerbatimDictionary<Int> = [:],
        texts: VerbatimSet? = nil
    ) throws -> EventLogReader {
        EventLogReader(schema: schema, amounts: amounts, texts: texts, rejection: try RowRejection())
    }

    private func file(_ rows: [String] = rows, as name: String = "log.csv") throws -> String {
        try folder.write(rows.joined(separator: "\n") + "\n", as: name)
    }

    @Test("a column that was taken for the amounts is read by its own name, on lines of all kinds")
    func ownName() throws {
        let log = try reader(amounts: ["price": 2], texts: ["price"]).read([file()])
        #expect(log.numbers["price"]?.units == [250, 300, NumberColumn.missing])
        #expect(log.texts["price"]?.dictionary == ["", "2.50", "3.00"])
        #expect(log.aliases == ["price": "value", "action": "event"])
        #expect(log.isEventName("action") && !log.isEventName("price") && !log.isEventName("event"))
    }

    @Test("both names share one column, and different decimals are two of them")
    func shared() throws {
        let log = try reader(amounts: ["price": 2, "value": 2], texts: ["action"]).read([file()])
        let (own, role) = (log.numbers["price"], log.numbers["value"])
        #expect(own?.units == [250, 300, NumberColumn.missing] && own?.units == role?.units)
        #expect(log.texts["action"] == nil)
        let other = try reader(amounts: ["price": 3, "value": 2]).read([file()])
        #expect(other.amounts(of: "price")?.units.prefix(2) == [2_500, 3_000])
    }

    @Test("a log that keeps all properties keeps the column once, and finds it by both names")
    func all() throws {
        let log = try reader(amounts: ["price": 2]).read([file()])
        #expect(log.texts.keys.sorted() == ["note", "value"] && log.numbers.keys.sorted() == ["price"])
        #expect(log.texts(of: "price")?.codes == log.texts["value"]?.codes)
        #expect(log.texts(of: "event") == nil && log.texts(of: "elsewhere") == nil)
    }

    @Test("a column that a flag names has its own name too, and the roles' names are no aliases")
    func named() throws {
        let schema = EventSchema(eventColumn: "note", valueColumn: "price")
        let log = try reader(schema, amounts: ["price": 2], texts: ["action"]).read([file()])
        #expect(log.aliases == ["price": "value", "note": "event"])
        #expect(log.texts["action"]?.dictionary == ["", "buy", "visit"])
        let plain = try reader().read([
            file(["user,time,event,value", "a,2025-01-01,buy,1"], as: "plain.csv")
        ])
        #expect(plain.aliases.isEmpty)
    }

    @Test("a value that is no number is refused by its own name as by that of the role")
    func badAmount() throws {
        let path = try file(["user,time,event,price", "a,2025-01-01,buy,cheap"], as: "bad.csv")
        for name in ["price", "value"] {
            #expect(throws: TooManyBadRows.self) { try self.reader(texts: [name]).read([path]) }
        }
    }

    @Test("where another file has a property of that name, both are read as what they are")
    func twoFiles() throws {
        let other = try file(
            ["user,time,event,value,price", "c,2025-01-04,buy,9,1.25"], as: "other.csv")
        let log = try reader(amounts: ["price": 2]).read([file(), other])
        #expect(log.numbers["price"]?.units == [250, 300, NumberColumn.missing, 125])
    }

    @Test("a columnar log keeps aliases, in version 3; without any it is of version 2")
    func columnar() throws {
        func imported(_ source: String, _ name: String) throws -> String {
            var writer = ColumnarLogWriter(path: folder.file(name), memory: 1 << 20)
            try reader().read([source], into: &writer)
            let summary = try writer.finish()
            #expect(summary.properties.contains("price") == false)
            return folder.file(name)
        }
        let path = try imported(try file(), "log.limpetlog")
        let log = try reader(amounts: ["price": 2, "value": 2], texts: ["price", "action"]).read([path])
        let direct = try reader(amounts: ["price": 2, "value": 2], texts: ["price", "action"]).read([file()])
        #expect(log.differences(from: direct).isEmpty && log.aliases == direct.aliases)
        #expect(log.isEventName("action"))
        #expect(try ColumnarLog(path: path).summary.aliases == ["price": "value", "action": "event"])
        let plain = try imported(
            try file(["user,time,event,value", "a,2025-01-01,buy,1"], as: "plain.csv"), "plain.limpetlog")
        #expect(try ColumnarLog(path: plain).summary.aliases.isEmpty)
        let versions = try [path, plain].map { path in
            let source = try ByteSource(path: path)
            var bytes: [UInt8] = []
            _ = try source.read(16, into: &bytes)
            return bytes[8]
        }
        #expect(versions == [3, 2])
    }
}
