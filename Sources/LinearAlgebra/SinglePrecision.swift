/// A block's numbers in 32 bits, and the products over them.
struct SinglePrecision: Sendable {
    /// Column after column.
    var design: [Float] = []
    /// Vector after vector, each as long as there are columns.
    var coefficients: [Float] = []
    /// Vector after vector, each as long as there are rows.
    var values: [Float] = []
    /// Vector after vector, each as long as there are columns; or a matrix's rows.
    var gradients: [Float] = []

    /// Rounds some numbers, to the beginning of `target`.
    static func convert(_ source: [Double], _ places: Range<Int>, to target: inout [Float]) {
        target.extend(to: places.count)
        BLAS.toSingle(source, places, &target)
    }

    /// Widens the first numbers.
    static func convert(_ source: [Float], _ count: Int, to target: inout [Double]) {
        BLAS.toDouble(source, count, &target)
    }

    /// `values = X B`.
    static func scores(rows: Int, columns: Int, points: Int, _ numbers: inout SinglePrecision) {
        numbers.values.extend(to: rows * points)
        BLAS.scores(
            rows: rows, columns: columns, points: points, x: numbers.design, b: numbers.coefficients,
            to: &numbers.values)
    }

    /// The lower triangle of `X'X`, row after row, in `gradients`.
    static func gram(rows: Int, columns: Int, _ numbers: inout SinglePrecision) {
        numbers.gradients.extend(to: columns * columns)
        BLAS.gram(rows: rows, columns: columns, x: numbers.design, to: &numbers.gradients)
    }

    /// `gradients = X'R`, with the residuals in `values`.
    static func gradients(rows: Int, columns: Int, points: Int, _ numbers: inout SinglePrecision) {
        numbers.gradients.extend(to: columns * points)
        BLAS.gradients(
            rows: rows, columns: columns, points: points, x: numbers.design, residuals: numbers.values,
            to: &numbers.gradients)
    }
}

extension [Float] {
    fileprivate mutating func extend(to count: Int) {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }
}
