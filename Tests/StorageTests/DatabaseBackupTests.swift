import Foundation
import LimpetStorage
import LimpetTestSupport
import Synchronization
import Testing

@Suite struct DatabaseBackupTests {
    private static func record(_ number: Int64) -> LogRecord {
        LogRecord(number: number, body: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 900))
    }

    @Test("a copy made during writes is the database up to a record")
    func duringWrites() async throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder, logLimit: 1 << 20)
        let states = try StateTable(folder: folder)
        #expect(log.append((1...10_000).map(Self.record)) == .committed)
        let writing = Writing()
        let target = temporary.file("backup")
        async let backup = onOwnThread { () throws(StorageError) in
            defer { writing.isOver.store(true, ordering: .releasing) }
            return try DatabaseBackup.write(log, states, to: target)
        }
        try await onOwnThread {
            while !writing.isOver.load(ordering: .acquiring) {
                let next = log.lastNumber + 1
                try #require(log.append((next..<next + 20).map(Self.record)) == .committed)
                var slice = StateSlice()
                slice.states = [.init(user: next, body: Self.record(next).body)]
                slice.position = log.lastNumber
                try states.write(slice)
            }
        }
        let last = try await backup
        #expect(last >= 10_000 && last <= log.lastNumber)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: target).sorted() == [
                "log.sqlite", "states.sqlite",
            ])
        let copyFolder = try DatabaseFolder(path: target, reserve: 0)
        let copy = try RecordLog(folder: copyFolder)
        let copiedStates = try StateTable(folder: copyFolder)
        #expect(copy.lastNumber == last)
        var (count, from) = (Int64(0), Int64(1))
        while true {
            let records = try copy.records(from: from)
            guard let end = records.last else { break }
            #expect(records.allSatisfy { $0 == Self.record($0.number) })
            count += Int64(records.count)
            from = end.number + 1
        }
        #expect(count == last)
        try copiedStates.check(against: last)
        #expect(copy.append([Self.record(last + 1)]) == .committed)
        copiedStates.close()
        copy.close()
        states.close()
        log.close()
    }

    @Test("a folder with files in it is no place for a copy, and an interrupted copy is no database")
    func target() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        let states = try StateTable(folder: folder)
        #expect(throws: StorageError.notEmpty(path: temporary.path)) {
            try DatabaseBackup.write(log, states, to: temporary.path)
        }
        let target = temporary.file("copy")
        try DatabaseBackup.write(log, states, to: target)
        try FileManager.default.moveItem(atPath: target + "/log.sqlite", toPath: target + "/log.sqlite.part")
        #expect(throws: StorageError.deleted(path: target + "/log.sqlite")) {
            try DatabaseFolder(path: target)
        }
        states.close()
        log.close()
    }

    @Test("a copy that a fault interrupts says so")
    func interrupted() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        let states = try StateTable(folder: folder)
        states.close()
        #expect(throws: StorageError.closed) {
            try DatabaseBackup.write(log, states, to: temporary.file("copy"))
        }
        log.close()
    }
}

/// The sign by which a writer ends.
private final class Writing: Sendable {
    let isOver = Atomic<Bool>(false)
}
