import LimpetLinearAlgebra

/// Rows whose inputs are known by their bins alone, one byte for each: what is kept of snapshots that as
/// numbers would be larger than memory.
///
/// Rows are in blocks, `[inputs][rows]`, which tables of a part of the rows share where they take whole ones.
package final class ByteTable: Sendable {
    /// The bins of each input.
    package let definitions: [BinDefinition]
    /// The rows, in order.
    let blocks: [BinnedData.Block]
    /// The first row of each block, and the number of rows at the end.
    let starts: [Int]

    /// The number of rows.
    package var count: Int { starts[blocks.count] }

    /// The largest number of rows of a block, which lanes take as it is.
    static let blockRows = LaneLayout.blockRows

    /// Makes a table of consecutive blocks.
    init(_ definitions: [BinDefinition], blocks: [BinnedData.Block]) {
        self.definitions = definitions
        self.blocks = blocks
        starts = BlockCursor.starts(of: blocks)
    }

    /// Returns the given rows, in this order. A block of which all rows follow one another is shared.
    ///
    /// - Parameter folds: the fold of each row, of which a block gets one alone; nil where rows have none.
    func selecting(_ rows: [Int], folds: [UInt8]?) -> ByteTable {
        var cursor = BlockCursor(starts: starts)
        var (selected, pending): ([BinnedData.Block], [Int]) = ([], [])
        var done = 0
        func close() {
            guard !pending.isEmpty else { return }
            selected.append(gathered(pending, firstRow: done))
            done += pending.count
            pending.removeAll(keepingCapacity: true)
        }
        var next = 0
        while next < rows.count {
            let block = blocks[cursor.find(rows[next])]
            if rows[next] == block.firstRow, Self.isRun(rows, from: next, count: block.rowCount) {
                close()
                selected.append(
                    BinnedData.Block(firstRow: done, rowCount: block.rowCount, bins: block.bins))
                done += block.rowCount
                next += block.rowCount
            } else {
                if let folds, let last = pending.last, folds[last] != folds[rows[next]] { close() }
                pending.append(rows[next])
                next += 1
                if pending.count == Self.blockRows { close() }
            }
        }
        close()
        return ByteTable(definitions, blocks: selected)
    }

    /// Returns true where rows follow one another, `count` of them.
    private static func isRun(_ rows: [Int], from first: Int, count: Int) -> Bool {
        guard first + count <= rows.count, rows[first + count - 1] == rows[first] + count - 1 else {
            return false
        }
        return (0..<count).allSatisfy { rows[first + $0] == rows[first] + $0 }
    }

    private func gathered(_ rows: [Int], firstRow: Int) -> BinnedData.Block {
        var cursor = BlockCursor(starts: starts)
        let places = rows.map { row in
            let block = cursor.find(row)
            return (block: block, row: row - blocks[block].firstRow)
        }
        var bins: [UInt8] = []
        bins.reserveCapacity(rows.count * definitions.count)
        for input in definitions.indices {
            for place in places {
                let block = blocks[place.block]
                bins.append(block.bins[input * block.rowCount + place.row])
            }
        }
        return BinnedData.Block(firstRow: firstRow, rowCount: rows.count, bins: bins)
    }

    /// Writes the bins of consecutive rows in one input.
    func copy(_ rows: Range<Int>, of input: Int, to bins: inout [UInt8], at place: Int) {
        guard !rows.isEmpty else { return }
        var cursor = BlockCursor(starts: starts)
        var index = cursor.find(rows.lowerBound)
        var (row, place) = (rows.lowerBound, place)
        while row < rows.upperBound {
            let block = blocks[index]
            let end = min(rows.upperBound, block.firstRow + block.rowCount)
            let source = block.bins.span
            for bin in row..<end {
                bins[place] = source[input * block.rowCount + bin - block.firstRow]
                place += 1
            }
            (row, index) = (end, index + 1)
        }
    }
}

/// One input of a table of bins.
public struct ByteColumn: Sendable {
    /// The table.
    package let table: ByteTable
    /// The place of the input in the table.
    package let place: Int

    package init(_ table: ByteTable, _ place: Int) {
        (self.table, self.place) = (table, place)
    }

    /// The bins.
    package var definition: BinDefinition { table.definitions[place] }

    /// Returns the number of rows in each bin, or their weight.
    func counts(weights: [Double]?) -> [Double] {
        guard let weights else { return counts.map { Double($0) } }
        var sums = [Double](repeating: 0, count: definition.binCount)
        for block in table.blocks {
            let bins = block.bins.span.extracting(range(block))
            for row in bins.indices { sums[Int(bins[row])] += weights[block.firstRow + row] }
        }
        return sums
    }

    private var counts: [Int] {
        var counts = [Int](repeating: 0, count: definition.binCount)
        var target = counts.mutableSpan
        for block in table.blocks {
            let bins = block.bins.span.extracting(range(block))
            for row in bins.indices { target[Int(bins[row])] += 1 }
        }
        return counts
    }

    /// True when all rows have the same bin.
    var isConstant: Bool {
        var first: UInt8?
        for block in table.blocks {
            let bins = block.bins.span.extracting(range(block))
            guard !bins.isEmpty else { continue }
            let expected = first ?? bins[0]
            first = expected
            for row in bins.indices where bins[row] != expected { return false }
        }
        return true
    }

    private func range(_ block: BinnedData.Block) -> Range<Int> {
        (place * block.rowCount)..<((place + 1) * block.rowCount)
    }
}

/// Finds the blocks of rows, fast where rows ascend.
struct BlockCursor {
    private let starts: [Int]
    private var index = 0

    /// - Parameter starts: those of ``starts(of:)``, for many cursors of the same blocks.
    init(starts: [Int]) { self.starts = starts }

    init(_ blocks: [BinnedData.Block]) { self.init(starts: Self.starts(of: blocks)) }

    /// Returns the first row of each block, and the number of rows at the end.
    static func starts(of blocks: [BinnedData.Block]) -> [Int] {
        blocks.map(\.firstRow) + [blocks.last.map { $0.firstRow + $0.rowCount } ?? 0]
    }

    /// Returns the index of the block that holds a row.
    mutating func find(_ row: Int) -> Int {
        precondition(row >= 0 && row < starts[starts.count - 1], "the row is one of the blocks'")
        if row >= starts[index], row < starts[index + 1] { return index }
        if row >= starts[index + 1], index + 2 < starts.count, row < starts[index + 2] {
            index += 1
            return index
        }
        var (low, high) = (0, starts.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= row { low = middle } else { high = middle }
        }
        index = low
        return index
    }
}
