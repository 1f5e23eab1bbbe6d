/// The rows of a log, by their order of arrival, whose message id an earlier row has.
struct RepeatedRows: Sendable {
    /// A bit for each row.
    private var bits: [UInt64]
    /// The number of repeated rows before each word of ``bits``, made by ``count()``.
    private var before: [Int] = []
    /// The number of repeated rows.
    private(set) var total = 0

    /// Makes a set of none of `rows` rows.
    init(rows: Int) { bits = [UInt64](repeating: 0, count: (rows + 63) / 64) }

    /// Makes a set from the places of rows.
    init(_ repeated: some Sequence<Int>, rows: Int) {
        self.init(rows: rows)
        for row in repeated { insert(row) }
        countBefore()
    }

    var isEmpty: Bool { total == 0 }

    mutating func insert(_ row: Int) {
        bits[row / 64] |= 1 << UInt64(row % 64)
    }

    /// Counts the rows; to be called when all are there.
    mutating func countBefore() {
        (before, total) = ([], 0)
        before.reserveCapacity(bits.count)
        for word in bits {
            before.append(total)
            total += word.nonzeroBitCount
        }
    }

    func contains(_ row: Int) -> Bool { bits[row / 64] >> UInt64(row % 64) & 1 == 1 }

    /// Returns the place of a row among those that are not repeated.
    func place(of row: Int) -> Int {
        let earlier = bits[row / 64] & (1 << UInt64(row % 64) - 1)
        return row - before[row / 64] - earlier.nonzeroBitCount
    }
}
