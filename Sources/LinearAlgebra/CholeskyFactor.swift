/// The factor of a symmetric positive definite matrix: solves equations and gives the inverse's diagonal.
public struct CholeskyFactor: Sendable {
    private let factor: Matrix

    /// Factorises a matrix of which the lower triangle is read.
    ///
    /// - Throws: ``NotPositiveDefinite`` with the first column that depends on the ones before it.
    public init(_ matrix: consuming Matrix) throws(NotPositiveDefinite) {
        var factor = matrix
        let minor = BLAS.choleskyFactorise(&factor)
        guard minor == 0 else { throw NotPositiveDefinite(column: minor - 1) }
        self.factor = factor
    }

    /// The `x` of `A x = b`.
    public func solve(_ b: [Double]) -> [Double] {
        var x = b
        BLAS.choleskySolve(factor, &x)
        return x
    }

    /// What was left of each column's square beside the columns before it.
    public var pivots: [Double] {
        (0..<factor.rows).map { factor[$0, $0] * factor[$0, $0] }
    }

    /// The inverse, both triangles.
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

/// A matrix that should be positive definite and is not: one of its columns depends on others.
public struct NotPositiveDefinite: Error, Hashable {
    /// The first column that depends on the ones before it, from 0.
    public let column: Int

    /// Names the column.
    public init(column: Int) {
        self.column = column
    }
}
