import LimpetSequencing
import LimpetStorage
import Synchronization

/// A table of states in memory, of which a crash may lose the last slices.
final class SimulatedStates: StateStorage {
    private struct Contents {
        var rows: [Int64: [UInt8]] = [:]
        var ids: Set<StateSlice.ID> = []
        var wakeUps: [Int64: Int64] = [:]
        var position: Int64 = 0

        mutating func write(_ slice: StateSlice) {
            for user in slice.removedUsers {
                rows[user] = nil
                wakeUps[user] = nil
            }
            for user in slice.removedWakeUps { wakeUps[user] = nil }
            ids.subtract(slice.removedIDs)
            ids.formUnion(slice.ids)
            for wakeUp in slice.wakeUps { wakeUps[wakeUp.user] = wakeUp.at }
            for state in slice.states { rows[state.user] = state.body }
            if let new = slice.position { position = new }
        }
    }

    private struct Versions {
        var now = Contents()
        /// The contents after each slice since they were last passed to the disk.
        var earlier: [Contents] = []
        var fails = 0
    }

    private let versions = Mutex(Versions())

    /// Plants a fault: puts another profile's time in the place of the first one's; false if there is none.
    func changeRow() -> Bool {
        versions.withLock { versions in
            versions.earlier = []
            let complete = versions.now.rows.filter { $0.value.count > 40 }
            guard let number = complete.keys.min(), var row = complete[number] else { return false }
            // The last byte is one of the history's.
            row[row.count - 1] ^= 1
            versions.now.rows[number] = row
            return true
        }
    }

    /// Makes the next slices fail.
    func fail(_ count: Int) { versions.withLock { $0.fails = count } }

    func write(_ slice: StateSlice) throws(StorageError) {
        let isWritten = versions.withLock { versions in
            if versions.fails > 0 {
                versions.fails -= 1
                return false
            }
            versions.earlier.append(versions.now)
            if versions.earlier.count > 4 { versions.earlier.removeFirst() }
            versions.now.write(slice)
            return true
        }
        if !isWritten { throw .inputOutput(path: "simulated", code: 5, reason: "simulated") }
    }

    /// Loses some of the last slices.
    func crash(losing count: Int) {
        versions.withLock { versions in
            for _ in 0..<count { if let before = versions.earlier.popLast() { versions.now = before } }
            versions.earlier = []
            versions.fails = 0
        }
    }

    func position() -> Int64 { versions.withLock { $0.now.position } }
    func state(_ user: Int64) -> [UInt8]? { versions.withLock { $0.now.rows[user] } }
    func secure() { versions.withLock { $0.earlier = [] } }

    func forEachID(_ body: (StateSlice.ID) -> Void) {
        let ids = versions.withLock { $0.now.ids }
        for id in ids.sorted(by: { ($0.hash, $0.user) < ($1.hash, $1.user) }) { body(id) }
    }

    func forEachWakeUp(_ body: (StateSlice.WakeUp) -> Void) {
        let wakeUps = versions.withLock { $0.now.wakeUps }
        for (user, at) in wakeUps.sorted(by: { $0.key < $1.key }) { body(.init(user: user, at: at)) }
    }

    /// Everything that is kept, as bytes.
    var bytes: [UInt8] { versions.withLock { $0.now.rows.values.flatMap { $0 } } }
}
