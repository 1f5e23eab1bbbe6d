import LimpetEvents

extension FeatureEvaluator {
    /// Returns the value of a kind that reads a property's amounts.
    func amount(_ amounts: borrowing AmountSeries, from start: Int64?, to now: Int64) -> Double {
        let range = amounts.times.range(from: start, to: now)
        if kind == .sum { return Double(wide: amounts.sum(range)) / unitsPerOne }
        guard let last = range.last else { return .nan }
        switch kind {
        case .mean: return Double(wide: amounts.sum(range)) / (Double(range.count) * unitsPerOne)
        case .standardDeviation:
            guard range.count > 1 else { return .nan }
            let sum = amounts.sum(range)
            let units = amounts.units
            let spread = Spread(range.lazy.map { units[$0] }, count: range.count, sum: sum)
            return spread.deviation / unitsPerOne
        case .minimum: return Double(range.reduce(Int64.max) { min($0, amounts.units[$1]) }) / unitsPerOne
        case .maximum: return Double(range.reduce(Int64.min) { max($0, amounts.units[$1]) }) / unitsPerOne
        default: return Double(amounts.units[last]) / unitsPerOne
        }
    }
}

extension Double {
    /// Rounds a 128-bit integer once; fast when it fits into 64 bits, which is nearly always.
    init(wide value: Int128) {
        let narrow = Int64(truncatingIfNeeded: value)
        self = Int128(narrow) == value ? Double(narrow) : Double(value)
    }
}

/// The spread of integers, from their exact sum and the exact sum of squares around the integer part of their
/// mean.
///
/// With `m = ⌊Σv / n⌋` and `r = Σv − n·m`, the variance is `(Σ(v − m)² − r²/n) / n`: squares around any point
/// can be used (König and Huygens), and around a point near the mean they stay small.
struct Spread {
    private let count: Double
    private let rest: Double
    private let squares: Double

    init(_ values: some Sequence<Int64>, count: Int, sum: Int128) {
        let (mean, rest) = Self.wholeMean(count: count, sum: sum)
        let squares = values.reduce(UInt128(0)) { Self.add(Int128($1) - mean, to: $0) }
        self.init(squares: squares, rest: rest, count: count)
    }

    /// - Parameters:
    ///   - squares: the sum of the squares around the integer part of the mean.
    ///   - rest: the sum of the values minus `count` times the integer part of the mean.
    init(squares: UInt128, rest: Int128, count: Int) {
        self.squares = Double(squares)
        self.rest = Double(rest)
        self.count = Double(count)
    }

    /// Returns the integer part of the mean, and the rest of the sum beyond `count` times it.
    static func wholeMean(count: Int, sum: Int128) -> (mean: Int128, rest: Int128) {
        let (mean, rest) = sum.quotientAndRemainder(dividingBy: Int128(count))
        return rest < 0 ? (mean - 1, rest + Int128(count)) : (mean, rest)
    }

    /// Adds the square of a distance; on overflow of 128 bits, which takes millions of the largest amounts,
    /// the sum is the largest number.
    private static func add(_ distance: Int128, to sum: UInt128) -> UInt128 {
        let (result, overflow) = sum.addingReportingOverflow(distance.magnitude * distance.magnitude)
        return overflow ? .max : result
    }

    /// The standard deviation, with `n` in the denominator.
    var deviation: Double { ((squares - rest * rest / count) / count).squareRoot() }
}
