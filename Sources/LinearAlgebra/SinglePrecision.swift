/// A block's numbers in 32 bits, and the products over them.
public struct SinglePrecision: Sendable {
    /// Column after column.
    var design: [Float] = []
    /// Vector after vector, each as long as there are columns.
    var coefficients: [Float] = []
    /// Vector after vector, each as long as there are rows.
    var values: [Float] = []
    /// Vector after vector, each as long as there are columns; or a matrix's rows.
    var gradients: [Float] = []

    /// Rounds some numbers, to the beginning of `target`.
    static func convert(_ source: ArraySlice<Double>, to target: inout [Float]) {
        target.extend(to: source.count)
        BLAS.toSingle(source, &target)
    }

    /// Writes numbers, rounded, over some that are there.
    public static func write(_ source: [Double], to target: inout [Float], at start: Int) {
        BLAS.toSingle(source[...], &target, start: start)
    }

    /// Widens numbers, to the beginning of `target`.
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

    /// The lower triangle of `X'X`, row after row, in `gradients`.
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
