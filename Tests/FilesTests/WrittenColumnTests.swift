import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Columns of numbers and dates in a notation of their own, in each form of table.
@Suite final class WrittenColumnTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ text: String, limit: Int = 0, threads: Int = 2, _ change: (inout TableReader) -> Void = { _ in }
    ) async throws -> FlatTable {
        var reader = TableReader(rejection: try RowRejection(limit: limit), threads: threads)
        reader.blockLength = 64
        change(&reader)
        return try await reader.table(try folder.write(text, as: "table.csv"))
    }

    private func refusal(of text: String) async -> TooManyBadRows? {
        do {
            _ = try await read(text)
            return nil
        } catch {
            return error as? TooManyBadRows
        }
    }

    private func numbers(_ table: FlatTable, _ name: String) throws -> [Double] {
        guard case .numbers(let numbers) = try table.column(name, flag: "").values else { return [] }
        return numbers
    }

    @Test("decimal commas are the same numbers in fields, in quotes and in objects")
    func forms() async throws {
        let values = (0..<50).map { Double($0 * 37) + 0.25 }
        let written = values.map { "\($0)".replacing(".", with: ",") }
        let fields = (["x;y"] + written.map { $0 + ";1" }).joined(separator: "\n") + "\n"
        let quoted = (["x,y"] + written.map { "\"\($0)\",1" }).joined(separator: "\r\n") + "\r\n"
        let objects = written.map { "{\"x\": \"\($0)\", \"y\": 1}" }.joined(separator: "\n") + "\n"
        for text in [fields, quoted, objects] {
            let table = try await read(text)
            #expect(try numbers(table, "x") == values)
            let notation = try table.column("x", flag: "").notation
            #expect(notation == .number(NumberNotation(mark: .comma)))
            #expect(try table.column("y", flag: "").notation == nil)
        }
    }

    @Test("dates count as days, of which the latest date is found, and missing ones stay missing")
    func dates() async throws {
        let table = try await read("joined,x\n31/12/2024,1\n,2\n01/01/2025 12:00,3\n15/06/2024,4\n")
        let latest = try #require(table.latestDate)
        #expect(latest.description == "2025-01-01T12:00:00Z")
        let days = try numbers(table.countingDays(before: latest), "joined")
        #expect(days[0] == 1.5 && days[1].isNaN && days[2] == 0 && days[3] == 200.5)
        let notation = try #require(
            try table.countingDays(before: latest).column("joined", flag: "").notation)
        #expect(notation == .date(.dayFirst, before: latest))
        #expect(notation.value("15/06/2024") == days[3])
    }

    @Test("a later value that is not written so is a bad row with what is expected")
    func later() async throws {
        let rows = (0..<10_000).map { "\($0 % 100),5;1" } + ["1.5;1", "7,5;2"]
        let text = (["x;y"] + rows).joined(separator: "\n") + "\n"
        let error = await refusal(of: text)
        let first = try #require(error?.last)
        #expect(first.place.line == 10_002 && first.place.field == "x")
        #expect("\(first)".contains("found \"1.5\", expected a number such as 1234,5"))
        let table = try await read(text, limit: 1)
        #expect(try numbers(table, "x").count == 10_001)
        #expect(try numbers(table, "x").last == 7.5)
    }

    @Test("a column whose first values are missing takes the notation of its first value")
    func undecided() async throws {
        let rows = (0..<10_050).map { $0 < 10_020 ? ";1" : "\($0 % 28 + 1)/12/2024;1" }
        let table = try await read((["x;y"] + rows).joined(separator: "\n") + "\n")
        let column = try table.column("x", flag: "")
        #expect(column.notation == .date(.dayFirst, before: Timestamp(milliseconds: 0)))
        #expect(try numbers(table, "x").count == 10_050)
    }

    @Test("what is in doubt stays a text, until the mark or the order is told")
    func told() async throws {
        let text = "x,y\n\"1,234\",01/02/2025\n\"5,678\",03/04/2025\n"
        let open = try await read(text)
        #expect(try open.column("x", flag: "").texts == ["1,234", "5,678"])
        #expect(try open.column("x", flag: "").sample?.doubt == .decimalMark)
        #expect(try open.column("y", flag: "").sample?.doubt == .dayOrMonth)
        let told = try await read(text) { ($0.decimalMark, $0.dateOrder) = (.comma, .monthFirst) }
        #expect(try numbers(told, "x") == [1.234, 5.678])
        #expect(told.latestDate?.description == "2025-03-04T00:00:00Z")
    }
}
