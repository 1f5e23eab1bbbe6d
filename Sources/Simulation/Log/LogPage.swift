/// Rows of the log that were written user by user and must be sorted by time.
struct LogPage: Sendable {
    /// The sort keys of a row, and the range of its bytes.
    private struct Row: Sendable, Comparable {
        /// The second in the upper 40 bits, and the user in the lower 24.
        var order: UInt64
        /// The row's number within its page: the order of the actions of one user in one second.
        var number: UInt32
        var page: UInt32
        var start: Int
        var end: Int

        static func < (left: Row, right: Row) -> Bool {
            left.order != right.order ? left.order < right.order : left.number < right.number
        }
    }

    private var bytes: [UInt8] = []
    private var rows: [Row] = []
    private var clock = ClockText(dayOf: 0)

    var rowCount: Int { rows.count }

    mutating func append(_ row: SimulatedRow, second: Int64, user: inout SimulatedUser) {
        if !clock.contains(second) { clock = ClockText(dayOf: second) }
        let start = bytes.count
        user.rowCount += 1
        row.append(to: &bytes, second: second, clock: clock, user: user.index, number: user.rowCount)
        // 24 bits are enough for 5,000,000 users, and 40 for the seconds of 30,000 years.
        let order = UInt64(second) << 24 | UInt64(user.index)
        rows.append(
            Row(order: order, number: UInt32(rows.count), page: 0, start: start, end: bytes.count))
    }

    /// Returns the bytes of all rows, ordered by time, user and action.
    ///
    /// All rows of one user must be in the same page; the distribution of users over pages does not matter.
    static func inOrder(_ pages: [LogPage]) -> [UInt8] {
        var rows: [Row] = []
        rows.reserveCapacity(pages.reduce(0) { $0 + $1.rows.count })
        for (number, page) in pages.enumerated() {
            for var row in page.rows {
                row.page = UInt32(number)
                rows.append(row)
            }
        }
        rows.sort()
        var result: [UInt8] = []
        result.reserveCapacity(pages.reduce(0) { $0 + $1.bytes.count })
        for row in rows { result.append(contentsOf: pages[Int(row.page)].bytes[row.start..<row.end]) }
        return result
    }
}
