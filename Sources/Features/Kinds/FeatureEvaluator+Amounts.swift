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

extension FeatureScan {
    mutating func extremes(
        _ isMaximum: Bool, per unit: Double, _ snapshotTimes: [Int64], window: (Int64) -> Range<Int>,
        value: (Int) -> Int64, write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in snapshotTimes.enumerated() {
            moving.move(to: window(now)) {
                extreme.removeAll(isMaximum: isMaximum)
            } come: {
                extreme.append(value($0), at: $0)
            } leave: {
                extreme.removeFirst(through: $0)
            }
            write(index, extreme.value.map { Double($0) / unit } ?? .nan)
        }
    }

    mutating func deviations(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        let window = evaluator.window
        if evaluator.kind == .gapDeviation {
            let series = state.times[evaluator.series]
            deviations(
                per: FeatureEvaluator.millisecondsPerDay, snapshotTimes,
                window: { series.gaps(of: window, at: $0) }, value: { series.gap($0) },
                sum: { Int128(series.times[$0.upperBound - 1] - series.times[$0.lowerBound - 1]) },
                write: write)
        } else {
            let amounts = state.amounts[evaluator.series]
            deviations(
                per: evaluator.unitsPerOne, snapshotTimes,
                window: { amounts.times.range(of: window, at: $0) }, value: { amounts.units[$0] },
                sum: { amounts.sum($0) }, write: write)
        }
    }

    mutating func deviations(
        per unit: Double, _ snapshotTimes: [Int64], window: (Int64) -> Range<Int>, value: (Int) -> Int64,
        sum: (Range<Int>) -> Int128, write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in snapshotTimes.enumerated() {
            let range = window(now)
            moving.move(to: range) {
                spread.removeAll()
            } come: {
                spread.append(value($0))
            } leave: {
                spread.remove(value($0))
            }
            guard range.count > 1 else {
                write(index, .nan)
                continue
            }
            let total = sum(range)
            let found =
                spread.spread(count: range.count, sum: total)
                ?? Spread(range.map { value($0) }, count: range.count, sum: total)
            write(index, found.deviation / unit)
        }
    }
}

extension PrefixAggregates {
    @inline(__always)
    func amount(
        _ windowFeatures: SlicePlan.WindowFeature, _ formula: SlicePlan.WindowFeature.Formula, _ start: Int,
        _ end: Int
    ) -> Double {
        // A pass reports sums that do not fit; see ``SlicePass/needsAllEvents``.
        let sum = layout.sum(windowFeatures.series)
        let total = Double(rows[end &+ sum] &- rows[start &+ sum])
        if formula == .sum { return total / windowFeatures.unitsPerOne }
        let place = layout.carriers(windowFeatures.series)
        let carriers = rows[end &+ place] &- rows[start &+ place]
        return carriers > 0 ? total / (Double(carriers) * windowFeatures.unitsPerOne) : .nan
    }
}
