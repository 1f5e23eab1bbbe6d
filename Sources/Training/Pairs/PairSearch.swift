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
    struct Quadrants {
        /// The number of the first input's bins before the cut, in the order of the search.
        var rowCut: Int
        var columnCut: Int
        /// The decrease of the quadratic model of the loss.
        var gain: Double
        /// `(m₁₁ − m₁₂ − m₂₁ + m₂₂)² / Σ 1/H`: the interaction that no two functions of one input each
        /// explain, about chi-squared with one degree of freedom where there is none.
        var contrast: Double
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

    /// Returns the cut for which `value` is largest; nil when no cut has enough weight in all four quadrants.
    func best(by value: (Quadrants) -> Double) -> Quadrants? {
        let (g, h) = (cumulative(gradients), cumulative(hessians))
        let width = columns + 1
        let last = rows * width + columns
        var best: Quadrants?
        for i in 1..<max(2, rows) where i < rows {
            for j in 1..<max(2, columns) where j < columns {
                let corner = i * width + j
                let (top, side) = (i * width + columns, rows * width + j)
                let hs = (
                    h[corner], h[top] - h[corner], h[side] - h[corner], h[last] - h[top] - h[side] + h[corner]
                )
                guard min(min(hs.0, hs.1), min(hs.2, hs.3)) >= minimumHessian else { continue }
                let gs = (
                    g[corner], g[top] - g[corner], g[side] - g[corner], g[last] - g[top] - g[side] + g[corner]
                )
                let quadrants = quadrants(i, j, gs, hs)
                if value(quadrants) > best.map(value) ?? 0 { best = quadrants }
            }
        }
        return best
    }

    private func quadrants(
        _ i: Int, _ j: Int, _ g: (Double, Double, Double, Double), _ h: (Double, Double, Double, Double)
    ) -> Quadrants {
        let gain =
            g.0 * g.0 / (h.0 + l2) + g.1 * g.1 / (h.1 + l2) + g.2 * g.2 / (h.2 + l2) + g.3 * g.3 / (h.3 + l2)
        let difference = g.0 / h.0 - g.1 / h.1 - g.2 / h.2 + g.3 / h.3
        let variance = 1 / h.0 + 1 / h.1 + 1 / h.2 + 1 / h.3
        return Quadrants(rowCut: i, columnCut: j, gain: gain, contrast: difference * difference / variance)
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
    func steps(_ cut: Quadrants, rate: Double) -> [Double] {
        var (g, h) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
        let part = quadrantOfCell(cut)
        for cell in part.indices {
            g[part[cell]] += gradients[cell]
            h[part[cell]] += hessians[cell]
        }
        return part.map { -rate * g[$0] / (h[$0] + l2) }
    }

    private func quadrantOfCell(_ cut: Quadrants) -> [Int] {
        var part = [Int](repeating: 0, count: rows * columns)
        for (i, row) in rowOrder.enumerated() {
            for (j, column) in columnOrder.enumerated() {
                part[row * columns + column] = (i < cut.rowCut ? 0 : 2) + (j < cut.columnCut ? 0 : 1)
            }
        }
        return part
    }

    /// The chi-squared of the whole table beyond functions of one input each, less twice its number of cells,
    /// the amount expected by chance, in units of the loss. It finds interactions that no single cut shows.
    var tableExcess: Double {
        let residual = LeadingInteraction.residuals(gradients, hessians, rows, columns)
        var (sum, cells) = (0.0, 0)
        for cell in residual.indices where hessians[cell] >= minimumHessian {
            sum += residual[cell] * residual[cell] / hessians[cell]
            cells += 1
        }
        return sum - 2 * Double(cells)
    }
}
