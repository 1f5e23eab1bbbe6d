import Foundation
import LimpetStorage
import LimpetTestSupport
import Testing

@Suite struct ErasureTests {
    private static let secret = "secret-of-anna"

    /// The files of a folder in which the secret is found.
    private func finds(_ folder: DatabaseFolder) async throws -> [String] {
        // Read by a process of its own: a descriptor closed in this one would drop SQLite's locks.
        let search = try await ChildProcess.run("/usr/bin/env", ["grep", "-rla", Self.secret, folder.path])
        try #require(search.status == 0 || search.status == 1)
        return search.output.split(separator: "\n").map { String($0) }
    }

    /// Bytes with the secret in their middle.
    private func body(_ number: Int64, count: Int) -> [UInt8] {
        let secret = Array(Self.secret.utf8)
        let head = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: (count - secret.count) / 2)
        return head + secret + head
    }

    @Test("no file holds the bytes of erased records", arguments: [40, 300, 6_000])
    func erased(_ count: Int) async throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 10_000)
        let log = try RecordLog(folder: folder)
        let plain = [UInt8](repeating: 5, count: count)
        for first in stride(from: Int64(1), to: 600, by: 60) {
            let group = (first..<first + 60).map { number in
                LogRecord(number: number, body: number % 3 == 0 ? body(number, count: count) : plain)
            }
            #expect(log.append(group) == .committed)
        }
        log.checkpoint()
        #expect(try await !finds(folder).isEmpty)
        let erased = Array(stride(from: Int64(3), through: 600, by: 3))
        let found = try log.erase(erased + [9_999]) { _, old in [UInt8](repeating: 0, count: old.count) }
        #expect(found == 200)
        #expect(try await finds(folder).isEmpty)
        #expect(try log.record(3) == [UInt8](repeating: 0, count: body(3, count: count).count))
        #expect(try log.record(4) == plain)
        #expect(log.append([LogRecord(number: 601, body: [1])]) == .committed)
        #expect(try await finds(folder).isEmpty)
        log.close()
    }

    @Test("bytes of another length are refused, and change nothing")
    func length() throws {
        let temporary = try TemporaryFolder()
        let log = try RecordLog(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        #expect(log.append([LogRecord(number: 1, body: [1, 2])]) == .committed)
        #expect(throws: StorageError.lengthChanged(number: 1, old: 2, new: 3)) {
            try log.erase([1]) { _, old in old + [0] }
        }
        #expect(try log.record(1) == [1, 2])
        log.close()
    }

    @Test("no file holds the bytes of records that were cut")
    func cut() async throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let log = try RecordLog(folder: folder)
        #expect(log.append((1...500).map { LogRecord(number: $0, body: body($0, count: 300)) }) == .committed)
        #expect(log.append([LogRecord(number: 501, body: [1])]) == .committed)
        try log.cut(before: 501)
        try log.secure()
        #expect(try await finds(folder).isEmpty)
        log.close()
    }

    @Test("no file holds the bytes of states that were removed or written over")
    func states() async throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let states = try StateTable(folder: folder)
        var slice = StateSlice()
        slice.states = (1...300).map { .init(user: $0, body: body($0, count: 100 + Int($0) * 20)) }
        try states.write(slice)
        slice = StateSlice()
        slice.removedUsers = Array(1...150)
        slice.states = (151...300).map { .init(user: $0, body: [UInt8](repeating: 1, count: Int($0) * 5)) }
        try states.write(slice)
        try states.secure()
        #expect(try await finds(folder).isEmpty)
        states.close()
    }
}
