import LimpetScoring

/// One column of a design that comes from a spline: a curve with mean 0 and variance 1 over the training
/// rows, orthogonal to the spline's columns before it. So a ridge penalty applies to the variance of the
/// whole spline's contribution, whatever its knots.
struct SplineColumn: Sendable {
    /// The index of its own function among those of ``RestrictedSpline``.
    var number: Int
    /// The column's values; a missing value has 0, the mean.
    var curve: Term.Curve
    /// The column as a linear combination of the spline's functions: those of the columns before it, then its
    /// own.
    var combination: [Double]
    /// The constant added to that combination.
    var constant: Double
}

/// The columns of one input's spline.
struct SplineColumns {
    private(set) var columns: [SplineColumn] = []
    /// The columns' values over the rows, `[columns][rows]`.
    private var values: [[Double]] = []
    private let weights: [Double]?
    private let total: Double
    private let count: Int

    /// The share of a function's variance at or below which it counts as a combination of those before it.
    private static let leastVariance = 1e-10

    /// Orthogonalises the spline's functions in order (modified Gram-Schmidt, twice).
    ///
    /// - Parameters:
    ///   - known: transformed values, none missing.
    ///   - weights: of each value, above 0; nil for ones.
    init(_ spline: RestrictedSpline, transform: Term.Transform, known: [Double], weights: [Double]?) {
        self.weights = weights
        count = known.count
        total = weights?.reduce(0, +) ?? Double(known.count)
        for (number, curve) in spline.curves(transform).enumerated() {
            add(curve, number: number, values: known.map { curve.at($0) })
        }
    }

    private mutating func add(_ curve: Term.Curve, number: Int, values own: [Double]) {
        var rest = own
        var parts = [Double](repeating: 0, count: columns.count)
        guard let moments = Moments(own, weights: weights) else { return }
        for place in rest.indices { rest[place] -= moments.mean }
        var constant = -moments.mean
        for _ in 0..<2 {
            for (index, other) in values.enumerated() {
                let part = mean { rest[$0] * other[$0] }
                parts[index] += part
                for place in rest.indices { rest[place] -= part * other[place] }
            }
            let shift = mean { rest[$0] }
            constant -= shift
            for place in rest.indices { rest[place] -= shift }
        }
        let variance = mean { rest[$0] * rest[$0] }
        let deviation = variance.squareRoot()
        guard variance > Self.leastVariance * moments.deviation * moments.deviation, deviation.isFinite,
            1 / deviation < .infinity
        else { return }
        values.append(rest.map { $0 / deviation })
        columns.append(
            column(curve, number: number, parts: parts, constant: constant, deviation: deviation))
    }

    private func mean(_ value: (Int) -> Double) -> Double {
        var sum = 0.0
        for place in 0..<count { sum += (weights?[place] ?? 1) * value(place) }
        return sum / total
    }

    private func column(
        _ curve: Term.Curve, number: Int, parts: [Double], constant: Double, deviation: Double
    ) -> SplineColumn {
        var combination = [Double](repeating: 0, count: columns.count) + [1]
        // The curves of the earlier columns include their own constants.
        var sum = curve.shifted(by: constant)
        var total = constant
        for (other, part) in zip(columns, parts) {
            sum.add(other.curve, times: -part)
            for place in other.combination.indices { combination[place] -= part * other.combination[place] }
            total -= part * other.constant
        }
        return SplineColumn(
            number: number, curve: sum.scaled(by: 1 / deviation),
            combination: combination.map { $0 / deviation }, constant: total / deviation)
    }
}

extension Term.Curve {
    /// Adds a multiple of a curve with the same knots.
    mutating func add(_ other: Term.Curve, times factor: Double) {
        for knot in knots.indices {
            values[knot] += factor * other.values[knot]
            slopes[knot] += factor * other.slopes[knot]
        }
    }
}
