import Foundation
import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetNumerics
import LimpetTestSupport
import Testing

/// Imports of many runs: what they hold open, what they keep in memory, and how they end.
@Suite struct ImportRunsTests {
    private static func csv(rows: Int) -> String {
        var random = RandomGenerator(seed: 5)
        let lines = (0..<rows).map { row in
            let (user, time) = (random.next() % UInt64(rows / 8), 1_600_000_000 + random.next() % 1_000_000)
            return "u\(user),\(time),e\(row % 7),p\(row % 50)\n"
        }
        return "user,time,event,plan\n" + lines.joined()
    }

    private static func writer(of csv: String, to path: String, memory: Int) throws -> ColumnarLogWriter {
        var writer = ColumnarLogWriter(path: path, memory: memory, threads: 2)
        try EventLogReader(schema: EventSchema(now: nil), rejection: RowRejection()).read(
            [csv], into: &writer)
        return writer
    }

    /// The files of a folder that this process has open.
    private static func openFiles(in folder: String) throws -> [String] {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }.filter { $0.contains(folder) }
    }

    @Test("many runs share an open file, and are merged to the same bytes")
    func fewFiles() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 60_000), as: "log.csv")
        let writer = try Self.writer(of: csv, to: folder.file("small"), memory: 1)
        // More than are merged at a time.
        #expect(writer.runCount > 20)
        #expect(try Self.openFiles(in: folder.path).count == 1 + (writer.runCount - 1) / LogRuns.runsPerFile)
        var shares: [Double] = []
        let summary = try writer.finish { shares.append($0) }
        #expect(summary.rows == 60_000)
        #expect(shares == shares.sorted() && shares.last == 1)
        _ = try Self.writer(of: csv, to: folder.file("large"), memory: 1 << 30).finish()
        #expect(try folder.contents(folder.file("small")) == folder.contents(folder.file("large")))
        #expect(folder.names == ["large", "log.csv", "small"])
    }

    @Test("the blocks of the runs that are merged at a time take half of the memory")
    func mergeLimit() {
        let (values, rows) = (8 * (5 + 10), 4_096)
        for memory in [128 << 20, 1 << 30] {
            let limit = LogRuns.mergeLimit(memory: memory, columns: 10)
            #expect(limit * rows * values <= memory / 2 && limit * rows * values > memory / 4)
        }
        #expect(LogRuns.mergeLimit(memory: 1, columns: 10) == 16)
    }

    @Test("parts of keys that are sorted at a time fit into the memory, where one does")
    func partsAtOnce() {
        // A billion ids in 256 parts.
        let entries = 1_000_000_000 / 256
        for threads in [1, 2, 8, 64] {
            let parts = MessageSort.partsAtOnce(entries: entries, memory: 1 << 30, threads: threads)
            #expect(parts * entries * 24 <= 1 << 30 && parts == min(2 * threads, 11))
        }
        #expect(MessageSort.partsAtOnce(entries: entries, memory: 1 << 20, threads: 8) == 1)
        #expect(MessageSort.partsAtOnce(entries: 0, memory: 1 << 20, threads: 8) == 16)
    }

    /// Keys of which many are alike, and many share the first byte.
    private static func keys(_ count: Int) -> [MessageKey] {
        var random = RandomGenerator(seed: 3)
        return (0..<count).map { row in
            let any = random.next()
            switch row % 4 {
            case 0: return MessageKey(high: any, low: random.next())
            case 1: return MessageKey(high: 7 << 56 | any % 5_000, low: 1)
            case 2: return MessageKey(high: 7 << 56 | any >> 8, low: 2)
            default: return MessageKey(high: 7 << 56 | any % 3, low: any % 3)
            }
        }
    }

    @Test(
        "keys are passed on once, in their order, however few bytes they may take", arguments: [1, 1 << 30])
    func sortedKeys(memory: Int) throws {
        let folder = try TemporaryFolder()
        let keys = Self.keys(60_000)
        var sort = MessageSort(memory: memory, folder: folder.path, threads: 2)
        for (row, key) in keys.enumerated() {
            // Every third row has no id.
            sort.add(key, arrival: row * 3)
            if row % 5_000 == 0 { try sort.makeRoom() }
        }
        var passed: [MessageKey] = []
        let repeats = try sort.finish(rows: 3 * keys.count, memory: memory) { passed += $0 }
        var seen: Set<MessageKey> = []
        var repeated = 0
        for (row, key) in keys.enumerated() {
            let isRepeated = !seen.insert(key).inserted
            #expect(repeats.contains(row * 3) == isRepeated && !repeats.contains(row * 3 + 1))
            #expect(repeats.place(of: row * 3) == row * 3 - repeated)
            repeated += isRepeated ? 1 : 0
        }
        #expect(passed == seen.sorted() && repeats.total == repeated)
    }

    @Test("a sort of keys that is cancelled passes nothing on")
    func cancelled() async {
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var sort = MessageSort(memory: 1 << 20, folder: "/tmp", threads: 2)
            for (row, key) in Self.keys(100).enumerated() { sort.add(key, arrival: row) }
            var passed = 0
            #expect(throws: CancellationError.self) {
                _ = try sort.finish(rows: 100, memory: 1 << 20) { passed += $0.count }
            }
            #expect(passed == 0)
        }.value
    }

    @Test("the parts of a log share the keys of its texts, which are made once")
    func sharedKeys() throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv(rows: 3_000), as: "log.csv")
        _ = try Self.writer(of: csv, to: folder.file("log"), memory: 1 << 30).finish()
        var partitions = try ColumnarLog(path: folder.file("log")).partitions(rows: 500, texts: ["plan"])
        var keys: [DictionaryKeys] = []
        while let log = try partitions.next() {
            let plan = try #require(log.texts["plan"])
            keys.append(plan.keys)
            #expect(plan.keys.all == plan.dictionary.map { TextKey($0).rawValue })
        }
        #expect(keys.count > 1 && keys.allSatisfy { $0 === keys[0] })
    }

    @Test("repeated rows are counted alike where they are few and where they are many")
    func repeatedRows() {
        var random = RandomGenerator(seed: 11)
        let count = 300_000
        // None, few, half and all of the rows of a chunk.
        let shares: [UInt64] = [0, 3, 500, 1_000, 40]
        let isRepeated = (0..<count).map { random.next() % 1_000 < shares[$0 >> 16] }
        var rows = RepeatedRows(rows: count)
        for row in (0..<count).reversed() where isRepeated[row] { rows.insert(row) }
        rows.countBefore()
        var before = 0
        for row in 0..<count {
            guard rows.contains(row) == isRepeated[row], rows.place(of: row) == row - before else {
                Issue.record("row \(row)")
                return
            }
            before += isRepeated[row] ? 1 : 0
        }
        #expect(rows.total == before)
    }
}
