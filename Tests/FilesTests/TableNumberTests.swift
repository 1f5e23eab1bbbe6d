import Foundation
import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

/// Numbers and texts of tables are those that were written, whichever way a line is read.
@Suite struct TableNumberTests {
    /// The number of rows of random numbers, from the environment variable `LIMPET_NUMBERS`.
    private static let count =
        ProcessInfo.processInfo.environment["LIMPET_NUMBERS"].flatMap(Int.init) ?? 20_000

    private func read(
        _ text: String, _ content: TableColumn.Content, _ names: [String], length: Int = 1 << 22
    ) async throws -> FlatTable {
        let folder = try TemporaryFolder()
        var reader = TableReader(rejection: try RowRejection(), threads: 2)
        reader.blockLength = length
        return try await reader.table(
            try folder.write(text, as: "table.csv"), columns: names.map { TableColumn($0, content) })
    }

    private func numbers(_ table: FlatTable, _ name: String) throws -> [Double] {
        guard case .numbers(let numbers) = try table.column(name, flag: "--target").values else { return [] }
        return numbers
    }

    /// A number as programs write them, of up to 30 digits.
    private func number(_ random: inout TestRandom) -> String {
        func digits(_ limit: Int) -> String {
            (0..<random.below(limit + 1)).map { _ in "\(random.below(10))" }.joined()
        }
        let sign = random.pick(["", "", "-"])
        switch random.below(6) {
        case 0: return sign + "\(random.below(1_000))"
        case 1: return sign + "\(random.below(10)).\(digits(16))"
        case 2: return sign + "0.\(String(repeating: "0", count: random.below(9)))\(digits(20))1"
        case 3: return "\(Double(bitPattern: random.next() >> 2 | 0x3 << 60))".replacing("inf", with: "0")
        case 4: return sign + "\(digits(15))\(random.below(10)).\(digits(15))e\(random.below(80) - 40)"
        // Halfway between two doubles, or nearly.
        default:
            return "\(UInt64(1) << 53 + random.next() >> 12)" + random.pick(["", ".5", ".50001", ".4999"])
        }
    }

    @Test("numbers are rounded as the system does, wherever they stand in a line")
    func randomNumbers() async throws {
        var random = TestRandom(seed: UInt64(Self.count))
        let rows = (0..<Self.count).map { _ in (0..<3).map { _ in number(&random) } }
        let kept = rows.filter { $0.allSatisfy { (Double($0) ?? .nan).magnitude < TableReader.numberLimit } }
        let lineEnd = ["\n", "\r\n"]
        let text = kept.enumerated().map { row, fields in
            let fields = row % 50 == 7 ? fields.map { "\"\($0)\"" } : fields
            return fields.joined(separator: ",") + lineEnd[row / 100 % 2]
        }.joined()
        let table = try await read("a,b,c\n" + text, .numbers, ["a", "b", "c"], length: 1 << 16)
        for (place, name) in ["a", "b", "c"].enumerated() {
            let found = try numbers(table, name)
            try #require(found.count == kept.count)
            for (row, value) in found.enumerated() where value != Double(kept[row][place]) {
                Issue.record("\(kept[row][place]) was read as \(value)")
            }
        }
    }

    @Test("numbers at the ends of the quick ways, and what is missing")
    func edges() async throws {
        let texts = [
            "0", "-0", "1.", ".5", "-.5", "12345678", "1234567.", "1234567", "123456.7", "12345.67",
            "1.234567",
            "1.23456", "1234567.8", "12345678.9", "1e5", "1E-5", "1.5e+3", "1e22", "1e23", "9007199254740993",
            "9007199254740992", "9223372036854775808", "18446744073709551615", "18446744073709551616",
            "9999999999999999999", "99999999999999999999", "0.30000000000000004", "0.1e-27", "5e-324",
            "1e-400",
            "0000000000000000000000001", "0.0000000000000000000000000000001", "+3", " 4", "5 ", "1e099",
        ]
        for end in ["", "\n", "\r\n", "\r", ",\n"] {
            for text in texts {
                let rest = end == ",\n" ? ",9" : ""
                let table = try await read(
                    "a,b\(rest)\n1,\(text)\(end)", .numbers, ["a", "b"])
                let expected = Double(text.trimmingCharacters(in: .whitespaces).replacing("+3", with: "3"))
                #expect(try numbers(table, "b") == [try #require(expected)], "\(text)")
            }
        }
        let table = try await read("a,b\n,1\nNA,2\n\n\r\n \t,3\n\"\",4\n5,", .numbers, ["a", "b"])
        let (a, b) = (try numbers(table, "a"), try numbers(table, "b"))
        #expect(a.map(\.isNaN) == [true, true, true, true, false])
        #expect(b[..<4] == [1, 2, 3, 4] && b[4].isNaN)
        #expect(table.lines == [2, 3, 6, 7, 8])
    }

    @Test(
        "what is no number is refused with its line",
        arguments: [
            "1.5.2", "1e", "1e+", "-", ".", "1-", "1x", "0x1F", "nan", "inf", "1 2", "--1", "1e101", "é",
        ])
    func refusals(text: String) async throws {
        for before in ["", "\n", "\"7\",8\n"] {
            let folder = try TemporaryFolder()
            let path = try folder.write("a,b\n1,2\n\(before)\(text),4\n5,6\n", as: "table.csv")
            let reader = TableReader(rejection: try RowRejection(), threads: 2)
            let error = await #expect(throws: TooManyBadRows.self) {
                _ = try await reader.table(
                    path, columns: [TableColumn("a", .numbers), TableColumn("b", .numbers)])
            }
            #expect(error?.last.place == InputPlace(file: path, line: before.isEmpty ? 3 : 4, field: "a"))
        }
    }

    @Test("texts with delimiters, quotes and line ends within them", arguments: ["\n", "\r\n"])
    func randomTexts(lineEnd: String) async throws {
        var random = TestRandom(seed: 8)
        let letters = ["a", "b", "c", ",", "\"", "\n", " ", "é", "7", ".", "\t"]
        let rows = (0..<3_000).map { _ in
            (0..<3).map { _ in (0..<random.below(6)).map { _ in random.pick(letters) }.joined() }
        }
        let text = rows.map { fields in
            fields.map { field in
                let isPlain = !field.contains { "\",\n".contains($0) }
                let doubled = field.replacingOccurrences(of: "\"", with: "\"\"")
                return isPlain && random.below(2) == 0 && !fields.allSatisfy(\.isEmpty)
                    ? field : "\"\(doubled)\""
            }.joined(separator: ",") + lineEnd
        }.joined()
        for length in [1, 500, 1 << 22] {
            let table = try await read("a,b,c\n" + text, .texts, ["a", "b", "c"], length: length)
            for (place, name) in ["a", "b", "c"].enumerated() {
                let found = try table.column(name, flag: "--target").texts
                let expected = rows.map {
                    $0[place].trimmingCharacters(in: CharacterSet(charactersIn: " \t"))
                }
                #expect(found == expected)
            }
        }
    }
}
