import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Rows read block by block are those that a whole reading gives.
@Suite struct TableReaderTests {
    private struct Read: Equatable {
        var numbers: [UInt64] = []
        var ids: [String] = []
        var lines: [Int] = []
        var rejected = 0
    }

    private static let columns = [
        TableColumn("x", .numbers), TableColumn("plan", .texts),
        TableColumn("y", .numbers),
    ]

    private func read(_ path: String, block: Int, threads: Int, limit: Int = 1_000_000) async throws -> Read {
        let rejection = try RowRejection(limit: limit)
        var reader = TableReader(rejection: rejection, threads: threads)
        reader.blockLength = block
        var result = Read()
        // A text stands for the sum of its bytes, a missing one for none.
        try await reader.rows(
            path, columns: Self.columns, id: "id",
            code: { _, text in text.isEmpty ? .nan : Double(text.utf8.reduce(0) { $0 + Int($1) }) },
            transform: { $0 },
            body: { rows, _ in
                result.numbers += rows.numbers.map { $0.isNaN ? 0 : $0.bitPattern }
                result.ids += rows.ids
                result.lines += rows.lines
            })
        result.rejected = rejection.count
        return result
    }

    /// Numbers of all kinds, quotes, line feeds within them, blank lines, CR LF, and rows that are wrong.
    private static func table(seed: UInt64, rows: Int, hasQuotes: Bool) -> String {
        var random = TestRandom(seed: seed)
        let numbers = [
            "1", "-2.5", "0.609", "1e-3", "+7", ".5", "5.", "NA", "", " 12 ", "123456789012345678",
            "0.60899999999999999", "-0", "1E5", "99999999999999999999",
            "0.1000000000000000055511151231257827",
        ]
        let wrong = ["x", "1.2.3", "0x1F", "inf", "1e400", "-", ".", "1e", "--1", "1 2"]
        let plans =
            ["pro", "free", "ünï", "NA", "", "  b "]
            + (hasQuotes ? ["\"a,b\"", "\"say \"\"x\"\"\"", "\"two\nlines\""] : [])
        var lines = ["id,x,ignored,plan,y"]
        for row in 0..<rows {
            func number() -> String { random.below(60) == 0 ? random.pick(wrong) : random.pick(numbers) }
            var line = "u\(row),\(number()),anything \(row),\(random.pick(plans)),\(number())"
            if random.below(40) == 0 { line += ",more" }
            if random.below(40) == 0 { line = ",1,,pro,2" }
            if random.below(30) == 0 { line += "\r" }
            if random.below(30) == 0 { lines.append("") }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + (random.below(2) == 0 ? "\n" : "")
    }

    @Test(
        "blocks of any size and any number of threads give the same rows",
        arguments: [1, 2, 3, 4] as [UInt64], [true, false])
    func sameRows(seed: UInt64, hasQuotes: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            Self.table(seed: seed, rows: 2_000, hasQuotes: hasQuotes), as: "table.csv")
        let whole = try await read(path, block: 1 << 24, threads: 1)
        #expect(whole.ids.count + whole.rejected == 2_000 && whole.rejected > 50)
        for block in [1, 100, 4_096] {
            #expect(try await read(path, block: block, threads: 2) == whole, "\(block)")
        }
    }

    @Test("objects give the rows of fields; what is wrong with one is said by line and member")
    func objects() async throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write("id,x,plan,y\na,1.5,pro,\nb,-2,,1e3\nc,3,7,NA\n", as: "a.csv")
        let ndjson = try folder.write(
            """
            {"id": "a", "x": 1.5, "plan": "pro", "y": null, "more": [1, {}]}

            {"y": "1e3", "plan": "", "id": "b", "x": -2}
            {"id": "c", "x": "3", "plan": 7, "y": "NA"}
            """, as: "a.ndjson")
        var fields = try await read(csv, block: 10, threads: 2)
        fields.lines = [1, 3, 4]
        #expect(try await read(ndjson, block: 10, threads: 2) == fields)
        let wrong = [
            ("{\"id\": \"a\", \"x\": true, \"plan\": \"\", \"y\": 1}", "found true, expected a number"),
            ("{\"id\": \"a\", \"x\": 1, \"plan\": []  , \"y\": 1}", "found [], expected a text"),
            ("{\"id\": \"a\", \"x\": 1, \"y\": 1}", "no such member"),
            ("{\"id\": null, \"x\": 1, \"plan\": \"\", \"y\": 1}", "expected the row's id"),
            ("{\"id\": \"a\", \"x\": 1e400, \"plan\": \"\", \"y\": 1}", "finite number"),
            ("{\"id\": \"a\", \"x\": 1", "JSON byte"), ("{} {}", "JSON byte"),
        ]
        for (text, problem) in wrong {
            let path = try folder.write(text + "\n", as: "wrong.ndjson")
            let error = await #expect(throws: TooManyBadRows.self, "\(text)") {
                _ = try await read(path, block: 10, threads: 1, limit: 0)
            }
            #expect(
                error.map { "\($0)".contains(problem) && $0.last.place.line == 1 } ?? false, "\(error as Any)"
            )
        }
    }

    @Test("numbers are those that the language reads, to the bit")
    func numbers() async throws {
        var random = TestRandom(seed: 11)
        var texts: [String] = []
        for _ in 0..<20_000 {
            switch random.below(4) {
            case 0: texts.append(Double.random(in: -1e6...1e6, using: &random).description)
            case 1: texts.append("\(random.below(1_000_000)).\(random.below(1_000_000))")
            case 2:
                texts.append(Double(bitPattern: random.next()).magnitude < 1e90 ? "\(random.next())" : "-0.0")
            default: texts.append("\(Double(random.below(1 << 40)) / 1024)")
            }
        }
        let folder = try TemporaryFolder()
        let lines = texts.enumerated().map { "u\($0),\($1),p,\($1)" }
        let path = try folder.write((["id,x,plan,y"] + lines).joined(separator: "\n"), as: "table.csv")
        let found = try await read(path, block: 1 << 16, threads: 2)
        for (row, text) in texts.enumerated() {
            let expected = try #require(Double(text))
            #expect(found.numbers[3 * row] == expected.bitPattern, "\(text)")
            #expect(found.numbers[3 * row + 2] == expected.bitPattern, "\(text)")
        }
    }

    static let bad: [(name: String, table: String, message: String)] = [
        ("empty", "", "is empty"), ("header only", "id,x,plan,y\n", "no rows"),
        ("missing column", "id,x,plan\nu,1,p\n", "table.csv:1: y"),
        ("a text", "id,x,plan,y\nu,many,p,1\n", "table.csv:2: x: found \"many\""),
        ("too large", "id,x,plan,y\nu,1,p,1e300\n", "finite"),
        ("short row", "id,x,plan,y\nu,1,p\n", "has 3 fields, the header has 4"),
        ("no id", "id,x,plan,y\n,1,p,1\n", "expected the row's id"),
        ("open quote", "id,x,plan,y\nu,1,\"p,1\nv,2,p,3\n", "never closed"),
        ("text behind a quote", "id,x,plan,y\nu,1,\"p\"q,1\n", "closing quote"),
        ("a column twice", "id,x,x,plan,y\nu,1,1,p,1\n", "twice"),
    ]

    @Test("what is wrong is named by line and field", arguments: bad)
    func refuses(_ item: (name: String, table: String, message: String)) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(item.table, as: "table.csv")
        do {
            _ = try await read(path, block: 1 << 16, threads: 2, limit: 0)
            Issue.record("expected an error")
        } catch {
            #expect("\(error)".contains(item.message), "\(error)")
        }
    }
}
