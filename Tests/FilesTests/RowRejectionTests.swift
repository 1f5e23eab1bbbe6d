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

    @Test("bad rows within the limit are named and left out")
    func badRowsWithinTheLimitAreNamedAndLeftOut() throws {
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

    @Test("one more than the limit ends the run")
    func oneMoreThanTheLimitEndsTheRun() throws {
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
                == "\(path):4: has 2 fields, the header has 3\n2 bad rows, 1 are tolerated; mend the input, "
                + "or raise --max-bad-rows and keep them with --rejects FILE")
    }

    @Test("bad rows are kept with place, reason and text", arguments: [2, 1, 0])
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

    private func lines(of path: String) throws -> [String] {
        var reader = RecordReader(try ByteSource(path: path), delimiter: .byte(44))
        var lines: [String] = []
        while try reader.next() { lines.append(reader.text(1) ?? "") }
        return Array(lines.dropFirst())
    }

    @Test("text after a closing quote is a bad row like others")
    func textAfterAClosingQuoteIsABadRowLikeOthers() async throws {
        let folder = try TemporaryFolder()
        let text =
            "user,time,note\na,2025-01-02,\"x\"y\nb,2025-01-02,z\n\"c\"d,2025-01-02,z\ne,2025-01-02,z\n"
        let path = try folder.write(text, as: "log.csv")
        let rejects = folder.file("bad.csv")
        let log = try read(path, rejection: RowRejection(limit: 2, keepingIn: rejects))
        #expect(log.users == ["b", "e"])
        #expect(try lines(of: rejects) == ["2", "4"])
        let table = try await TableReader(rejection: RowRejection(limit: 2), threads: 2).table(path)
        #expect(table.lines == [3, 5])
        let error = #expect(throws: TooManyBadRows.self) {
            try read(path, rejection: RowRejection(limit: 0))
        }
        #expect(error?.last.place == InputPlace(file: path, line: 2, field: "column 3"))
    }

    @Test("bad rows are kept whatever ends the run", arguments: ["e,\"2025-01-02,z\n", ""])
    func badRowsAreKeptWhateverEndsTheRun(end: String) async throws {
        let folder = try TemporaryFolder()
        // A quote that is never closed, or no good row at all.
        let path = try folder.write("user,time,note\na,2025-01-02\nb\n" + end, as: "log.csv")
        #expect(throws: InputError.self) {
            try read(path, rejection: RowRejection(limit: 9, keepingIn: folder.file("log-bad.csv")))
        }
        await #expect(throws: InputError.self) {
            let rejection = try RowRejection(limit: 9, keepingIn: folder.file("table-bad.csv"))
            _ = try await TableReader(rejection: rejection, threads: 2).table(path)
        }
        #expect(try lines(of: folder.file("log-bad.csv")) == ["2", "3"])
        #expect(try lines(of: folder.file("table-bad.csv")) == ["2", "3"])
    }

    @Test("bad rows are kept when a later file is not there")
    func badRowsAreKeptWhenALaterFileIsNotThere() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let rejects = folder.file("bad.csv")
        #expect(throws: FileError.self) {
            try EventLogReader(
                schema: EventSchema(), rejection: RowRejection(limit: 9, keepingIn: rejects)
            ).read([path, folder.file("none.csv")])
        }
        #expect(try lines(of: rejects) == ["3", "4"])
    }

    /// Runs work in a task that is cancelled before it starts.
    private func cancelled(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await work()
        }
        task.cancel()
        try await task.value
    }

    @Test("a cancelled task reads nothing and leaves nothing")
    func aCancelledTaskReadsNothingAndLeavesNothing() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let rejects = folder.file("bad.csv")
        await #expect(throws: CancellationError.self) {
            try await cancelled {
                let rejection = try RowRejection(limit: 9, keepingIn: rejects)
                _ = try EventLogReader(schema: EventSchema(), rejection: rejection).read([path])
            }
        }
        await #expect(throws: CancellationError.self) {
            try await cancelled {
                let rejection = try RowRejection(limit: 9, keepingIn: rejects)
                _ = try await TableReader(rejection: rejection, threads: 2).table(path)
            }
        }
        #expect(folder.names == ["log.csv"])
    }

    @Test("a task that is cancelled while it reads stops")
    func aTaskThatIsCancelledWhileItReadsStops() async throws {
        let folder = try TemporaryFolder()
        let bad = String(repeating: "b,soon\n", count: 2_000_000)
        let path = try folder.write("user,time\n" + bad, as: "log.csv")
        let rejects = folder.file("bad.csv")
        let task = Task { @Sendable in
            let rejection = try RowRejection(limit: .max, keepingIn: rejects) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
            defer { #expect(rejection.count < 1_000_000) }
            _ = try EventLogReader(schema: EventSchema(), rejection: rejection).read([path])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(folder.names == ["log.csv"])
    }

    @Test("only the first bad rows are reported")
    func onlyTheFirstBadRowsAreReported() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<100).map { "a,soon\($0)\n" }.joined()
        let path = try folder.write("user,time\na,2025-01-02\n" + rows, as: "log.csv")
        let reported = Reported()
        let rejection = try RowRejection(limit: 100) { reported.errors.append($0) }
        #expect(try read(path, rejection: rejection).count == 1)
        #expect(rejection.count == 100)
        #expect(reported.errors.count == RowRejection.reportLimit)
    }

    @Test("one rule serves several readers")
    func oneRuleServesSeveralReaders() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(log, as: "log.csv")
        let rejection = try RowRejection(limit: 4, keepingIn: folder.file("bad.csv"))
        _ = try read(path, rejection: rejection)
        _ = try read(path, rejection: rejection)
        #expect(rejection.count == 4)
    }

    @Test("a file for bad rows that cannot be written is an error")
    func aFileForBadRowsThatCannotBeWrittenIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try RowRejection(keepingIn: folder.file("none/bad.csv")) }
    }

    @Test(
        "fields are quoted where they need it",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
            ("a\r", "\"a\r\""), ("a;b", "a;b"),
        ])
    func fieldsAreQuotedWhereTheyNeedIt(text: String, field: String) {
        #expect(CSV.field(text) == field)
    }

    private final class Reported { var errors: [InputError] = [] }
}
