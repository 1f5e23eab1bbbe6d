import LimpetParallel

/// A growing set of keys of message ids, in shards by the highest bits of the keys, so that several threads
/// add the keys of a block at the same time.
struct MessageTable: Sendable {
    private var shards = (0..<MessageGroups.count).map { MessageShard(index: $0) }

    /// The keys, in no order.
    var keys: [MessageKey] { shards.flatMap(\.keys) }

    /// Adds a key, and returns false if it was there already.
    mutating func insert(_ key: MessageKey) -> Bool { shards[MessageGroups.group(of: key)].insert(key) }

    /// Adds the keys of a block, and returns the rows whose key was there already, also by an earlier row of
    /// the block, in ascending order.
    mutating func insert(_ groups: MessageGroups, threads: Int) -> [UInt32] {
        let repeated = ConcurrentBlocks.reduce(&shards, threads: threads, initial: { [UInt32]() }) {
            $0.insert(groups, repeated: &$1)
        }
        return repeated.flatMap { $0 }.sorted()
    }
}

/// The keys of a shard: a hash table with open addressing, whose slots hold the keys themselves, since these
/// are hashes already.
private struct MessageShard: Sendable {
    private let index: Int
    /// The keys, ``MessageKey/none`` where there is none. Their count is a power of two.
    private var slots = [MessageKey](repeating: .none, count: 16)
    private var count = 0
    /// A result of all reads that only fetch slots, so that these are not optimised away.
    private var warmth: UInt64 = 0

    /// The number of keys whose slots are fetched together: the cache misses of these reads overlap.
    private static let fetched = 16

    init(index: Int) { self.index = index }

    var keys: [MessageKey] { slots.filter { $0 != .none } }

    mutating func insert(_ key: MessageKey) -> Bool {
        makeRoom(for: 1)
        var target = slots.mutableSpan
        guard Self.insert(key, into: &target) else { return false }
        count += 1
        return true
    }

    /// Adds this shard's keys of a block, and notes the rows whose key was there already.
    mutating func insert(_ groups: MessageGroups, repeated: inout [UInt32]) {
        let range = groups.starts[index]..<groups.starts[index + 1]
        guard !range.isEmpty else { return }
        makeRoom(for: range.count)
        let mask = slots.count - 1
        let keys = groups.keys.span
        var (added, seen): (Int, UInt64) = (0, 0)
        var target = slots.mutableSpan
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.fetched) {
            let some = start..<min(start + Self.fetched, range.upperBound)
            for place in some { seen ^= target[Int(truncatingIfNeeded: keys[place].high) & mask].low }
            for place in some {
                if Self.insert(keys[place], into: &target) {
                    added += 1
                } else {
                    repeated.append(groups.rows[place])
                }
            }
        }
        count += added
        warmth ^= seen
    }

    @inline(__always)
    private static func insert(_ key: MessageKey, into slots: inout MutableSpan<MessageKey>) -> Bool {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.high) & mask
        while slots[slot] != .none {
            if slots[slot] == key { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = key
        return true
    }

    /// Makes the table large enough to be at most five eighths full with more keys.
    private mutating func makeRoom(for more: Int) {
        var size = slots.count
        while 8 * (count + more) > 5 * size { size *= 2 }
        guard size > slots.count else { return }
        let keys = keys
        slots = [MessageKey](repeating: .none, count: size)
        var target = slots.mutableSpan
        for key in keys { _ = Self.insert(key, into: &target) }
    }
}
