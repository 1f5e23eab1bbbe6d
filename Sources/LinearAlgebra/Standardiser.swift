/// Turns a column of numbers into one of a design matrix, many rows at once.
public struct Standardiser: Sendable {
    /// Whether the signed log is taken first.
    public let takesLog: Bool
    /// What is subtracted.
    public let mean: Double
    /// What is divided by after that.
    public let deviation: Double

    /// `(f(x) − mean) / deviation`, `f` being the signed log or the number itself.
    public init(takesLog: Bool, mean: Double, deviation: Double) {
        self.takesLog = takesLog
        self.mean = mean
        self.deviation = deviation
    }

    /// Appends the standardised numbers of some rows, ascending; 0 where one is NaN.
    public func append(_ numbers: [Double], rows: [Int], to values: inout [Double]) {
        BLAS.appendStandardised(
            numbers, rows: rows, mean: mean, factor: 1 / deviation, takesLog: takesLog, to: &values)
    }

    /// Writes the standardised numbers of some rows, ascending and rounded to 32 bits, over some that are there; 0 where
    /// one is NaN.
    public func write(_ numbers: [Double], rows: [Int], to values: inout [Float], at start: Int) {
        BLAS.writeStandardised(
            numbers, rows: rows, mean: mean, factor: 1 / deviation, takesLog: takesLog, to: &values, at: start
        )
    }

    /// `Σ (x − shift)` and `Σ (x − shift)²`, in an order of additions that is fixed.
    public static func sums(_ numbers: [Double], shift: Double) -> (first: Double, second: Double) {
        BLAS.sums(numbers, shift: shift)
    }
}
