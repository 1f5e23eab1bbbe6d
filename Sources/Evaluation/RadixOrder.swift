/// Sorts rows by a 64-bit key, digit by digit from the lowest: stable, in time proportional to the rows
/// (H. Hollerith, 1889; D. Knuth, The Art of Computer Programming 3, 5.2.5).
enum RadixOrder {
    /// A row with its key.
    struct Item {
        var key: UInt64
        var row: Int32
    }

    private static let bits = 11
    /// Below this number the standard sort is faster than filling the tables of six digits.
    private static let fewRows = 2_048

    /// Keys that rise as the scores fall. The bits of a positive number rise with it, those of a negative one
    /// fall; −0 and 0 have one key.
    static func descendingKey(_ score: Double) -> UInt64 {
        let bits = (score + 0).bitPattern
        return bits >> 63 == 0 ? ~(bits | 1 << 63) : bits
    }

    static func sort(_ items: inout [Item]) {
        guard items.count >= fewRows else {
            items.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
            return
        }
        var other = items
        for shift in stride(from: 0, to: UInt64.bitWidth, by: bits) {
            if scatter(items, to: &other, shift: shift) { swap(&items, &other) }
        }
    }

    /// Puts the items in the order of one digit; false when all have the same digit, and nothing was done.
    private static func scatter(_ items: [Item], to other: inout [Item], shift: Int) -> Bool {
        let mask = UInt64(1 << bits) - 1
        var next = [Int](repeating: 0, count: 1 << bits)
        for item in items { next[Int(truncatingIfNeeded: item.key >> UInt64(shift) & mask)] += 1 }
        guard !next.contains(items.count) else { return false }
        var sum = 0
        for digit in next.indices { (next[digit], sum) = (sum, sum + next[digit]) }
        for item in items {
            let digit = Int(truncatingIfNeeded: item.key >> UInt64(shift) & mask)
            other[next[digit]] = item
            next[digit] += 1
        }
        return true
    }
}
