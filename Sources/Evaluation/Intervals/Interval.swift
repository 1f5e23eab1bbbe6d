/// A confidence interval.
public struct Interval: Hashable, Sendable {
    /// The lower end.
    public var lower: Double
    /// The upper end.
    public var upper: Double

    /// Creates an interval.
    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// Returns true if a value lies within the interval, ends included.
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

    /// Returns the interval reflected about a value of a metric that is never below 0.
    ///
    /// As far as its replicates lie above the value, the value is taken to lie above the truth (the basic
    /// interval of A. Davison and D. Hinkley, 1997, 5.2).
    package func reflected(about value: Double) -> Interval {
        Interval(lower: max(0, 2 * value - upper), upper: max(0, 2 * value - lower))
    }

    /// Creates the interval between the percentiles `(1 − level) / 2` and `(1 + level) / 2` of the values;
    /// nil without values.
    ///
    /// Percentiles are interpolated linearly between neighbours (type 7 of R. Hyndman and Y. Fan, 1996).
    package init?(percentilesOf values: [Double], level: Double) {
        guard !values.isEmpty, level > 0, level < 1 else { return nil }
        let sorted = values.sorted()
        func quantile(_ share: Double) -> Double {
            let place = share * Double(sorted.count - 1)
            let below = Int(place)
            let above = min(below + 1, sorted.count - 1)
            return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
        }
        self.init(lower: quantile((1 - level) / 2), upper: quantile((1 + level) / 2))
    }
}
