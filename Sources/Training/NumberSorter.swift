/// Sorts many numbers at once, by their bits from the last digit to the first: a digit that all numbers share, as
/// the last ones of whole numbers, costs nothing.
struct NumberSorter {
    private var keys: [UInt64] = []
    private var other: [UInt64] = []
    /// The numbers so far; the arrays may be longer.
    private(set) var count = 0

    private static let digitBits: UInt64 = 11
    private static let digits = 6

    /// Forgets the numbers but keeps their memory.
    mutating func removeAll() { count = 0 }

    /// Adds a number that is not NaN; −0 becomes 0.
    mutating func append(_ number: Double) {
        let bits = (number == 0 ? 0 : number).bitPattern
        // A whole number that is ordered as the number is.
        let key = bits >> 63 == 1 ? ~bits : bits | (1 << 63)
        if count < keys.count { keys[count] = key } else { keys.append(key) }
        count += 1
    }

    /// Sorts in ascending order.
    mutating func sort() {
        if other.count < keys.count { other = [UInt64](repeating: 0, count: keys.count) }
        for digit in 0..<Self.digits {
            if Self.sort(keys, count, shift: UInt64(digit) * Self.digitBits, into: &other) {
                (keys, other) = (other, keys)
            }
        }
    }

    /// Sorts by one digit; false when all keys have the same.
    private static func sort(
        _ keys: [UInt64], _ count: Int, shift: UInt64, into sorted: inout [UInt64]
    ) -> Bool {
        let mask: UInt64 = (1 << digitBits) - 1
        var places = [Int](repeating: 0, count: 1 << Int(digitBits))
        let source = keys.span
        for index in 0..<count { places[Int((source[index] >> shift) & mask)] += 1 }
        guard !places.contains(count) else { return false }
        var next = 0
        for digit in places.indices { (places[digit], next) = (next, next + places[digit]) }
        var target = sorted.mutableSpan
        for index in 0..<count {
            let digit = Int((source[index] >> shift) & mask)
            target[places[digit]] = source[index]
            places[digit] += 1
        }
        return true
    }

    /// Each distinct number with how often it occurs, in order once sorted.
    func forEachGroup(_ body: (_ value: Double, _ count: Int) -> Void) {
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, keys[end] == keys[start] { end += 1 }
            let key = keys[start]
            body(Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key), end - start)
            start = end
        }
    }
}
