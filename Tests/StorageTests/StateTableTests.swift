import Foundation
import LimpetStorage
import LimpetTestSupport
import Testing

@Suite struct StateTableTests {
    private func ids(_ states: StateTable) throws -> [StateSlice.ID] {
        var all: [StateSlice.ID] = []
        try states.forEachID { all.append($0) }
        return all
    }

    private func wakeUps(_ states: StateTable) throws -> [StateSlice.WakeUp] {
        var all: [StateSlice.WakeUp] = []
        try states.forEachWakeUp { all.append($0) }
        return all
    }

    private func users(_ states: StateTable) throws -> [Int64] {
        var all: [Int64] = []
        try states.forEachState { all.append($0.user) }
        return all
    }

    private var slice: StateSlice {
        var slice = StateSlice()
        slice.states = [.init(user: 2, body: [2]), .init(user: 1, body: []), .init(user: -3, body: [3, 3])]
        slice.ids = [.init(hash: 9, user: 1), .init(hash: -9, user: 2), .init(hash: 9, user: 2)]
        slice.wakeUps = [.init(user: 2, at: 20), .init(user: 1, at: 10)]
        slice.position = 12
        return slice
    }

    @Test("a slice comes back as it was written")
    func roundTrip() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        var states = try StateTable(folder: folder)
        #expect(try states.position() == 0)
        try states.write(slice)
        states.close()
        states = try StateTable(folder: folder)
        #expect(try states.position() == 12)
        #expect(try states.state(1) == [] && states.state(-3) == [3, 3] && states.state(4) == nil)
        #expect(try users(states) == [-3, 1, 2])
        #expect(
            try ids(states) == [.init(hash: -9, user: 2), .init(hash: 9, user: 1), .init(hash: 9, user: 2)])
        #expect(try wakeUps(states) == [.init(user: 1, at: 10), .init(user: 2, at: 20)])
        states.close()
    }

    @Test("later slices change, add and remove; the position stays where none is told")
    func changes() throws {
        let temporary = try TemporaryFolder()
        let states = try StateTable(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        try states.write(slice)
        var next = StateSlice()
        next.states = [.init(user: 2, body: [4]), .init(user: 2, body: [5])]
        next.removedUsers = [1]
        next.removedIDs = [.init(hash: 9, user: 2), .init(hash: 77, user: 7)]
        next.ids = [.init(hash: -9, user: 2)]
        next.wakeUps = [.init(user: -3, at: 5)]
        next.removedWakeUps = [2]
        try states.write(next)
        #expect(try states.position() == 12)
        #expect(try users(states) == [-3, 2])
        #expect(try states.state(2) == [5])
        #expect(try ids(states) == [.init(hash: -9, user: 2), .init(hash: 9, user: 1)])
        #expect(try wakeUps(states) == [.init(user: -3, at: 5)])
        states.close()
    }

    @Test("a scan of several chunks meets each row once")
    func chunks() throws {
        let temporary = try TemporaryFolder()
        let states = try StateTable(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        var slice = StateSlice()
        let count = 120_000
        slice.ids = (0..<count).map { .init(hash: Int64($0 / 3), user: Int64($0 % 3)) }
        slice.wakeUps = (0..<count).map { .init(user: Int64($0), at: Int64(count - $0)) }
        slice.states = (0..<3_000).map { .init(user: Int64($0), body: [UInt8](repeating: 0, count: 6_000)) }
        try states.write(slice)
        #expect(try ids(states) == slice.ids)
        #expect(try wakeUps(states) == slice.wakeUps)
        #expect(try users(states) == (0..<3_000).map { Int64($0) })
        states.close()
    }

    @Test("all is thrown away, and built again")
    func removeAll() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 0)
        let states = try StateTable(folder: folder)
        try states.write(slice)
        #expect(try states.state(2) == [2])
        try states.removeAll()
        #expect(try states.position() == 0 && states.state(2) == nil && ids(states).isEmpty)
        try folder.checkIdentity()
        try states.write(slice)
        #expect(try states.position() == 12)
        states.close()
    }

    @Test("states that tell more than the log are refused")
    func ahead() throws {
        let temporary = try TemporaryFolder()
        let states = try StateTable(folder: DatabaseFolder(path: temporary.file("db"), reserve: 0))
        try states.write(slice)
        try states.check(against: 12)
        let error = #expect(throws: StorageError.statesAhead(position: 12, last: 11)) {
            try states.check(against: 11)
        }
        #expect(error?.description.contains("remove states.sqlite") == true)
        states.close()
    }

    @Test("a slice whose write fails is written again as it was")
    func fault() throws {
        let temporary = try TemporaryFolder()
        let folder = try DatabaseFolder(path: temporary.file("db"), reserve: 50_000)
        let states = try StateTable(folder: folder, fileSystem: FaultyFileSystem.name)
        try states.write(slice)
        FaultyFileSystem.set(.init(fullWithFile: folder.path + "/reserve"), in: folder.path)
        var next = StateSlice()
        next.states = [.init(user: 2, body: [9])]
        next.position = 13
        let free = folder.freeBytes()
        let error = #expect(throws: StorageError.self) { try states.write(next) }
        guard case .diskFull = error else {
            Issue.record("expected a full disk with \(free) bytes free, found \(String(describing: error))")
            return
        }
        #expect(try states.state(2) == [2])
        #expect(try states.position() == 12)
        try states.write(next)
        #expect(try states.state(2) == [9])
        #expect(try states.position() == 13)
        states.close()
    }
}
