import LimpetEvents

/// The rows of a log, by their order of arrival, whose message id an earlier row has.
///
/// They are kept in chunks: two bytes a row where a chunk has few of them, and a bit for each row of the log
/// where it has many, so that the memory grows with the rows that are repeated.
package struct RepeatedRows: Sendable {
    private var chunks: [Chunk]
    /// The number of repeated rows.
    package private(set) var total = 0

    /// The repeated rows of as many consecutive rows as two bytes can number.
    fileprivate struct Chunk {
        /// The rows, ascending once they are counted; empty when there are bits.
        var few: [UInt16] = []
        /// A bit for each row; empty when there are few.
        var bits: [UInt64] = []
        /// The number of repeated rows before each word of the bits.
        var ranks: [UInt16] = []
        /// The number of repeated rows in the chunks before.
        var before = 0
    }

    /// The rows of a chunk, and the repeated rows from which on it has bits.
    fileprivate static let (chunkRows, many) = (1 << 16, 1 << 12)

    /// Makes a set of none of `rows` rows.
    package init(rows: Int) {
        chunks = Array(repeating: Chunk(), count: (rows + Self.chunkRows - 1) / Self.chunkRows)
    }

    package var isEmpty: Bool { total == 0 }

    /// Adds a row that is not in the set.
    package mutating func insert(_ row: Int) { chunks[row / Self.chunkRows].insert(row % Self.chunkRows) }

    /// Counts the rows; to be called when all are there.
    package mutating func countBefore() {
        total = 0
        for index in chunks.indices { total += chunks[index].count(before: total) }
    }

    package func contains(_ row: Int) -> Bool {
        chunks[row / Self.chunkRows].contains(row % Self.chunkRows)
    }

    /// Returns the place of a row among those that are not repeated.
    package func place(of row: Int) -> Int {
        row - chunks[row / Self.chunkRows].rank(of: row % Self.chunkRows)
    }
}

extension RepeatedRows.Chunk {
    mutating func insert(_ row: Int) {
        if bits.isEmpty, few.count < RepeatedRows.many {
            few.append(UInt16(row))
            return
        }
        if bits.isEmpty {
            bits = [UInt64](repeating: 0, count: RepeatedRows.chunkRows / 64)
            for row in few { bits[Int(row) / 64] |= 1 << UInt64(row % 64) }
            few = []
        }
        bits[row / 64] |= 1 << UInt64(row % 64)
    }

    /// Prepares the chunk for questions, and returns the number of its rows.
    mutating func count(before: Int) -> Int {
        self.before = before
        few.sort()
        var count = 0
        ranks = bits.map { word in
            defer { count += word.nonzeroBitCount }
            return UInt16(count)
        }
        return count + few.count
    }

    func contains(_ row: Int) -> Bool {
        guard bits.isEmpty else { return bits[row / 64] >> UInt64(row % 64) & 1 == 1 }
        let place = few.partitioningIndex { Int($0) >= row }
        return place < few.count && Int(few[place]) == row
    }

    /// Returns the number of repeated rows before a row.
    func rank(of row: Int) -> Int {
        guard bits.isEmpty else {
            let earlier = bits[row / 64] & (1 << UInt64(row % 64) - 1)
            return before + Int(ranks[row / 64]) + earlier.nonzeroBitCount
        }
        return before + few.partitioningIndex { Int($0) >= row }
    }
}
