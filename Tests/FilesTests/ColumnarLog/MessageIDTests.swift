import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetNumerics
import LimpetTestSupport
import Testing

/// Message ids of imported logs: rows that repeat one are left out, and the ids are kept.
@Suite struct MessageIDTests {
    /// Rows of which a share repeats the id of an earlier one, with another user, time and plan at times.
    private static func csv(rows: Int, ids: Int, seed: UInt64) -> String {
        var random = RandomGenerator(seed: seed)
        func pick(_ below: Int) -> Int { Int(random.next() % UInt64(below)) }
        var lines = ["user,time,event,plan,message_id"]
        for _ in 0..<rows {
            let time = Timestamp(milliseconds: 1_600_000_000_000 + Int64(pick(1 << 20)) * 1_000)
            let id = pick(20) == 0 ? "" : "m\(pick(ids))"
            lines.append("u\(pick(rows / 10 + 1)),\(time),e\(pick(5)),p\(pick(3)),\(id)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func reader(keepsMessageIDs: Bool = true) throws -> EventLogReader {
        var reader = EventLogReader(
            schema: EventSchema(now: nil), rejection: try RowRejection(limit: 0, keepingIn: nil))
        reader.keepsArrivals = true
        reader.keepsMessageIDs = keepsMessageIDs
        return reader
    }

    private static func importing(
        _ csv: String, to log: String, memory: Int, keepsMessageIDs: Bool = true
    ) throws -> (runs: Int, summary: ColumnarLogSummary) {
        var writer = ColumnarLogWriter(
            path: log, memory: memory, threads: 2, keepsMessageIDs: keepsMessageIDs)
        try reader().read([csv], into: &writer)
        let runs = writer.runCount
        return (runs, try writer.finish())
    }

    @Test("of rows with one id the first is kept, whatever the memory", arguments: [3, 300, 60_000])
    func repeats(ids: Int) throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 30_000, ids: ids, seed: UInt64(ids)), as: "log.csv")
        let expected = try Self.reader().read([csv])
        #expect(expected.duplicateCount > 0 && expected.messages.count > 0)
        var files: [[UInt8]] = []
        for memory in [1 << 30, 1 << 20, 1] {
            let path = folder.file("log\(memory)")
            let (runs, summary) = try Self.importing(csv, to: path, memory: memory)
            #expect((runs > 0) == (memory < 1 << 30))
            #expect(summary.rows == expected.count && summary.duplicateCount == expected.duplicateCount)
            #expect(summary.users == expected.users.count)
            let log = try Self.reader().read([path])
            #expect(log.differences(from: expected) == [])
            #expect(log.messages.sorted == expected.messages.sorted)
            files.append(try folder.contents(path))
        }
        #expect(files[1] == files[0] && files[2] == files[0])
    }

    @Test("more ids than fit into the memory are sorted in runs", arguments: [4_000, 200_000])
    func manyRuns(ids: Int) throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 90_000, ids: ids, seed: 9), as: "log.csv")
        _ = try Self.importing(csv, to: folder.file("large"), memory: 1 << 30)
        _ = try Self.importing(csv, to: folder.file("small"), memory: 1 << 16)
        #expect(try folder.contents(folder.file("small")) == folder.contents(folder.file("large")))
        let log = try Self.reader().read([folder.file("large")])
        #expect(log.messages.sorted == (try Self.reader().read([csv])).messages.sorted)
    }

    @Test("without ids the file is of version 2, and says so to those who need them")
    func withoutIDs() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 500, ids: 100, seed: 2), as: "log.csv")
        _ = try Self.importing(csv, to: folder.file("with"), memory: 1 << 30)
        _ = try Self.importing(csv, to: folder.file("without"), memory: 1 << 30, keepsMessageIDs: false)
        #expect(try folder.contents(folder.file("with"))[8] == 3)
        #expect(try folder.contents(folder.file("without"))[8] == 2)
        let reader = try Self.reader(keepsMessageIDs: false)
        let differences = try reader.read([folder.file("without")]).differences(
            from: reader.read([folder.file("with")]))
        #expect(differences == [])
        let error = #expect(throws: InputError.self) { try Self.reader().read([folder.file("without")]) }
        #expect(error?.description.contains("--no-message-ids") == true)
    }

    @Test("ids that were changed in the file are refused")
    func damage() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 500, ids: 1_000, seed: 2), as: "log.csv")
        _ = try Self.importing(csv, to: folder.file("log"), memory: 1 << 30)
        var bytes = try folder.contents(folder.file("log"))
        bytes[ColumnarLogFormat.headerLength + 100] ^= 4
        let damaged = try folder.write(bytes, as: "damaged")
        let error = #expect(throws: InputError.self) { try Self.reader().read([damaged]) }
        #expect(error?.description.contains("message ids is wrong") == true, "\(String(describing: error))")
    }
}
