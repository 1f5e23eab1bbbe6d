import Foundation
import LimpetStorage
import LimpetTestSupport
import Testing

@Suite struct CommitOutcomeTests {
    private func record(_ number: Int64) -> LogRecord {
        LogRecord(number: number, body: Array("record \(number)".utf8))
    }

    /// A log of three records on a file system that fails on demand.
    private func log(_ folder: DatabaseFolder) throws -> RecordLog {
        let log = try RecordLog(folder: folder, fileSystem: FaultyFileSystem.name)
        #expect(log.append((1...3).map(record)) == .committed)
        return log
    }

    private func numbers(_ path: String) throws -> [Int64] {
        let folder = try DatabaseFolder(path: path, reserve: 0)
        let log = try RecordLog(folder: folder)
        defer { log.close() }
        return try log.records(from: 1).map(\.number)
    }

    @Test("a sync that fails once: not stored, and the retry counts once")
    func syncFailsOnce() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(logSyncs: 1), in: folder.path)
        guard case .failed(.inputOutput) = log.append([record(4), record(5)]) else {
            Issue.record("expected that the group is certainly not stored")
            return
        }
        #expect(log.lastNumber == 3)
        #expect(try log.record(4) == nil)
        #expect(log.append([record(4)]) == .committed)
        #expect(try log.records(from: 1).map(\.number) == [1, 2, 3, 4])
        log.close()
        folder.close()
        #expect(try numbers(temporary.file("db")) == [1, 2, 3, 4])
    }

    @Test("a group that is told not to be stored is in no copy of the files either")
    func failedIsInNoCopy() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(logSyncs: 1), in: folder.path)
        #expect(!log.append([record(4)]).isCommitted)
        try FileManager.default.copyItem(atPath: folder.path, toPath: temporary.file("copy"))
        #expect(try numbers(temporary.file("copy")) == [1, 2, 3])
        log.close()
    }

    @Test("syncs that fail for a while: not known, then told as it is in the file")
    func syncsFailForAWhile() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(logSyncs: 1_000, fileSyncs: 1_000), in: folder.path)
        #expect(log.append([record(4), record(5)]).isUnknown)
        #expect(log.lastNumber == 3)
        #expect(try log.record(4) == nil)
        #expect(log.settle().isUnknown)
        guard case .failed(.unsettled) = log.append([record(4)]) else {
            Issue.record("expected that nothing is appended while the fate is unknown")
            return
        }
        FaultyFileSystem.set(.init(), in: folder.path)
        let outcome = log.settle()
        #expect(!outcome.isUnknown)
        let last: Int64 = outcome.isCommitted ? 5 : 3
        #expect(log.lastNumber == last)
        #expect(log.append([record(last + 1)]) == .committed)
        log.close()
        folder.close()
        #expect(try numbers(temporary.file("db")) == Array(1...last + 1))
    }

    @Test("any number of failing syncs: what is told is what is found", arguments: 1...8)
    func failingSyncs(_ count: Int) throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(logSyncs: count, fileSyncs: count / 2), in: folder.path)
        var outcome = log.append([record(4)], settings: [LogSetting(key: "k", value: [1])])
        for _ in 0..<20 where outcome.isUnknown { outcome = log.settle() }
        #expect(!outcome.isUnknown)
        let isThere = try log.record(4) != nil
        #expect(isThere == outcome.isCommitted)
        #expect(try (log.setting("k") != nil) == isThere)
        log.close()
        folder.close()
        #expect(try numbers(temporary.file("db")) == (isThere ? [1, 2, 3, 4] : [1, 2, 3]))
    }

    @Test("a retry of a group of unknown fate that was stored is refused by its numbers")
    func retryOfUnknown() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(logSyncs: 1_000, fileSyncs: 1_000), in: folder.path)
        #expect(log.append([record(4)]).isUnknown)
        FaultyFileSystem.set(.init(), in: folder.path)
        let retry = log.append([record(4)])
        #expect(retry == .committed || retry == .failed(.outOfOrder(expected: 5, found: 4)))
        #expect(log.lastNumber == 4)
        #expect(try log.records(from: 1).count == 4)
        log.close()
    }

    @Test("a full disk: not stored, the reserve is given up, and the retry has space")
    func fullDisk() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 100_000)
        let log = try log(folder)
        let reserve = folder.path + "/reserve"
        FaultyFileSystem.set(.init(fullWithFile: reserve), in: folder.path)
        guard case .failed(.diskFull) = log.append([record(4)]) else {
            Issue.record("expected that the disk is told to be full")
            return
        }
        #expect(folder.isReserveFreed)
        #expect(log.append([record(4)]) == .committed)
        FaultyFileSystem.set(.init(), in: folder.path)
        #expect(folder.restoreReserve())
        #expect(!folder.isReserveFreed)
        log.close()
    }

    @Test("a disk that stays full: each group fails, none is unknown, and none is lost later")
    func diskStaysFull() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try log(folder)
        FaultyFileSystem.set(.init(fullWithFile: folder.logPath), in: folder.path)
        for _ in 0..<3 {
            guard case .failed(.diskFull) = log.append([record(4)]) else {
                Issue.record("expected that the disk is told to be full")
                return
            }
        }
        FaultyFileSystem.set(.init(), in: folder.path)
        #expect(log.append([record(4)]) == .committed)
        log.close()
        folder.close()
        #expect(try numbers(temporary.file("db")) == [1, 2, 3, 4])
    }

    @Test("a file that the system lets grow no more: not stored, and stored when it may grow")
    func fileSizeLimit() async throws {
        let temporary = try TemporaryFolder()
        await #expect(processExitsWith: .success) { [path = temporary.file("db") as String] in
            let folder = try DatabaseFolder(path: path, reserve: 0)
            let log = try RecordLog(folder: folder)
            let body = [UInt8](repeating: 1, count: 50_000)
            #expect(log.append([LogRecord(number: 1, body: body)]) == .committed)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let before = limit.rlim_cur
            limit.rlim_cur = 100_000
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var outcome = CommitOutcome.committed
            for _ in 0..<5 where outcome.isCommitted {
                outcome = log.append([LogRecord(number: log.lastNumber + 1, body: body)])
            }
            guard case .failed(.inputOutput) = outcome else { exit(3) }
            let last = log.lastNumber
            limit.rlim_cur = before
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            guard log.append([LogRecord(number: last + 1, body: body)]).isCommitted else { exit(4) }
            guard try log.records(from: 1).count == Int(last) + 1 else { exit(5) }
        }
    }
}
