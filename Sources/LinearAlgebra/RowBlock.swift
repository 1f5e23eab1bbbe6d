/// A few hundred rows of a logistic regression's data, small enough to stay in a processor's cache while the
/// losses and gradients of many coefficient vectors are computed.
public struct RowBlock: Sendable {
    /// The design, `[columns][rows]`, as a slice of an array that may hold several blocks.
    private enum Design {
        case double(ArraySlice<Double>)
        case single(ArraySlice<Float>)
    }

    private let design: Design
    /// The label of each row, 0 or 1.
    public let labels: [Double]
    /// The weight of each row, at least 0; nil for ones.
    public let weights: [Double]?
    /// The constant added to each row's log-odds; nil for zeros.
    public let offsets: [Double]?
    /// The number of columns.
    public let columns: Int

    /// Makes a block; weights and offsets are as long as the labels.
    public init(design: [Double], labels: [Double], weights: [Double]? = nil, offsets: [Double]? = nil) {
        self.init(.double(design[...]), design.count, labels, weights, offsets)
    }

    /// Makes a block of 32-bit numbers from a slice of an array. Products with them are still computed in the
    /// precision that each call requests.
    public init(
        design: ArraySlice<Float>, labels: [Double], weights: [Double]? = nil, offsets: [Double]? = nil
    ) {
        self.init(.single(design), design.count, labels, weights, offsets)
    }

    private init(
        _ design: Design, _ count: Int, _ labels: [Double], _ weights: [Double]?, _ offsets: [Double]?
    ) {
        let rows = labels.count
        precondition(rows > 0 && count % rows == 0)
        precondition((weights?.count ?? rows) == rows && (offsets?.count ?? rows) == rows)
        self.design = design
        self.labels = labels
        self.weights = weights
        self.offsets = offsets
        columns = count / rows
    }

    /// Returns the number of rows in a block of `columns` columns: about half of a cache of one megabyte.
    public static func rows(forColumns columns: Int) -> Int {
        min(512, max(64, 65_536 / max(1, columns) / 64 * 64))
    }

    /// The number of rows.
    public var rows: Int { labels.count }

    /// Returns the values of a column.
    public func values(ofColumn column: Int) -> [Double] {
        let (first, end) = (column * rows, (column + 1) * rows)
        switch design {
        case .double(let values):
            return Array(values[(values.startIndex + first)..<(values.startIndex + end)])
        case .single(let values):
            return values[(values.startIndex + first)..<(values.startIndex + end)].map { Double($0) }
        }
    }

    /// The design's value at a row and a column.
    public subscript(row: Int, column: Int) -> Double {
        switch design {
        case .double(let values): values[values.startIndex + column * rows + row]
        case .single(let values): Double(values[values.startIndex + column * rows + row])
        }
    }

    /// The sum of the rows' weights.
    public var totalWeight: Double { weights?.reduce(0, +) ?? Double(rows) }

    /// Returns the log-odds of the rows under each coefficient vector, offsets included, as
    /// `[vectors][rows]`.
    ///
    /// - Parameter coefficients: `[vectors][columns]`, flattened.
    public func logOdds(_ coefficients: [Double]) -> [Double] {
        var scratch = Scratch()
        return logOdds(coefficients, &scratch)
    }

    private func logOdds(_ coefficients: [Double], _ scratch: inout Scratch) -> [Double] {
        let design = wide(&scratch)
        fill(&scratch.values, coefficients, design)
        return scratch.values
    }

    /// The width of the numbers in products with the design.
    public enum Precision: CaseIterable, Sendable {
        /// 64 bits.
        case double
        /// 32 bits, which takes half the time. A log-odds then has about seven correct digits; losses,
        /// residuals and the sums over blocks keep 64 bits.
        case single
    }

    /// Adds the rows' contributions under each coefficient vector to `losses` and `gradients`: the sum of
    /// `w·(softplus(η) − y·η)`, and `X'(w∘(p − y))`.
    ///
    /// - Parameters:
    ///   - coefficients: `[losses.count][columns]`, flattened.
    ///   - gradients: the sums to add to, `[losses.count][columns]`; nil when losses are enough.
    public func addLosses(
        of coefficients: [Double], precision: Precision = .double, to losses: inout [Double],
        gradients: inout [Double]?, scratch: inout Scratch
    ) {
        precondition(coefficients.count == losses.count * columns)
        if precision == .single, !losses.isEmpty {
            return addSingleLosses(of: coefficients, to: &losses, gradients: &gradients, scratch: &scratch)
        }
        let design = wide(&scratch)
        // BLAS has its fastest loops for up to 8 vectors, and intermediate values stay in the cache.
        for start in stride(from: 0, to: losses.count, by: 8) {
            let points = start..<min(start + 8, losses.count)
            let places = (points.lowerBound * columns)..<(points.upperBound * columns)
            fill(&scratch.values, Array(coefficients[places]), design)
            addLosses(&losses, points, &scratch)
            guard var sums = gradients.take() else { continue }
            BLAS.addGradients(
                rows: rows, columns: columns, points: points.count, x: design, residuals: scratch.values,
                to: &sums, start: places.lowerBound)
            gradients = sums
        }
    }

    private func addSingleLosses(
        of coefficients: [Double], to losses: inout [Double], gradients: inout [Double]?,
        scratch: inout Scratch
    ) {
        let design = narrow(&scratch)
        for start in stride(from: 0, to: losses.count, by: 8) {
            let points = start..<min(start + 8, losses.count)
            let places = (points.lowerBound * columns)..<(points.upperBound * columns)
            SinglePrecision.convert(coefficients[places], to: &scratch.single.coefficients)
            SinglePrecision.scores(
                design, rows: rows, columns: columns, points: points.count, &scratch.single)
            scratch.values.extend(to: points.count * rows)
            SinglePrecision.convert(scratch.single.values[..<(points.count * rows)], to: &scratch.values)
            if let offsets {
                for place in 0..<(points.count * rows) { scratch.values[place] += offsets[place % rows] }
            }
            addLosses(&losses, points, &scratch)
            guard var sums = gradients.take() else { continue }
            SinglePrecision.convert(scratch.values[..<(points.count * rows)], to: &scratch.single.values)
            SinglePrecision.gradients(
                design, rows: rows, columns: columns, points: points.count, &scratch.single)
            for place in 0..<(points.count * columns) {
                sums[places.lowerBound + place] += Double(scratch.single.gradients[place])
            }
            gradients = sums
        }
    }

    private func addLosses(_ losses: inout [Double], _ points: Range<Int>, _ scratch: inout Scratch) {
        var none: [Double] = []
        for point in points {
            losses[point] += BLAS.logisticLosses(
                labels: labels, weights: weights, values: &scratch.values,
                start: (point - points.lowerBound) * rows, curvatureRoots: &none)
        }
    }

    /// Adds the lower triangle of `X' diag(w p (1 − p)) X` under one coefficient vector.
    ///
    /// - Parameter precision: of the products; sums over blocks keep 64 bits.
    public func addCurvature(
        of coefficients: [Double], precision: Precision = .double, to gram: inout Matrix,
        scratch: inout Scratch
    ) {
        let design = wide(&scratch)
        fill(&scratch.values, coefficients, design)
        scratch.roots.extend(to: rows)
        _ = BLAS.logisticLosses(
            labels: labels, weights: weights, values: &scratch.values, start: 0,
            curvatureRoots: &scratch.roots)
        switch precision {
        case .double: addGram(factors: scratch.roots, to: &gram, scratch: &scratch)
        case .single: addSingleGram(design, to: &gram, scratch: &scratch)
        }
    }

    private func addSingleGram(
        _ design: ArraySlice<Double>, to gram: inout Matrix, scratch: inout Scratch
    ) {
        scratch.scaled.extend(to: rows * columns)
        BLAS.scaleRows(rows: rows, x: design, factors: scratch.roots, to: &scratch.scaled)
        SinglePrecision.convert(scratch.scaled[..<(rows * columns)], to: &scratch.single.design)
        SinglePrecision.gram(rows: rows, columns: columns, &scratch.single)
        for row in 0..<columns {
            for column in 0...row {
                gram[row, column] += Double(scratch.single.gradients[row * columns + column])
            }
        }
    }

    /// Adds the lower triangle of `X' diag(f²) X` for one factor `f` per row.
    public func addGram(factors: [Double], to gram: inout Matrix, scratch: inout Scratch) {
        let design = wide(&scratch)
        scratch.scaled.extend(to: rows * columns)
        BLAS.addGram(rows: rows, x: design, factors: factors, scratch: &scratch.scaled, to: &gram)
    }

    /// Returns `w·(p − y)` of each row.
    public func residuals(_ coefficients: [Double]) -> [Double] {
        var (values, none) = (logOdds(coefficients), [Double]())
        _ = BLAS.logisticLosses(
            labels: labels, weights: weights, values: &values, start: 0, curvatureRoots: &none)
        return values
    }

    /// Returns the weighted sums of a column's values and of their squares.
    public func moments(ofColumn column: Int) -> (first: Double, second: Double) {
        var (first, second) = (0.0, 0.0)
        for (row, x) in values(ofColumn: column).enumerated() {
            let weight = weights?[row] ?? 1
            first += weight * x
            second += weight * x * x
        }
        return (first, second)
    }

    /// Returns the design in 64 bits, widened in the scratch where it is stored in 32.
    private func wide(_ scratch: inout Scratch) -> ArraySlice<Double> {
        switch design {
        case .double(let values): return values
        case .single(let values):
            SinglePrecision.convert(values, to: &scratch.design)
            return scratch.design[..<values.count]
        }
    }

    /// Returns the design in 32 bits.
    private func narrow(_ scratch: inout Scratch) -> ArraySlice<Float> {
        switch design {
        case .single(let values): return values
        case .double(let values):
            SinglePrecision.convert(values, to: &scratch.single.design)
            return scratch.single.design[..<values.count]
        }
    }

    private func fill(_ values: inout [Double], _ coefficients: [Double], _ design: ArraySlice<Double>) {
        let points = coefficients.count / max(1, columns)
        precondition(points * columns == coefficients.count)
        values.extend(to: points * rows)
        if let offsets {
            for place in 0..<(points * rows) { values[place] = offsets[place % rows] }
        }
        BLAS.scores(
            rows: rows, columns: columns, points: points, x: design, b: coefficients, adds: offsets != nil,
            to: &values)
    }

    /// Memory for intermediate values, reused from block to block.
    public struct Scratch: Sendable {
        fileprivate var values: [Double] = []
        fileprivate var design: [Double] = []
        fileprivate var roots: [Double] = []
        fileprivate var scaled: [Double] = []
        fileprivate var single = SinglePrecision()

        /// Makes empty scratch memory.
        public init() {}
    }
}

extension [Double] {
    mutating func extend(to count: Int) {
        if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
    }
}
