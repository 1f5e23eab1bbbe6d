/// A list of numbers that is sorted by their bits and keeps its memory from one use to the next.
package struct SortedNumbers {
    /// The numbers as integers with the same order.
    private var keys: [Key] = []
    private var spare: [Key] = []
    /// The count of numbers; the arrays may be longer.
    package private(set) var count = 0

    private struct Key: RadixSortable, Equatable {
        let sortKey: UInt64
    }

    package init() {}

    /// Removes the numbers but keeps their memory.
    package mutating func removeAll() { count = 0 }

    /// Adds the numbers that are not NaN; −0 becomes 0.
    package mutating func append(contentsOf numbers: [Double]) {
        let lacking = count + numbers.count - keys.count
        if lacking > 0 { keys.append(contentsOf: repeatElement(Key(sortKey: 0), count: lacking)) }
        let source = numbers.span
        var end = count
        var target = keys.mutableSpan
        for index in source.indices {
            let bits = (source[index] == 0 ? 0 : source[index]).bitPattern
            // The key of a NaN is overwritten by the next one.
            target[end] = Key(sortKey: bits >> 63 == 1 ? ~bits : bits | (1 << 63))
            end += source[index].isNaN ? 0 : 1
        }
        count = end
    }

    /// Sorts the numbers in ascending order.
    package mutating func sort() { RadixSort.sort(&keys, count: count, spare: &spare) }

    /// Calls `body` with each distinct number and its count, in ascending order; the numbers must be sorted.
    package func forEachGroup(_ body: (_ value: Double, _ count: Int) -> Void) {
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, keys[end] == keys[start] { end += 1 }
            let key = keys[start].sortKey
            body(Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key), end - start)
            start = end
        }
    }
}
