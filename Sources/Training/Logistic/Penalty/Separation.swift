import LimpetLinearAlgebra

/// A linear combination of columns that separates the classes, so that the likelihood has no maximum (A.
/// Albert and J. Anderson, 1984).
struct Separation: Hashable {
    /// The columns of the combination without the intercept, the largest contributions first.
    var columns: [Int]
    /// True when no row lies on the border.
    var isComplete: Bool

    /// Tries each column alone, then the directions in which diverging coefficients move.
    ///
    /// - Parameter directions: the last Newton steps, or the coefficients themselves.
    static func find(_ rows: LogisticRows, directions: [[Double]]) -> Separation? {
        if let single = singleColumn(rows) { return single }
        for direction in directions {
            if let found = along(direction, rows) { return found }
        }
        return nil
    }

    /// The least and the largest value of each class, by column.
    private struct Ranges {
        var least: [[Double]]
        var most: [[Double]]

        init(_ rows: LogisticRows) {
            least = [[Double]](repeating: [Double](repeating: .infinity, count: rows.columns), count: 2)
            most = [[Double]](repeating: [Double](repeating: -.infinity, count: rows.columns), count: 2)
            for block in rows.blocks {
                for column in 0..<rows.columns {
                    for row in 0..<block.rows where block.weights.map({ $0[row] > 0 }) ?? true {
                        let (side, x) = (Int(block.labels[row]), block[row, column])
                        least[side][column] = min(least[side][column], x)
                        most[side][column] = max(most[side][column], x)
                    }
                }
            }
        }
    }

    private static func singleColumn(_ rows: LogisticRows) -> Separation? {
        let ranges = Ranges(rows)
        var complete: [Int] = []
        var border: [Int] = []
        for column in 0..<rows.columns {
            let (zeros, ones) = (
                (ranges.least[0][column], ranges.most[0][column]),
                (ranges.least[1][column], ranges.most[1][column])
            )
            guard min(zeros.0, ones.0) < max(zeros.1, ones.1) else { continue }
            if zeros.1 < ones.0 || ones.1 < zeros.0 {
                complete.append(column)
            } else if zeros.1 == ones.0 || ones.1 == zeros.0 {
                border.append(column)
            }
        }
        if !complete.isEmpty { return Separation(columns: complete, isComplete: true) }
        return border.isEmpty ? nil : Separation(columns: border, isComplete: false)
    }

    private static func along(_ direction: [Double], _ rows: LogisticRows) -> Separation? {
        var margins: [Double] = []
        for block in rows.blocks {
            let both = block.logOdds(direction + direction.map { _ in 0 })
            for row in 0..<block.rows where block.weights.map({ $0[row] > 0 }) ?? true {
                let score = both[row] - both[block.rows + row]
                margins.append(block.labels[row] > 0.5 ? score : -score)
            }
        }
        let largest = margins.reduce(0) { max($0, abs($1)) }
        guard largest > 0, let least = margins.min(), least >= -1e-6 * largest else { return nil }
        return Separation(columns: weighty(direction, rows), isComplete: least > 1e-6 * largest)
    }

    /// Returns the columns whose contribution to the direction varies over rows by at least a thousandth of
    /// the largest.
    private static func weighty(_ direction: [Double], _ rows: LogisticRows) -> [Int] {
        let ranges = Ranges(rows)
        let spreads = direction.indices.map { column in
            let width =
                max(ranges.most[0][column], ranges.most[1][column])
                - min(ranges.least[0][column], ranges.least[1][column])
            return width.isFinite ? abs(direction[column]) * width : 0
        }
        let largest = spreads.dropFirst().max() ?? 0
        return spreads.indices.dropFirst().filter { spreads[$0] > 1e-3 * largest }
            .sorted { (spreads[$1], $0) < (spreads[$0], $1) }
    }
}
