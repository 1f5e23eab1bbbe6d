/// How often each level of a property stands in a window that moves forward.
struct MovingLevels {
    /// By level.
    private var counts: [Int] = []
    /// Where each level that the window holds stands in ``present``.
    private var slots: [Int] = []
    /// The levels that the window holds, in no order.
    private var present: [Int] = []
    /// How many levels have each count.
    private var tallies: [Int] = [0]
    /// The largest count.
    private(set) var most = 0

    /// How many levels the window holds.
    var distinct: Int { present.count }

    /// The counts of the levels that the window holds, in no order.
    var all: [Int] { present.map { counts[$0] } }

    /// Forgets everything, and makes room for so many levels.
    mutating func removeAll(levels: Int) {
        counts.removeAll(keepingCapacity: true)
        counts.append(contentsOf: repeatElement(0, count: levels))
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(0, count: levels))
        present.removeAll(keepingCapacity: true)
        removeAll()
    }

    /// Forgets what the window holds.
    mutating func removeAll() {
        for level in present { counts[level] = 0 }
        present.removeAll(keepingCapacity: true)
        tallies.removeAll(keepingCapacity: true)
        tallies.append(0)
        most = 0
    }

    /// Takes one more of a level.
    mutating func append(_ level: Int) {
        let count = counts[level]
        if count == 0 {
            slots[level] = present.count
            present.append(level)
        } else {
            tallies[count] -= 1
        }
        counts[level] = count + 1
        if tallies.count == count + 1 { tallies.append(0) }
        tallies[count + 1] += 1
        most = max(most, count + 1)
    }

    /// Drops one of a level that the window holds.
    mutating func remove(_ level: Int) {
        let count = counts[level]
        counts[level] = count - 1
        tallies[count] -= 1
        // The level itself has now one less, so that no gap can lie below.
        if count == most, tallies[count] == 0 { most = count - 1 }
        if count > 1 {
            tallies[count - 1] += 1
        } else {
            let last = present[present.count - 1]
            present[slots[level]] = last
            slots[last] = slots[level]
            present.removeLast()
        }
    }
}
