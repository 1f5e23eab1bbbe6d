import LimpetParallel

/// The cell of each row in the table of each pair, in blocks of rows.
struct PairCells: Sendable {
    /// `[blocks][pairs][rows]`.
    let blocks: [[[UInt16]]]
    /// The first row of each block, and the number of all.
    let bounds: [Int]

    /// The rows of a block; it does not depend on the number of threads, nor does a sum over blocks then.
    private static let blockRows = 1 << 13

    init(_ data: BinnedData, pairs: [(PairAxis, PairAxis)], threads: Int) {
        var columns: [Int: [UInt8]] = [:]
        for axis in pairs.flatMap({ [$0, $1] }) where columns[axis.input] == nil {
            columns[axis.input] = data.column(axis.input)
        }
        let (known, bounds) = (
            columns, ConcurrentBlocks.bounds(data.rowCount, length: Self.blockRows)
        )
        self.bounds = bounds
        blocks = ConcurrentBlocks.map(bounds.count - 1, threads: threads) { index in
            pairs.map { Self.cells(known, $0, $1, bounds[index]..<bounds[index + 1]) }
        }
    }

    private static func cells(
        _ columns: [Int: [UInt8]], _ first: PairAxis, _ second: PairAxis, _ rows: Range<Int>
    ) -> [UInt16] {
        guard let one = columns[first.input], let other = columns[second.input] else { return [] }
        let width = UInt16(second.binCount)
        return zip(one[rows], other[rows]).map {
            UInt16(first.stateOfBin[Int($0)]) * width + UInt16(second.stateOfBin[Int($1)])
        }
    }
}
