/// The arrays of 32-bit numbers for the products of a block, reused from block to block.
public struct SinglePrecision: Sendable {
    /// The design, `[columns][rows]`.
    var design: [Float] = []
    /// The coefficient vectors, `[vectors][columns]`.
    var coefficients: [Float] = []
    /// The log-odds or residuals, `[vectors][rows]`.
    var values: [Float] = []
    /// The gradients, `[vectors][columns]`, or a matrix `[columns][columns]`.
    var gradients: [Float] = []

    /// Rounds numbers into the beginning of `target`, which grows as needed.
    static func convert(_ source: ArraySlice<Double>, to target: inout [Float]) {
        target.extend(to: source.count)
        BLAS.toSingle(source, &target)
    }

    /// Overwrites the elements of `target` from index `start` on with rounded numbers.
    public static func write(_ source: [Double], to target: inout [Float], at start: Int) {
        BLAS.toSingle(source[...], &target, start: start)
    }

    /// Widens numbers into the beginning of `target`, which grows as needed.
    static func convert(_ source: ArraySlice<Float>, to target: inout [Double]) {
        target.extend(to: source.count)
        BLAS.toDouble(source, &target)
    }

    /// `values = X B`.
    static func scores(
        _ design: ArraySlice<Float>, rows: Int, columns: Int, points: Int, _ numbers: inout SinglePrecision
    ) {
        numbers.values.extend(to: rows * points)
        BLAS.scores(
            rows: rows, columns: columns, points: points, x: design, b: numbers.coefficients,
            to: &numbers.values)
    }

    /// `gradients = X'X`, the lower triangle only, row-major.
    static func gram(rows: Int, columns: Int, _ numbers: inout SinglePrecision) {
        numbers.gradients.extend(to: columns * columns)
        BLAS.gram(rows: rows, columns: columns, x: numbers.design, to: &numbers.gradients)
    }

    /// `gradients = X'R`, with the residuals in `values`.
    static func gradients(
        _ design: ArraySlice<Float>, rows: Int, columns: Int, points: Int, _ numbers: inout SinglePrecision
    ) {
        numbers.gradients.extend(to: columns * points)
        BLAS.gradients(
            rows: rows, columns: columns, points: points, x: design, residuals: numbers.values,
            to: &numbers.gradients)
    }
}

extension [Float] {
    fileprivate mutating func extend(to count: Int) {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }
}
