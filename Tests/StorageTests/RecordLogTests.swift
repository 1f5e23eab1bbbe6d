import Foundation
import LimpetStorage
import LimpetTestSupport
import Testing

@Suite struct RecordLogTests {
    private func record(_ number: Int64, _ count: Int = 20) -> LogRecord {
        LogRecord(number: number, body: (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ Int(number)) })
    }

    @Test("records, settings and artefacts come back as they were")
    func roundTrip() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let records = [record(1, 0), record(2), record(3, 100_000)]
        var log = try RecordLog(folder: folder)
        #expect(log.lastNumber == 0)
        #expect(log.append(records, settings: [LogSetting(key: "e\u{301}", value: [1, 0])]) == .committed)
        try log.put([7, 8, 9], kind: "model", hash: "ab")
        try log.put([0], kind: "policy", hash: "ab")
        log.close()
        log = try RecordLog(folder: folder)
        #expect(log.lastNumber == 3)
        #expect(try log.records(from: 1) == records)
        #expect(try log.record(3) == records[2].body)
        #expect(try log.record(4) == nil)
        #expect(try log.setting("e\u{301}") == [1, 0])
        #expect(try log.setting("é") == nil)
        #expect(try log.artefact("ab") == [7, 8, 9])
        #expect(try log.artefacts() == [LogArtefact(hash: "ab", kind: "model", byteCount: 3)])
        try log.removeArtefact("ab")
        #expect(try log.artefacts().isEmpty)
        try log.set(LogSetting(key: "e\u{301}", value: []))
        #expect(try log.setting("e\u{301}") == [])
        log.close()
    }

    @Test("numbers that do not continue the log are refused, and nothing of their group is stored")
    func order() throws {
        let temporary = try TemporaryFolder()
        let log = try RecordLog(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        #expect(log.append([record(2)]) == .failed(.outOfOrder(expected: 1, found: 2)))
        #expect(log.append([record(1), record(3)]) == .failed(.outOfOrder(expected: 2, found: 3)))
        #expect(try log.records(from: 1).isEmpty)
        #expect(log.append([record(1), record(2)]) == .committed)
        #expect(log.append([record(2)]) == .failed(.outOfOrder(expected: 3, found: 2)))
        log.close()
        #expect(log.append([record(3)]) == .failed(.closed))
        #expect(throws: StorageError.closed) { try log.record(1) }
    }

    @Test("reading ends at a count and at a number of bytes")
    func limits() throws {
        let temporary = try TemporaryFolder()
        let log = try RecordLog(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        #expect(log.append((1...50).map { record($0, 100) }) == .committed)
        #expect(try log.records(from: 11, limit: 5).map(\.number) == [11, 12, 13, 14, 15])
        #expect(try log.records(from: 11, bytes: 250).map(\.number) == [11, 12, 13])
        #expect(try log.records(from: 51).isEmpty)
        log.close()
    }

    @Test("a cut removes the oldest records, and never the last")
    func cut() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        var log = try RecordLog(folder: folder)
        #expect(log.append((1...1_000).map { record($0) }) == .committed)
        #expect(try log.cut(before: 701) == 700)
        #expect(try log.firstNumber() == 701)
        #expect(try log.records(from: 1).count == 300)
        #expect(try log.cut(before: 5_000) == 299)
        log.close()
        log = try RecordLog(folder: folder)
        #expect(log.lastNumber == 1_000)
        #expect(log.append([record(1_001)]) == .committed)
        log.close()
    }

    @Test("a cut gives its pages to later records")
    func pagesAreUsedAgain() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        for round in 0..<10 {
            let first = Int64(round * 1_000 + 1)
            #expect(log.append((first..<first + 1_000).map { record($0, 200) }) == .committed)
            try log.cut(before: first + 1_000)
        }
        try log.secure()
        var status = stat()
        #expect(stat(folder.logPath, &status) == 0)
        #expect(status.st_size < 600_000)
        log.close()
    }

    @Test("the write-ahead log does not grow past its limit, and all is counted")
    func logLimit() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder, logLimit: 400_000)
        for group in 0..<100 {
            let first = Int64(group * 100 + 1)
            #expect(log.append((first..<first + 100).map { record($0, 250) }) == .committed)
        }
        var status = stat()
        #expect(stat(folder.logPath + "-wal", &status) == 0)
        #expect(status.st_size < 600_000)
        let written = log.bytesWritten
        #expect(written.log > 2_500_000 && written.checkpoints > 2_000_000)
        #expect(written.checkpoints <= written.log)
        log.close()
    }

    @Test("readers and checkpoints go on while groups are appended")
    func concurrency() async throws {
        let temporary = try TemporaryFolder()
        let log = try RecordLog(
            folder: DatabaseFolder(path: temporary.file("db"), reserve: 0), logLimit: 200_000)
        let records = (1...2_000).map { record(Int64($0), 100) }
        async let reading = onOwnThread {
            var seen = 0
            while seen < 2_000 {
                let next = try log.records(from: Int64(seen) + 1, limit: 100)
                guard next == Array(records[seen..<seen + next.count]) else { return -1 }
                seen += next.count
                log.checkpoint()
            }
            return seen
        }
        try await onOwnThread {
            for start in stride(from: 0, to: 2_000, by: 20) {
                try #require(log.append(Array(records[start..<start + 20])) == .committed)
            }
        }
        #expect(try await reading == 2_000)
        log.close()
    }

    @Test("what was answered is in a copy of the open files")
    func copyOfOpenFiles() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        for number in 1...50 { #expect(log.append([record(Int64(number))]) == .committed) }
        try FileManager.default.createDirectory(
            atPath: temporary.file("copy"), withIntermediateDirectories: false)
        for name in ["log.sqlite", "log.sqlite-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.path + "/" + name, toPath: temporary.file("copy/" + name))
        }
        let copy = try RecordLog(folder: DatabaseFolder(path: temporary.file("copy"), reserve: 0))
        #expect(try copy.records(from: 1) == (1...50).map { record($0) })
        copy.close()
        log.close()
    }

    @Test("what was answered survives a kill amid commits")
    func kill() async throws {
        let temporary = try TemporaryFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = temporary.path as String] in
            let log = try RecordLog(folder: DatabaseFolder(path: path + "/db", reserve: 0), logLimit: 100_000)
            let answered = open(path + "/answered", O_CREAT | O_RDWR, 0o600)
            Thread.detachNewThread {
                while log.lastNumber < 400 { usleep(100) }
                Glibc.kill(getpid(), SIGKILL)
            }
            while true {
                let next = log.lastNumber + 1
                let group = (next..<next + 7).map { LogRecord(number: $0, body: Array("\($0)".utf8)) }
                guard log.append(group) == .committed else { exit(3) }
                var last = log.lastNumber
                pwrite(answered, &last, 8, 0)
            }
        }
        let bytes = try temporary.contents(temporary.file("answered"))
        let answered = bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let log = try RecordLog(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        #expect(answered >= 393 && log.lastNumber >= answered && log.lastNumber % 7 == 0)
        let records = try log.records(from: 1)
        #expect(records.count == Int(log.lastNumber))
        #expect(records.allSatisfy { $0.body == Array("\($0.number)".utf8) })
        log.close()
    }
}
