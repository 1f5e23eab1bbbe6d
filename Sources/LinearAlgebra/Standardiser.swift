/// A standardisation of a feature's numbers into a column of a design matrix.
public struct Standardiser: Sendable {
    /// True when the signed logarithm is taken first.
    public let takesLog: Bool
    /// The mean that is subtracted.
    public let mean: Double
    /// The deviation that the difference is divided by.
    public let deviation: Double

    /// Makes the transformation `(f(x) − mean) / deviation`, with `f` the signed logarithm or the identity.
    public init(takesLog: Bool, mean: Double, deviation: Double) {
        self.takesLog = takesLog
        self.mean = mean
        self.deviation = deviation
    }

    /// Appends the standardised numbers of the given ascending rows; 0 where one is NaN.
    public func append(_ numbers: [Double], rows: [Int], to values: inout [Double]) {
        BLAS.appendStandardised(
            numbers, rows: rows, mean: mean, factor: 1 / deviation, takesLog: takesLog, to: &values)
    }

    /// Overwrites `values` from index `start` on with the standardised numbers of the given ascending rows,
    /// rounded to 32 bits; 0 where one is NaN.
    public func write(_ numbers: [Double], rows: [Int], to values: inout [Float], at start: Int) {
        BLAS.writeStandardised(
            numbers, rows: rows, mean: mean, factor: 1 / deviation, takesLog: takesLog, to: &values, at: start
        )
    }

    /// Returns `Σ (x − shift)` and `Σ (x − shift)²`, added in a fixed order.
    public static func sums(_ numbers: [Double], shift: Double) -> (first: Double, second: Double) {
        BLAS.sums(numbers, shift: shift)
    }
}
