import LimpetEvents
import LimpetFiles
import LimpetTestSupport
import Testing

extension EventLogReaderTests {
    // MARK: - Files

    @Test("several files are one log")
    func severalFilesAreOneLog() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("user,time,event\na,2025-01-02,x\n", as: "1.csv")
        let second = try folder.write(
            folder.packed("event;user;time;page\ny;a;2025-01-01;/\n".utf8), as: "2.gz")
        let json = #"{"type":"track","userId":"b","event":"z","timestamp":"2025-01-03T00:00:00Z"}"#
        let third = try folder.write(json, as: "3.ndjson")
        let reader = EventLogReader(schema: EventSchema(now: Self.now), rejection: try RowRejection())
        #expect(
            rows(try reader.read([first, second, third])) == [
                "a y 2025-01-01T00:00:00Z page=/", "a x 2025-01-02T00:00:00Z", "b z 2025-01-03T00:00:00Z",
            ])
    }

    @Test("a bad row of the second file names it")
    func aBadRowOfTheSecondFileNamesIt() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("user,time\na,2025-01-02\n", as: "1.csv")
        let second = try folder.write("user,time\na,2025-01-02\n\na,soon\n", as: "2.csv")
        let reader = EventLogReader(schema: EventSchema(now: Self.now), rejection: try RowRejection())
        let error = #expect(throws: TooManyBadRows.self) { try reader.read([first, second]) }
        #expect(error?.last.place == InputPlace(file: second, line: 4, field: "time"))
    }

    @Test("packed logs that are cut are never read partially")
    func packedLogsThatAreCutAreNeverReadPartially() throws {
        let folder = try TemporaryFolder()
        let text = "user,time\n" + (0..<40).map { "user\($0),2025-01-02\n" }.joined()
        let packed = try folder.packed(text.utf8)
        for end in 0..<packed.count {
            let path = try folder.write(packed[..<end], as: "log.csv.gz")
            let reader = EventLogReader(
                schema: EventSchema(now: Self.now), rejection: try RowRejection(limit: 99))
            if end < 2 {
                #expect(throws: InputError.self, "\(end) bytes") { try reader.read([path]) }
            } else {
                #expect(throws: FileError.truncatedGzip(path: path)) { try reader.read([path]) }
            }
        }
    }

    @Test("progress rises to one")
    func progressRisesToOne() throws {
        let folder = try TemporaryFolder()
        let text = "user,time\n" + (0..<20_000).map { "user\($0),2025-01-02\n" }.joined()
        let paths = try (0..<2).map { try folder.write(text, as: "\($0).csv") }
        var reader = EventLogReader(schema: EventSchema(now: Self.now), rejection: try RowRejection())
        let shares = Shares()
        reader.progress = { shares.values.append($0) }
        _ = try reader.read(paths)
        #expect(shares.values == shares.values.sorted())
        #expect(shares.values.count > 2)
        #expect(shares.values.last == 1)
        #expect(shares.values.contains { $0 > 0 && $0 <= 0.5 })
    }

    private final class Shares { var values: [Double] = [] }
}
