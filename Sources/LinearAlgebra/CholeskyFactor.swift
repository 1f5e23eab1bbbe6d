/// The Cholesky factor of a symmetric positive definite matrix, which solves equations and gives the inverse.
public struct CholeskyFactor: Sendable {
    private let factor: Matrix

    /// Factorises a matrix, reading its lower triangle.
    ///
    /// - Throws: ``NotPositiveDefinite`` with the first column that depends on the ones before it.
    public init(_ matrix: consuming Matrix) throws(NotPositiveDefinite) {
        var factor = matrix
        let minor = BLAS.choleskyFactorise(&factor)
        guard minor == 0 else { throw NotPositiveDefinite(column: minor - 1) }
        self.factor = factor
    }

    /// Returns the `x` of `A x = b`.
    public func solve(_ b: [Double]) -> [Double] {
        var x = b
        BLAS.choleskySolve(factor, &x)
        return x
    }

    /// The squared length of each column that is left after removing the columns before it.
    public var pivots: [Double] {
        (0..<factor.rows).map { factor[$0, $0] * factor[$0, $0] }
    }

    /// The inverse, with both triangles.
    public var inverse: Matrix {
        var inverse = factor
        BLAS.choleskyInvert(&inverse)
        inverse.mirrorLowerTriangle()
        return inverse
    }

    /// The diagonal of the inverse.
    public var inverseDiagonal: [Double] {
        var inverse = factor
        BLAS.choleskyInvert(&inverse)
        return (0..<inverse.rows).map { inverse[$0, $0] }
    }
}

/// The error that a matrix is not positive definite: one of its columns depends on others.
public struct NotPositiveDefinite: Error, Hashable {
    /// The index of the first column that depends on the ones before it.
    public let column: Int

    /// Makes the error for a column.
    public init(column: Int) {
        self.column = column
    }
}
