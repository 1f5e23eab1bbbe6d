/// A pivoted Cholesky factorisation of a Gram matrix, which finds the columns that depend on others by taking
/// the column with the largest remainder first (N. Higham, 1990).
public struct PivotedCholesky: Sendable {
    /// The linearly independent columns, in the order in which they were taken.
    public private(set) var independent: [Int] = []
    /// The columns that the independent ones explain up to the tolerance, ascending.
    public private(set) var dependent: [Int] = []
    private var factor: Matrix
    private let scale: [Double]

    /// Factorises a matrix, reading its lower triangle.
    ///
    /// - Parameters:
    ///   - gram: positive semidefinite; scaled to a diagonal of ones before anything else.
    ///   - tolerance: the share of a column's own square that counts as rounding.
    ///   - first: columns that are taken before all others, in this order, where they are not 0.
    public init(_ gram: Matrix, tolerance: Double = 1e-10, first: [Int] = []) {
        let count = gram.columns
        scale = (0..<count).map { gram[$0, $0] > 0 ? gram[$0, $0].squareRoot() : 0 }
        factor = Matrix(rows: count, columns: count)
        var left = (0..<count).map { scale[$0] > 0 ? 1.0 : 0 }
        var open = Array(0..<count)
        for step in 0..<count {
            let forced = step < first.count && left[first[step]] > tolerance ? first[step] : nil
            guard let pivot = forced ?? open.max(by: { left[$0] < left[$1] }), left[pivot] > tolerance else {
                break
            }
            open.removeAll { $0 == pivot }
            take(pivot, step: independent.count, gram, open: open, left: &left)
        }
        dependent = open
    }

    /// Takes one column and removes its share from the open ones. Row `j` of the factor holds the components
    /// of column `j` along the columns taken before it.
    private mutating func take(_ pivot: Int, step: Int, _ gram: Matrix, open: [Int], left: inout [Double]) {
        let root = left[pivot].squareRoot()
        factor[pivot, step] = root
        for column in open where scale[column] > 0 {
            var sum = gram[max(column, pivot), min(column, pivot)] / (scale[column] * scale[pivot])
            for place in 0..<step { sum -= factor[column, place] * factor[pivot, place] }
            factor[column, step] = sum / root
            left[column] -= factor[column, step] * factor[column, step]
        }
        independent.append(pivot)
    }

    /// Returns a dependent column as a linear combination: the factors of the independent columns, in the
    /// order of ``independent``.
    public func combination(of column: Int) -> [Double] {
        let sums = solveTransposed((0..<independent.count).map { factor[column, $0] })
        return independent.map { sums[$0] * scale[column] }
    }

    /// The columns of `L` in `A ≈ L L'`, `[independent columns][rows]`.
    public var factorColumns: [[Double]] {
        independent.indices.map { step in (0..<scale.count).map { scale[$0] * factor[$0, step] } }
    }

    /// Returns an `α` with `L'α = γ` that is 0 at dependent columns.
    public func solveTransposed(_ gamma: [Double]) -> [Double] {
        precondition(gamma.count == independent.count)
        var sums = gamma
        for place in independent.indices.reversed() {
            sums[place] /= factor[independent[place], place]
            for earlier in 0..<place { sums[earlier] -= factor[independent[place], earlier] * sums[place] }
        }
        var result = [Double](repeating: 0, count: scale.count)
        for (place, column) in independent.enumerated() { result[column] = sums[place] / scale[column] }
        return result
    }
}
