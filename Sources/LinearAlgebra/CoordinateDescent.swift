/// Cyclic coordinate descent on a quadratic with a separable penalty (J. Friedman, T. Hastie and R.
/// Tibshirani, 2010, "covariance updates"): the cost does not depend on the number of rows.
public enum CoordinateDescent {
    /// The minimum and the work that it took.
    public struct Result: Sendable {
        /// The minimising point.
        public var point: [Double]
        /// The gradient of the quadratic there, without the penalty.
        public var gradient: [Double]
        /// The number of passes over coordinates.
        public var sweeps: Int
    }

    /// Returns the minimum over `b` of `g'(b − b₀) + ½ (b − b₀)'H(b − b₀) + penalty(b)`.
    ///
    /// Passes over all coordinates alternate with passes over the nonzero ones. The descent ends after a full
    /// pass in which no coordinate's curvature · move² exceeds the tolerance.
    ///
    /// - Parameters:
    ///   - hessian: `H`, both triangles, positive semidefinite; a coordinate without curvature keeps its
    ///     value.
    ///   - gradient: `g`, the gradient of the quadratic at `b₀`.
    ///   - start: `b₀`, within the bounds.
    public static func minimise(
        _ hessian: Matrix, gradient: [Double], start: [Double], penalty: SeparablePenalty, tolerance: Double,
        sweepLimit: Int = 10_000
    ) -> Result {
        var result = Result(point: start, gradient: gradient, sweeps: 0)
        result.sweeps = BLAS.coordinateDescent(
            hessian, gradient: &result.gradient, point: &result.point, penalty: penalty, tolerance: tolerance,
            sweepLimit: sweepLimit)
        return result
    }
}
