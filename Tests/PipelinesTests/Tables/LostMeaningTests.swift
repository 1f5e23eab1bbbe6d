import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetTestSupport
import Testing

/// Warnings of columns that come to mean something else than was written.
@Suite final class LostMeaningTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    /// The warnings of training on 40 rows with one column, whose values a function gives.
    private func warnings(
        _ value: (Int) -> String, categorical: [String] = [], missing: VerbatimSet = []
    ) async throws -> [String] {
        let rows = (0..<40).map { "\(value($0));\($0 % 3 == 0 ? "yes" : "no")" }
        let path = try folder.write((["x;left"] + rows).joined(separator: "\n") + "\n", as: "table.csv")
        var source = TableSource(path, rows: RowSettings(delimiter: .byte(59)), observer: observer)
        (source.target, source.positive, source.categorical) = ("left", "yes", categorical)
        source.rows.missing = missing
        _ = try await TrainingInput.read(source, threads: 1)
        return observer.notes
    }

    @Test(
        "numbers that are written otherwise, but not all alike, are named with the flags that help",
        arguments: [
            ("4##,49", "comma"), ("1.1##,58", "comma"), ("1'1##", "comma"), ("$##.00", "with a sign"),
            ("-€##.00", "with a sign"), ("##,5 %", "with a sign"), ("##.00 EUR", "with a sign"),
        ])
    func numbers(template: String, kind: String) async throws {
        let found = try await warnings { row in
            row == 3
                ? "none yet"
                : template.split(separator: "##", omittingEmptySubsequences: false).joined(
                    separator: "\(row + 10)")
        }
        #expect(found.count == 1 && found[0].contains(": x: 40 different texts such as "))
        #expect(found[0].contains(kind) && found[0].contains("--drop x; if they are names: --categorical x"))
    }

    @Test("numbers and dates that are all written alike are read as such, without a word")
    func read() async throws {
        for template in ["4##,49", "1.1##,58", "$##.00", "##,5 %", "##.01.2025 10:00"] {
            let found = try await warnings { row in
                template.split(separator: "##", omittingEmptySubsequences: false)
                    .joined(separator: "\(row % 20 + 10)")
            }
            #expect(found.isEmpty, "\(template): \(found)")
        }
    }

    @Test("what could be read in two ways is named with the flag that tells")
    func doubtful() async throws {
        let mark = try await warnings { "\($0 % 9 + 1),\(100 + $0)" }
        #expect(mark.count == 1 && mark[0].contains("say which: --decimal-mark comma or point"))
        let order = try await warnings { "0\($0 % 9 + 1)/0\($0 % 7 + 1)/2025" }
        #expect(order.count == 2 && order[1].contains("say which: --date-order dayFirst or monthFirst"))
    }

    @Test("whole numbers beyond 2^53 are named, and measures as large are not")
    func large() async throws {
        let found = try await warnings { "158221819562593894\($0 % 10)" }
        #expect(found.count == 1)
        #expect(found[0].contains("40 whole numbers such as 1582218195625938940 are beyond 2^53"))
        #expect(found[0].contains("--categorical x"))
        let measures = try await warnings { "\($0 + 1).5e18" }
        #expect(measures.count == 1)
    }

    @Test("codes with leading zeros are named, and decimals that begin with a zero are not")
    func zeros() async throws {
        let found = try await warnings { $0 % 2 == 0 ? "00\($0)" : "\($0)" }
        #expect(found.count == 1 && found[0].contains(#"values such as "000" are read as numbers"#))
        #expect(try await warnings { "0.\($0 + 1)" }.count == 1)
        #expect(try await warnings { "\($0 % 2)" }.count == 1)
    }

    @Test(
        "dates that are not all written alike, and become a level a day, are named",
        arguments: ["2025-01-", "2025-01-31T10:00:", "31.01.20", "1/31/20"])
    func dates(start: String) async throws {
        let found = try await warnings {
            $0 == 39 ? "soon" : start + ($0 % 28 < 10 ? "0" : "") + "\($0 % 28)"
        }
        #expect(found.count == 1 && found[0].contains("29 different dates or times such as"))
        #expect(found[0].contains("--drop x"))
    }

    @Test("numbers among which a word makes levels are named, with the word as missing")
    func words() async throws {
        let found = try await warnings { $0 % 3 == 0 ? "not known" : "\($0)" }
        #expect(found.count == 1)
        #expect(found[0].contains(#"26 different numbers become a level each, because of "not known""#))
        #expect(found[0].contains(#"--missing "not known""#))
        #expect(
            try await warnings({ $0 % 3 == 0 ? "not known" : "\($0)" }, missing: ["not known"]).count == 1)
    }

    @Test("columns that are names by a flag, categories and few levels are left alone")
    func quiet() async throws {
        #expect(try await warnings({ "\($0),5" }, categorical: ["x"]).isEmpty)
        #expect(try await warnings({ "plan \($0)" }).isEmpty)
        #expect(try await warnings({ "\($0 % 4 * 5)%" }).isEmpty)
        #expect(try await warnings({ "A-\($0)" }).isEmpty)
        #expect(try await warnings({ "\(Double($0) / 4)" }).isEmpty)
    }

    @Test("of one kind ten columns are named, and the others counted")
    func limit() async throws {
        let names = (0..<14).map { "c\($0)" }
        let rows = (0..<30).map { row in
            (names.map { _ in "0\(row)" } + [row % 2 == 0 ? "yes" : "no"]).joined(separator: ",")
        }
        let text = ([(names + ["left"]).joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
        var source = TableSource(try folder.write(text, as: "table.csv"), observer: observer)
        (source.target, source.positive) = ("left", "yes")
        _ = try await TrainingInput.read(source, threads: 1)
        #expect(observer.notes.count == 11 && observer.notes.last == "… and 4 more columns of this kind")
    }
}
