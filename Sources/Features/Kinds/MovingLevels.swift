/// The counts of the distinct values of a property, its levels, in a window that moves forward.
struct MovingLevels {
    /// The count of each level.
    private var counts: [Int] = []
    /// The index in ``present`` of each level that the window contains.
    private var slots: [Int] = []
    /// The levels that the window contains, in no order.
    private var present: [Int] = []
    /// The number of levels with each count.
    private var tallies: [Int] = [0]
    /// The largest count.
    private(set) var most = 0

    /// The number of levels that the window contains.
    var distinct: Int { present.count }

    /// The counts of the levels that the window contains, in no order.
    var all: [Int] { present.map { counts[$0] } }

    /// Removes everything, and allocates counts for `levels` levels.
    mutating func removeAll(levels: Int) {
        counts.removeAll(keepingCapacity: true)
        counts.append(contentsOf: repeatElement(0, count: levels))
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(0, count: levels))
        present.removeAll(keepingCapacity: true)
        removeAll()
    }

    /// Removes all events of the window.
    mutating func removeAll() {
        for level in present { counts[level] = 0 }
        present.removeAll(keepingCapacity: true)
        tallies.removeAll(keepingCapacity: true)
        tallies.append(0)
        most = 0
    }

    /// Adds one event of a level.
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

    /// Removes one event of a level that the window contains.
    mutating func remove(_ level: Int) {
        let count = counts[level]
        counts[level] = count - 1
        tallies[count] -= 1
        // The level itself now has one less, so the largest count is at most one lower.
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
