import LimpetEvents
import LimpetStorage

/// The profiles whose rows in the table of states are behind the log, by the first record that is missing.
///
/// Rows are written a slice at a time, the oldest first, while steps go on. Each row tells its own last
/// record; what the table as a whole has is told by the oldest profile that is not yet written.
struct DirtyRows {
    /// A profile and the first record that its row does not have.
    struct Entry: Hashable {
        let since: UInt64
        let number: UInt64
    }

    /// A row that is packed and not yet written.
    struct Row {
        let entry: Entry
        let bytes: [UInt8]
        /// The hashes of ids that the table does not have.
        let ids: [UInt64]
        /// The profiles that it took in, with their ids, whose rows go.
        let absorbed: [AbsorbedRow]
        let wakeUp: Int64?
    }

    /// The row of a profile that another one took in.
    struct AbsorbedRow {
        let number: UInt64
        let ids: [UInt64]
    }

    private var queue: [Entry] = []
    private var head = 0
    /// Those that were changed by a group that is not stored when their turn came.
    private(set) var postponed: [UInt64: UInt64] = [:]
    /// The rows of the next slice.
    private(set) var ready: [Row] = []
    private(set) var readyBytes = 0
    /// The rows of the slice that is being written.
    private(set) var writing: [Row]?
    /// The number of rows of a profile that are packed and not yet written.
    private var underWay: [UInt64: Int] = [:]

    /// The bytes of a slice.
    static let sliceBytes = 1 << 20

    /// Returns true while a row of a profile is packed and not yet written.
    func isUnderWay(_ number: UInt64) -> Bool { underWay[number] != nil }

    /// Adds a profile whose row is behind since a record.
    mutating func append(_ entry: Entry) {
        guard let last = queue.last, head < queue.count, last.since > entry.since else {
            queue.append(entry)
            return
        }
        let place = queue.partitioningIndex { $0.since > entry.since }
        queue.insert(entry, at: max(head, place))
    }

    /// Returns the oldest profile in the queue that is still behind.
    mutating func first(isBehind: (Entry) -> Bool) -> Entry? {
        while head < queue.count {
            if isBehind(queue[head]) { return queue[head] }
            removeFirst()
        }
        return nil
    }

    mutating func removeFirst() {
        head += 1
        if head > 4_096, head > queue.count / 2 {
            queue.removeFirst(head)
            head = 0
        }
    }

    mutating func postpone(_ entry: Entry) { postponed[entry.number] = entry.since }
    mutating func resume(_ number: UInt64) -> UInt64? { postponed.removeValue(forKey: number) }

    mutating func add(_ row: Row) {
        ready.append(row)
        readyBytes += row.bytes.count
        underWay[row.entry.number, default: 0] += 1
    }

    /// Begins to write what is ready; nil while another slice is being written.
    mutating func begin(position: UInt64?) -> StateSlice? {
        guard writing == nil else { return nil }
        var slice = StateSlice()
        let gone = Set(ready.flatMap(\.absorbed).map(\.number))
        for row in ready {
            for absorbed in row.absorbed {
                let number = Int64(absorbed.number)
                slice.removedUsers.append(number)
                slice.removedIDs += absorbed.ids.map { .init(hash: Int64(bitPattern: $0), user: number) }
            }
            guard !gone.contains(row.entry.number) else { continue }
            let user = Int64(row.entry.number)
            slice.states.append(.init(user: user, body: row.bytes))
            slice.ids += row.ids.map { .init(hash: Int64(bitPattern: $0), user: user) }
            if let time = row.wakeUp {
                slice.wakeUps.append(.init(user: user, at: time))
            } else {
                slice.removedWakeUps.append(user)
            }
        }
        slice.position = position.map { Int64($0) }
        writing = ready
        (ready, readyBytes) = ([], 0)
        return slice
    }

    /// Ends the writing of a slice; rows that were not written are the first of the next one.
    ///
    /// - Returns: the profiles whose rows are gone.
    mutating func end(isWritten: Bool) -> [UInt64] {
        let rows = writing ?? []
        writing = nil
        guard isWritten else {
            ready = rows + ready
            readyBytes += rows.reduce(0) { $0 + $1.bytes.count }
            return []
        }
        for row in rows { release(row.entry.number) }
        return rows.flatMap(\.absorbed).map(\.number)
    }

    private mutating func release(_ number: UInt64) {
        let left = underWay[number, default: 1] - 1
        underWay[number] = left == 0 ? nil : left
    }

    /// Removes the rows of a profile whose data are erased.
    mutating func remove(_ number: UInt64) {
        _ = resume(number)
        for row in ready where row.entry.number == number {
            readyBytes -= row.bytes.count
            release(number)
        }
        ready.removeAll { $0.entry.number == number }
    }

    /// The first record that some row does not have, beside those that are ready; nil for none.
    mutating func oldest(isBehind: (Entry) -> Bool) -> UInt64? {
        let first = first(isBehind: isBehind)?.since
        return ([first].compactMap { $0 } + postponed.values).min()
    }
}
