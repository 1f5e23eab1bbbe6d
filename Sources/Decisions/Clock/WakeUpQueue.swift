public import LimpetEvents

/// The times at which profiles are to be looked at, earliest first.
///
/// A time is a lower bound: a profile whose wake-up has become later stays where it is, and is looked at too
/// early once. So most changes cost nothing.
public struct WakeUpQueue: Sendable {
    private var heap: [Entry] = []
    /// The earliest time of each profile in the heap.
    private var earliest: [UInt64: Int64] = [:]

    private struct Entry {
        var time: Int64
        var profile: UInt64

        func precedes(_ other: Entry) -> Bool { (time, profile) < (other.time, other.profile) }
    }

    /// Creates an empty queue.
    public init() {}

    /// The number of profiles that wait.
    public var count: Int { earliest.count }
    /// The earliest time; nil for none.
    public var first: Timestamp? { heap.first.map { Timestamp(milliseconds: $0.time) } }

    /// Sets a profile's wake-up; true if it is earlier than the one that is known, so that it must be stored.
    @discardableResult
    public mutating func set(_ profile: UInt64, at time: Timestamp) -> Bool {
        if let known = earliest[profile], known <= time.milliseconds { return false }
        earliest[profile] = time.milliseconds
        push(Entry(time: time.milliseconds, profile: profile))
        return true
    }

    /// Removes and returns the profiles whose time has come, earliest first, at most `limit`.
    public mutating func take(until now: Timestamp, limit: Int) -> [UInt64] {
        var due: [UInt64] = []
        while due.count < limit, let first = heap.first, first.time <= now.milliseconds {
            pop()
            // An entry whose profile has an earlier one was taken with that.
            guard earliest[first.profile] == first.time else { continue }
            earliest[first.profile] = nil
            due.append(first.profile)
        }
        return due
    }

    private mutating func push(_ entry: Entry) {
        heap.append(entry)
        var place = heap.count - 1
        while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func pop() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var place = 0
        while true {
            let (left, right) = (2 * place + 1, 2 * place + 2)
            var least = place
            if left < heap.count, heap[left].precedes(heap[least]) { least = left }
            if right < heap.count, heap[right].precedes(heap[least]) { least = right }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
