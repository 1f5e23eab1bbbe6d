import LimpetLinearAlgebra

/// The parts that rows are boosted in.
extension LaneRows {
    /// Returns true where each block of the bins is of one group, so that the bins need not be copied: rows
    /// that were dealt to folds as they were read.
    static func isShared(_ binned: BinnedData, _ groupOfRow: [Int32]) -> Bool {
        binned.blocks.allSatisfy { block in
            let rows = block.firstRow..<(block.firstRow + block.rowCount)
            return block.rowCount <= LaneLayout.blockRows
                && rows.allSatisfy { groupOfRow[$0] == groupOfRow[rows.lowerBound] }
        }
    }

    /// Returns the blocks' rows.
    static func parts(
        _ binned: BinnedData, _ groupOfRow: [Int32]
    ) -> [(group: Int, rows: [Int32])] {
        binned.blocks.map { block in
            let rows = Int32(block.firstRow)..<Int32(block.firstRow + block.rowCount)
            return (Int(groupOfRow[block.firstRow]), Array(rows))
        }
    }

    /// Returns the rows of each group in parts of equal length, which do not depend on the number of threads.
    static func parts(_ groupOfRow: [Int32], groups: Int) -> [(group: Int, rows: [Int32])] {
        var rows = [[Int32]](repeating: [], count: groups)
        for (row, group) in groupOfRow.enumerated() { rows[Int(group)].append(Int32(row)) }
        return rows.enumerated().flatMap { group, rows in
            // Few rows still make several parts, so that threads can share them.
            let length = min(LaneLayout.blockRows, max(512, rows.count / 4 + 1))
            return stride(from: 0, to: rows.count, by: length).map { first in
                (group, Array(rows[first..<min(first + length, rows.count)]))
            }
        }
    }
}
