/// The order of rows by a number, from the highest to the lowest; rows with equal numbers stay in their
/// order.
///
/// Many numbers are sorted by address calculation (E. Isaac and R. Singleton, 1956): each falls into one of
/// 2²² intervals of equal width between the least and the most, which two passes of ``RadixSort`` put in
/// order, and the few numbers that share an interval are sorted among themselves. Numbers that are distant
/// from all others leave too many in one interval; these are sorted by all their digits.
package enum DescendingOrder {
    /// The bits of the number of an interval: two digits of ``RadixSort``.
    private static let intervalBits: UInt64 = 22
    /// The count below which a sort by all digits is as fast.
    private static let fewRows = 16_384
    /// The count in one interval up to which numbers are sorted by insertion.
    private static let insertedRows = 24

    /// Sorts rows; nil when the number of one of them is NaN.
    ///
    /// - Parameter included: the rows to sort, ascending; nil for all.
    package static func rows(_ numbers: [Double], included: [Int32]? = nil) -> [Int32]? {
        let count = included?.count ?? numbers.count
        let values = numbers.span
        var (least, most) = (Double.infinity, -Double.infinity)
        var isNumber = true
        if let included {
            for row in included { take(values[Int(row)], &least, &most, &isNumber) }
        } else {
            for row in 0..<count { take(values[row], &least, &most, &isNumber) }
        }
        guard isNumber else { return nil }
        let scale = (Double(1 << intervalBits) - 1) / (most - least)
        guard count >= fewRows, scale < .infinity, scale > 0 else { return byAllDigits(numbers, included) }
        var keys: [Key] = []
        keys.reserveCapacity(count)
        for place in 0..<count {
            let row = included.map { Int($0[place]) } ?? place
            let interval = UInt64((most - values[row]) * scale)
            keys.append(Key(sortKey: interval << 32 | UInt64(row)))
        }
        var spare = keys
        for digit in 0..<2 {
            let shift = 32 + UInt64(digit) * RadixSort.digitBits
            if RadixSort.scatter(keys, count, shift: shift, into: &spare) { swap(&keys, &spare) }
        }
        return settled(keys, values)
    }

    private struct Key: RadixSortable {
        let sortKey: UInt64

        var row: Int32 { Int32(truncatingIfNeeded: sortKey & 0xffff_ffff) }
    }

    private static func take(
        _ value: Double, _ least: inout Double, _ most: inout Double, _ isNumber: inout Bool
    ) {
        least = value < least ? value : least
        most = value > most ? value : most
        isNumber = isNumber && value == value
    }

    private static func byAllDigits(_ numbers: [Double], _ included: [Int32]?) -> [Int32] {
        var keyed: [KeyedRow]
        if let included {
            keyed = included.map { KeyedRow(key: KeyedRow.descendingKey(numbers[Int($0)]), row: $0) }
        } else {
            keyed = numbers.indices.map {
                KeyedRow(key: KeyedRow.descendingKey(numbers[$0]), row: Int32($0))
            }
        }
        KeyedRow.sort(&keyed)
        return keyed.map(\.row)
    }

    /// Returns the rows of sorted intervals, with those of each interval in order.
    private static func settled(_ keys: [Key], _ numbers: Span<Double>) -> [Int32] {
        var rows = keys.map(\.row)
        let intervals = keys.span
        var span = rows.mutableSpan
        var start = 0
        while start < intervals.count {
            let interval = intervals[start].sortKey >> 32
            var end = start + 1
            while end < intervals.count, intervals[end].sortKey >> 32 == interval { end += 1 }
            if end - start > 1 { sort(&span, start..<end, numbers) }
            start = end
        }
        return rows
    }

    private static func sort(
        _ rows: inout MutableSpan<Int32>, _ range: Range<Int>, _ numbers: Span<Double>
    ) {
        guard range.count > insertedRows else {
            for place in range.dropFirst() {
                let row = rows[place]
                let number = numbers[Int(row)]
                var target = place
                while target > range.lowerBound, numbers[Int(rows[target - 1])] < number {
                    rows[target] = rows[target - 1]
                    target -= 1
                }
                rows[target] = row
            }
            return
        }
        let first = numbers[Int(rows[range.lowerBound])]
        guard range.contains(where: { numbers[Int(rows[$0])] != first }) else { return }
        var keyed = range.map { place in
            KeyedRow(key: KeyedRow.descendingKey(numbers[Int(rows[place])]), row: rows[place])
        }
        KeyedRow.sort(&keyed)
        for (place, key) in zip(range, keyed) { rows[place] = key.row }
    }
}
