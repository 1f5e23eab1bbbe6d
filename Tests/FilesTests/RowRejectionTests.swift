import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

@Suite struct RowRejectionTests {
    private let log =
        "user,time,note\na,2025-01-02,ok\nb,soon,\"x, \"\"y\"\"\"\nc,2025-01-02\nd,2025-01-03,ok\n"

    private func read(_ path: String, rejection: RowRejection) throws -> EventLog {
        try EventLogReader(schema: EventSchema(), rejection: rejection).read([path])
    }

    @Test func badRowsWithinTheLimitAreNamedAndLeftOut() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let reported = Reported()
        let rejection = try RowRejection(limit: 2) { reported.errors.append($0) }
        #expect(try read(path, rejection: rejection).users == ["a", "d"])
        #expect(rejection.count == 2)
        #expect(
            reported.errors.map(\.place) == [
                InputPlace(file: path, line: 3, field: "time"), InputPlace(file: path, line: 4),
            ])
    }

    @Test func oneMoreThanTheLimitEndsTheRun() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let error = #expect(throws: TooManyBadRows.self) {
            try read(path, rejection: RowRejection(limit: 1))
        }
        #expect(error?.count == 2)
        #expect(error?.limit == 1)
        #expect(error?.last.place.line == 4)
        #expect(
            error?.description
                == "\(path):4: has 2 fields, the header has 3\n2 bad rows, 1 are borne; mend the input, or raise "
                + "--max-bad-rows and keep them with --rejects FILE")
    }

    @Test(arguments: [2, 1, 0])
    func badRowsAreKeptWithPlaceReasonAndText(limit: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let rejects = folder.file("bad.csv")
        let rejection = try RowRejection(limit: limit, keepingIn: rejects)
        if limit == 2 {
            _ = try read(path, rejection: rejection)
        } else {
            // The rows so far are kept also when the run ends for them.
            #expect(throws: TooManyBadRows.self) { try read(path, rejection: rejection) }
        }
        var reader = RecordReader(try ByteSource(path: rejects), delimiter: .byte(44))
        var kept: [[String?]] = []
        while try reader.next() { kept.append((0..<reader.fieldCount).map { reader.text($0) }) }
        #expect(kept.first == ["file", "line", "field", "reason", "row"])
        let expected: [[String?]] = [
            [path, "3", "time", "b,soon,\"x, \"\"y\"\"\""], [path, "4", "", "c,2025-01-02"],
        ]
        let places = kept.dropFirst().map { [$0[0], $0[1], $0[2], $0[4]] }
        #expect(places == Array(expected.prefix(limit + 1)))
        #expect(kept.dropFirst().first?[3]?.hasPrefix("found \"soon\", expected a time") == true)
    }

    @Test func onlyTheFirstBadRowsAreReported() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<100).map { "a,soon\($0)\n" }.joined()
        let path = try folder.write("user,time\na,2025-01-02\n" + rows, as: "log.csv")
        let reported = Reported()
        let rejection = try RowRejection(limit: 100) { reported.errors.append($0) }
        #expect(try read(path, rejection: rejection).count == 1)
        #expect(rejection.count == 100)
        #expect(reported.errors.count == RowRejection.reportLimit)
    }

    @Test func oneRuleServesSeveralReaders() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let rejection = try RowRejection(limit: 4, keepingIn: folder.file("bad.csv"))
        _ = try read(path, rejection: rejection)
        _ = try read(path, rejection: rejection)
        #expect(rejection.count == 4)
    }

    @Test func aFileForBadRowsThatCannotBeWrittenIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try RowRejection(keepingIn: folder.file("none/bad.csv")) }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
        ("a\r", "\"a\r\""), ("a;b", "a;b"),
    ])
    func fieldsAreQuotedWhereTheyNeedIt(text: String, field: String) {
        #expect(CSV.field(text) == field)
    }

    private final class Reported { var errors: [InputError] = [] }
}
