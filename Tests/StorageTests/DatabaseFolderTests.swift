import Foundation
import GRDBSQLite
import LimpetStorage
import LimpetTestSupport
import Testing

@Suite struct DatabaseFolderTests {
    @Test("a folder is open once, also through links")
    func openOnce() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("db")
        let folder = try DatabaseFolder(path: path, reserve: 0)
        let log = try RecordLog(folder: folder)
        let files = FileManager.default
        try files.createSymbolicLink(atPath: temporary.file("symbolic"), withDestinationPath: path)
        try files.createDirectory(atPath: temporary.file("hard"), withIntermediateDirectories: false)
        try files.linkItem(atPath: folder.logPath, toPath: temporary.file("hard/log.sqlite"))
        for other in [path, temporary.file("symbolic"), temporary.file("hard")] {
            #expect(throws: StorageError.inUse(path: other)) { try DatabaseFolder(path: other, reserve: 0) }
        }
        #expect(log.append([LogRecord(number: 1, body: [1])]) == .committed)
        log.close()
        folder.close()
        #expect(throws: StorageError.linked(path: folder.logPath, names: 2)) {
            try DatabaseFolder(path: path, reserve: 0)
        }
        try files.removeItem(atPath: temporary.file("hard/log.sqlite"))
        try DatabaseFolder(path: temporary.file("symbolic"), reserve: 0).close()
    }

    @Test("another process finds the folder in use")
    func otherProcess() async throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        await #expect(processExitsWith: .exitCode(7)) { [path = folder.path as String] in
            do throws(StorageError) {
                _ = try DatabaseFolder(path: path, reserve: 0)
            } catch {
                if error == .inUse(path: path) { exit(7) }
            }
        }
        folder.close()
    }

    @Test("a file that is gone is noticed before a commit", arguments: ["log.sqlite", "log.sqlite-wal"])
    func deleted(_ name: String) throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        try folder.checkIdentity()
        let path = folder.path + "/" + name
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: StorageError.deleted(path: path)) { try folder.checkIdentity() }
        #expect(log.append([LogRecord(number: 1, body: [1])]) == .failed(.deleted(path: path)))
        #expect(!FileManager.default.fileExists(atPath: path))
        log.close()
    }

    @Test("a file in the place of another is noticed before a commit")
    func replaced() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        let states = try StateTable(folder: folder)
        // Copied by a process of its own: a descriptor closed in this one would drop SQLite's locks.
        let path = folder.statesPath
        _ = try temporary.write([1, 2, 3], as: "other")
        try FileManager.default.moveItem(atPath: path, toPath: temporary.file("moved"))
        try FileManager.default.moveItem(atPath: temporary.file("other"), toPath: path)
        #expect(throws: StorageError.replaced(path: path)) { try folder.checkIdentity() }
        #expect(throws: StorageError.replaced(path: path)) { try states.write(StateSlice()) }
        #expect(log.append([LogRecord(number: 1, body: [1])]) == .failed(.replaced(path: path)))
        states.close()
        log.close()
    }

    @Test("the database file of an earlier release is refused with the way on")
    func earlierRelease() async throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file()
        try Self.run(
            """
            CREATE TABLE events (seq INTEGER PRIMARY KEY); CREATE TABLE receipts (seq INTEGER PRIMARY KEY);
            PRAGMA application_id = \(0x4c6d_7074)
            """, path)
        let error = #expect(throws: StorageError.self) { try DatabaseFolder(path: path) }
        #expect(error == .earlierRelease(path: path))
        #expect(error?.description.contains("--events") == true)
    }

    @Test("what is no database is refused, and left as it is")
    func foreign() throws {
        let temporary = try TemporaryFolder()
        let text = try temporary.write("text", as: "text")
        #expect(throws: StorageError.notAFolder(path: text)) { try DatabaseFolder(path: text) }
        #expect(throws: StorageError.foreignFolder(path: temporary.path, file: "text")) {
            try DatabaseFolder(path: temporary.path)
        }
        #expect(temporary.names == ["text"])
        #expect(throws: StorageError.self) { try DatabaseFolder(path: temporary.file("none/db")) }
        let lost = temporary.file("lost")
        try FileManager.default.createDirectory(atPath: lost, withIntermediateDirectories: false)
        _ = try temporary.write([], as: "lost/log.sqlite-wal")
        #expect(throws: StorageError.deleted(path: lost + "/log.sqlite")) { try DatabaseFolder(path: lost) }
    }

    @Test("a database of another program, or of a newer release, is refused and left as it is")
    func foreignDatabase() throws {
        let temporary = try TemporaryFolder()
        for (name, sql) in [
            ("foreign", "CREATE TABLE things (id INTEGER)"),
            ("newer", "PRAGMA application_id = \(0x4c6d_704c); PRAGMA user_version = 99"),
        ] {
            let path = temporary.file(name)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            try Self.run(sql, path + "/log.sqlite")
            let before = try temporary.contents(path + "/log.sqlite")
            do {
                let folder = try DatabaseFolder(path: path, reserve: 0)
                let expected: StorageError =
                    name == "newer"
                    ? .newerSchema(path: folder.logPath) : .foreignDatabase(path: folder.logPath)
                #expect(throws: expected) { try RecordLog(folder: folder) }
            }
            #expect(try temporary.contents(path + "/log.sqlite") == before)
        }
    }

    @Test("the reserve is held, given up once, and held again when there is space")
    func reserve() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("db")
        let folder = try DatabaseFolder(path: path, reserve: 1 << 20)
        var status = stat()
        #expect(stat(path + "/reserve", &status) == 0)
        #expect(status.st_size == 1 << 20 && status.st_blocks * 512 >= 1 << 20)
        #expect(!folder.isReserveFreed)
        #expect(folder.freeReserve() && !folder.freeReserve())
        #expect(folder.isReserveFreed && stat(path + "/reserve", &status) != 0)
        #expect(folder.freeBytes() > 0)
        #expect(folder.restoreReserve() && !folder.isReserveFreed)
        folder.close()
        let large = try DatabaseFolder(path: path, reserve: Int64.max / 4)
        #expect(large.isReserveFreed)
        large.close()
    }

    private static func run(_ sql: String, _ path: String) throws {
        var handle: OpaquePointer?
        defer { sqlite3_close(handle) }
        try #require(sqlite3_open(path, &handle) == SQLITE_OK)
        try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    }
}
