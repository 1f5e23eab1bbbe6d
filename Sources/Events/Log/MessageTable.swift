/// A growing set of keys of message ids: a hash table with open addressing, whose slots hold the keys
/// themselves, since these are hashes already.
struct MessageTable: Sendable {
    /// The keys, ``MessageKey/none`` where there is none. Their count is a power of two.
    private var slots = [MessageKey](repeating: .none, count: 1 << 10)
    /// The number of keys.
    private(set) var count = 0

    /// The keys, in no order.
    var keys: [MessageKey] { slots.filter { $0 != .none } }

    /// Adds a key, and returns false if it was there already.
    @inline(__always)
    mutating func insert(_ key: MessageKey) -> Bool {
        let slot = slot(of: key)
        guard slots[slot] == .none else { return false }
        slots[slot] = key
        count += 1
        if 2 * count > slots.count { grow() }
        return true
    }

    /// Returns the slot of a key, or the empty one where it belongs.
    @inline(__always)
    private func slot(of key: MessageKey) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.high) & mask
        while slots[slot] != .none, slots[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let keys = keys
        slots = [MessageKey](repeating: .none, count: 4 * slots.count)
        for key in keys { slots[slot(of: key)] = key }
    }
}
