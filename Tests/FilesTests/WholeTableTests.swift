import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Whole tables are the same from blocks of any size, and from fields and objects.
@Suite struct WholeTableTests {
    private func read(_ text: String) async throws -> FlatTable {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "table.csv")
        return try await TableReader(rejection: try RowRejection(), threads: 2).table(path)
    }

    /// A column's values, `·` for missing.
    private func values(_ table: FlatTable, _ name: String) throws -> [String] {
        switch try table.column(name, flag: "--target").values {
        case .numbers(let numbers): numbers.map { $0.isNaN ? "·" : "\($0)" }
        case .texts(let dictionary, let codes): codes.map { $0 == 0 ? "·" : dictionary[Int($0)] }
        }
    }

    /// The values of all columns.
    private func everything(_ table: FlatTable) throws -> [[String]] {
        try table.columns.map { [$0.name] + (try values(table, $0.name)) }
    }

    /// A table whose last columns get their first values after the sample: a number, a text, and one number
    /// in a row that another column makes a bad one.
    private func late(rows: Int) -> [(a: String, b: String, c: String, d: String)] {
        var random = TestRandom(seed: 5)
        return (0..<rows).map { row in
            let isLate = row > rows - 40
            return (
                row == rows - 30 ? "word" : "\(row)", isLate && row % 3 > 0 ? "\(row).5" : "",
                isLate && row % 4 > 0 ? random.pick(["x", "y", "ü", "7"]) : "NA",
                row == rows - 30 || row > rows - 9 ? "\(row)" : ""
            )
        }
    }

    @Test("blocks of any size give the same table, as fields and as objects", arguments: [100, 10_100])
    func blocksOfAnySizeGiveTheSameTable(count: Int) async throws {
        let rows = late(rows: count)
        let folder = try TemporaryFolder()
        let csv = try folder.write(
            "a,b,c,d\n" + rows.map { "\($0.a),\($0.b),\($0.c),\($0.d)\n" }.joined(), as: "table.csv")
        func json(_ text: String) -> String {
            text.isEmpty ? "null" : Double(text) == nil ? "\"\(text)\"" : text
        }
        let ndjson = try folder.write(
            rows.map { "{\"a\":\(json($0.a)),\"c\":\"\($0.c)\",\"b\":\(json($0.b)),\"d\":\(json($0.d))}\n" }
                .joined(), as: "table.ndjson")
        var tables: [[[String]]] = []
        for (path, length) in [(csv, 1 << 22), (csv, 1), (csv, 300), (ndjson, 1 << 22), (ndjson, 300)] {
            var reader = TableReader(rejection: try RowRejection(limit: 1), threads: 2)
            reader.blockLength = length
            let table = try await reader.table(path)
            #expect(table.count == count - 1)
            tables.append(try everything(table).sorted { $0[0] < $1[0] })
        }
        #expect(tables[0][2].contains("ü") && tables[0][3].last == "\(count - 1).0")
        for table in tables { #expect(table == tables[0]) }
    }

    @Test("objects have the members of the first one")
    func objectsHaveTheMembersOfTheFirstOne() async throws {
        let first = "\n{\"a\": true, \"b\": 1}\n"
        let table = try await read(first + "{\"b\": \"2\", \"a\": null}\n")
        #expect(try values(table, "a") == ["true", "·"])
        #expect(try values(table, "b") == ["1.0", "2.0"])
        for (object, member, problem) in [
            ("{\"a\": true}", "b", "the object has no such member; write null for a missing value"),
            ("{\"a\": true, \"b\": 1, \"c\": 1}", "c", "the first object has no such member"),
            ("{\"a\": [], \"b\": 1}", "a", "found [], expected a text"),
        ] {
            let error = await #expect(throws: TooManyBadRows.self) { try await read(first + object) }
            #expect(error?.last.place.line == 3 && error?.last.place.field == member)
            #expect(error?.last.problem.hasPrefix(problem) == true)
        }
    }

    @Test("only the columns that are asked for are read")
    func onlyTheColumnsThatAreAskedForAreRead() async throws {
        let folder = try TemporaryFolder()
        let rows = String(repeating: "1,2,3\n", count: 20)
        let csv = try folder.write("a,b,c\n" + rows + "7,x,9\n", as: "table.csv")
        let reader = TableReader(rejection: try RowRejection(), threads: 2)
        let columns = [TableColumn("c", .texts), TableColumn("a", .numbers)]
        let table = try await reader.table(csv, columns: columns, readsOthers: false)
        #expect(table.columns.map(\.name) == ["a", "c"])
        #expect(try values(table, "c").last == "9")
        let ndjson = try folder.write(
            "{\"b\": {}, \"a\": 1, \"c\": \"x\"}\n{\"c\": 2, \"a\": 7}", as: "t.ndjson")
        let objects = try await reader.table(ndjson, columns: columns, readsOthers: false)
        #expect(try everything(objects) == [["a", "1.0", "7.0"], ["c", "x", "2"]])
        let absent = TableColumn("d", .texts, namedBy: "--group")
        let error = await #expect(throws: InputError.self) {
            try await reader.table(csv, columns: [absent], readsOthers: true)
        }
        #expect(error?.problem == "there is no such column; --group must be one of a, b, c")
    }
}
