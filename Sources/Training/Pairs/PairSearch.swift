/// The derivatives of two inputs' cells, `[rows][columns]`, with a search for the best split into four
/// quadrants.
struct PairSearch {
    let gradients: [Double]
    let hessians: [Double]
    let rows: Int
    let columns: Int
    let l2: Double
    let minimumHessian: Double
    /// The order of the bins of either axis, in which a cut separates them.
    private let rowOrder: [Int]
    private let columnOrder: [Int]

    /// A cut through both axes.
    struct Cut {
        /// The number of the first input's bins before the cut, in the order of the search.
        var row: Int
        var column: Int
        /// The gain or the contrast that was searched for.
        var value: Double
    }

    init(
        gradients: [Double], hessians: [Double], rows: Int, columns: Int, isUnordered: (Bool, Bool),
        l2: Double, minimumHessian: Double
    ) {
        self.gradients = gradients
        self.hessians = hessians
        self.rows = rows
        self.columns = columns
        self.l2 = l2
        self.minimumHessian = minimumHessian
        guard isUnordered.0 || isUnordered.1 else {
            (rowOrder, columnOrder) = (Self.missingFirst(rows), Self.missingFirst(columns))
            return
        }
        let leading = LeadingInteraction(
            gradients: gradients, hessians: hessians, rows: rows, columns: columns)
        rowOrder = isUnordered.0 ? leading.rowOrder : Self.missingFirst(rows)
        columnOrder = isUnordered.1 ? leading.columnOrder : Self.missingFirst(columns)
    }

    /// Returns the bins in order, with missing values next to the smallest ones.
    private static func missingFirst(_ count: Int) -> [Int] { [count - 1] + Array(0..<(count - 1)) }

    /// Returns the cut that decreases the quadratic model of the loss most; nil when no cut has enough weight
    /// in all four quadrants.
    func bestGain() -> Cut? {
        let l2 = l2
        return best { g, h in
            g.0 * g.0 / (h.0 + l2) + g.1 * g.1 / (h.1 + l2) + g.2 * g.2 / (h.2 + l2) + g.3 * g.3 / (h.3 + l2)
        }
    }

    /// Returns the largest contrast of four quadrants, `(m₁₁ − m₁₂ − m₂₁ + m₂₂)² / Σ 1/H`; 0 without a cut.
    ///
    /// It is the interaction that no two functions of one input each explain, about chi-squared with one
    /// degree of freedom where there is none.
    func bestContrast() -> Double {
        let cut = best { g, h in
            let difference = g.0 / h.0 - g.1 / h.1 - g.2 / h.2 + g.3 / h.3
            return difference * difference / (1 / h.0 + 1 / h.1 + 1 / h.2 + 1 / h.3)
        }
        return cut?.value ?? 0
    }

    private typealias Quadrants = (Double, Double, Double, Double)

    @inline(__always)
    private func best(by value: (_ gradients: Quadrants, _ hessians: Quadrants) -> Double) -> Cut? {
        let (gradientSums, hessianSums) = (cumulative(gradients), cumulative(hessians))
        let (g, h) = (gradientSums.span, hessianSums.span)
        let width = columns + 1
        let last = rows * width + columns
        var best = Cut(row: 0, column: 0, value: 0)
        for i in 1..<max(2, rows) where i < rows {
            for j in 1..<max(2, columns) where j < columns {
                let (corner, top, side) = (i * width + j, i * width + columns, rows * width + j)
                let hs = (
                    h[corner], h[top] - h[corner], h[side] - h[corner], h[last] - h[top] - h[side] + h[corner]
                )
                guard min(min(hs.0, hs.1), min(hs.2, hs.3)) >= minimumHessian else { continue }
                let gs = (
                    g[corner], g[top] - g[corner], g[side] - g[corner], g[last] - g[top] - g[side] + g[corner]
                )
                let found = value(gs, hs)
                if found > best.value { best = Cut(row: i, column: j, value: found) }
            }
        }
        return best.row > 0 ? best : nil
    }

    /// Returns the sums over all cells before an index in both orders, with a first row and column of zeros.
    private func cumulative(_ sums: [Double]) -> [Double] {
        let width = columns + 1
        var result = [Double](repeating: 0, count: (rows + 1) * width)
        for i in 1...rows {
            var inRow = 0.0
            for j in 1...columns {
                inRow += sums[rowOrder[i - 1] * columns + columnOrder[j - 1]]
                result[i * width + j] = result[(i - 1) * width + j] + inRow
            }
        }
        return result
    }

    /// Returns the step of each cell, `−G / (H + λ)` of its quadrant times `rate`.
    func steps(_ cut: Cut, rate: Double) -> [Double] {
        var (g, h) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
        let part = quadrantOfCell(cut)
        for cell in part.indices {
            g[part[cell]] += gradients[cell]
            h[part[cell]] += hessians[cell]
        }
        return part.map { -rate * g[$0] / (h[$0] + l2) }
    }

    private func quadrantOfCell(_ cut: Cut) -> [Int] {
        var part = [Int](repeating: 0, count: rows * columns)
        for (i, row) in rowOrder.enumerated() {
            for (j, column) in columnOrder.enumerated() {
                part[row * columns + column] = (i < cut.row ? 0 : 2) + (j < cut.column ? 0 : 1)
            }
        }
        return part
    }
}
