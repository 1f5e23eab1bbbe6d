package import LimpetLinearAlgebra

extension LogisticRows {
    /// Makes rows from a design matrix.
    ///
    /// - Parameters:
    ///   - weights: of each row, at least 0: 2 counts the row twice, 0 leaves it out; nil for ones.
    ///   - offsets: the constant added to each row's log-odds; nil for zeros.
    ///   - segments: the segment of each row; nil for one segment.
    package init(
        _ design: DesignMatrix, labels: [Bool], weights: [Double]? = nil, offsets: [Double]? = nil,
        segments: [Int]? = nil
    ) {
        let matrix = design.matrix
        let layout = Self.layout(rows: labels.count, segments: segments, columns: matrix.columns)
        let blocks = layout.map { block in
            var values: [Double] = []
            values.reserveCapacity(block.rows.count * matrix.columns)
            for column in 0..<matrix.columns {
                for row in block.rows { values.append(matrix.elements[row * matrix.columns + column]) }
            }
            return RowBlock(
                design: values, labels: block.rows.map { labels[$0] ? 1 : 0 },
                weights: weights.map { weights in block.rows.map { weights[$0] } },
                offsets: offsets.map { offsets in block.rows.map { offsets[$0] } })
        }
        self.init(
            blocks: blocks, segmentOfBlock: layout.map(\.segment), columns: matrix.columns,
            order: layout.flatMap(\.rows))
    }

    /// Returns the assignment of rows to blocks, ordered by segment, with no block in two segments.
    ///
    /// - Returns: the rows of each block, with its segment.
    static func layout(rows count: Int, segments: [Int]?, columns: Int) -> [(segment: Int, rows: [Int])] {
        let size = RowBlock.rows(forColumns: columns)
        guard let segments else {
            return stride(from: 0, to: count, by: size).map { (0, Array($0..<min($0 + size, count))) }
        }
        var rowsOfSegment = [[Int]](repeating: [], count: (segments.max() ?? 0) + 1)
        for (row, segment) in segments.enumerated() { rowsOfSegment[segment].append(row) }
        return rowsOfSegment.enumerated().flatMap { segment, rows in
            stride(from: 0, to: rows.count, by: size).map { start in
                (segment, Array(rows[start..<min(start + size, rows.count)]))
            }
        }
    }
}
