/// Minimises a quadratic with a separable penalty, one coordinate after the other (J. Friedman, T. Hastie and
/// R. Tibshirani, 2010, "covariance updates"): the cost does not depend on the number of rows.
public enum CoordinateDescent {
    /// Where it ended.
    public struct Result: Sendable {
        /// The point found.
        public var point: [Double]
        /// The gradient of the quadratic there, without the penalty.
        public var gradient: [Double]
        /// The sweeps over coordinates.
        public var sweeps: Int
    }

    /// The minimum over `b` of `g'(b − b₀) + ½ (b − b₀)'H(b − b₀) + penalty(b)`.
    ///
    /// Sweeps over all coordinates alternate with sweeps over those that are not 0. It ends when no coordinate
    /// of a whole sweep moves so far that curvature · move² is above the tolerance.
    ///
    /// - Parameters:
    ///   - hessian: `H`, both triangles, positive semidefinite; a coordinate without curvature stays.
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
