/// Aggregates of one user's events before each boundary of a slice plan.
///
/// An aggregate row holds integers over all events before a boundary, by series. Boundaries without events
/// between them share a row.
struct PrefixAggregates {
    /// The positions of the numbers in a row.
    let layout: AggregateLayout
    /// The aggregate rows in the order of time, as `[rows][layout.width]`.
    let rows: NumberView<Int64>
    /// The start in ``rows`` of each boundary's row.
    let aggregateStarts: NumberView<Int>

    /// Returns the number of events between two boundaries.
    @inline(__always)
    func count(_ series: Int, _ start: Int, _ end: Int) -> Int {
        count(series, fromAggregate: aggregateStarts[start], to: aggregateStarts[end])
    }

    /// Returns the number of events between two aggregate rows, given by their starts.
    @inline(__always)
    func count(_ series: Int, fromAggregate start: Int, to end: Int) -> Int {
        Int(rows[end &+ layout.count(series)] &- rows[start &+ layout.count(series)])
    }

    /// Returns true if a feature has no events before the last boundary, and so the same value at all
    /// snapshot times; false for features of two series.
    @inline(__always)
    func isEmpty(_ formula: SlicePlan.WindowFeature.Formula, _ series: Int) -> Bool {
        let last = aggregateStarts[aggregateStarts.count &- 1]
        return switch formula {
        case .difference, .share: false
        case .sum, .mean: rows[last &+ layout.carriers(series)] == 0
        case .activeDays: rows[last &+ layout.dayEvents(series)] == 0
        default: rows[last &+ layout.count(series)] == 0
        }
    }

    /// Returns the value of a feature for the window between two aggregate rows; NaN when it is missing.
    ///
    /// - Parameters:
    ///   - formula: the feature's formula, as a constant where the calling loop has one.
    ///   - start: the start of the row before the window.
    ///   - otherStart: the start of the row before the window that it is compared with.
    ///   - end: the start of the row at the end of the window.
    @inline(__always)
    func value(
        _ windowFeatures: SlicePlan.WindowFeature, _ formula: SlicePlan.WindowFeature.Formula, _ start: Int,
        otherStart: @autoclosure () -> Int, _ end: Int, now: Int64
    ) -> Double {
        let series = windowFeatures.series
        switch formula {
        case .count: return Double(count(series, fromAggregate: start, to: end))
        case .change:
            return Double(
                2 * count(series, fromAggregate: start, to: end)
                    - count(series, fromAggregate: otherStart(), to: end))
        case .difference:
            return Double(
                count(series, fromAggregate: start, to: end)
                    - count(windowFeatures.otherSeries, fromAggregate: start, to: end))
        case .share:
            return FeatureEvaluator.share(
                count(series, fromAggregate: start, to: end),
                of: count(windowFeatures.otherSeries, fromAggregate: otherStart(), to: end))
        case .sum, .mean: return amount(windowFeatures, formula, start, end)
        case .activeDays: return Double(distinctDays(series, start, end))
        case .recency, .tenure, .meanGap, .overdue: return spacing(formula, series, start, end, now)
        }
    }
}

/// The positions of numbers in an aggregate row.
///
/// Numbers that are summed over slices come first, then those that only grow, then those of the next event.
/// Every list has one element more than there are series: events without a series are counted there, so that
/// a loop over events needs no test.
struct AggregateLayout {
    /// The number of time series.
    let times: Int
    /// The number of amount series.
    let amounts: Int
    /// The number of day series.
    let days: Int

    init(times: Int, amounts: Int, days: Int) {
        (self.times, self.amounts, self.days) = (times, amounts, days)
    }

    /// Returns the position of the number of a series's events.
    @inline(__always)
    func count(_ series: Int) -> Int { series }
    /// Returns the position of the number of events that carry an amount.
    @inline(__always)
    func carriers(_ series: Int) -> Int { times &+ 1 &+ series }
    /// Returns the position of the sum of the amounts.
    @inline(__always)
    func sum(_ series: Int) -> Int { times &+ amounts &+ 2 &+ series }
    /// Returns the position of the number of a day series's events.
    @inline(__always)
    func dayEvents(_ series: Int) -> Int { times &+ 2 &* amounts &+ 3 &+ series }
    /// Returns the position of the number of days that began with an event.
    @inline(__always)
    func daysBegun(_ series: Int) -> Int { sums.upperBound &+ series }
    /// Returns the position of the time of the last event.
    @inline(__always)
    func lastTime(_ series: Int) -> Int { levels.upperBound &+ series }
    /// Returns the position of the day of the last event.
    @inline(__always)
    func lastDay(_ series: Int) -> Int { levels.upperBound &+ times &+ 1 &+ series }
    /// Returns the position of the time of the first event after the boundary.
    @inline(__always)
    func nextTime(_ series: Int) -> Int { latest.upperBound &+ series }
    /// Returns the position of the day of the first event after the boundary.
    @inline(__always)
    func nextDay(_ series: Int) -> Int { latest.upperBound &+ times &+ 1 &+ series }

    /// The positions of numbers that are summed over slices.
    var sums: Range<Int> {
        @inline(__always) get { 0..<(times &+ 2 &* amounts &+ days &+ 4) }
    }
    /// The positions of numbers that grow from 0 and are stored as running totals.
    var levels: Range<Int> {
        @inline(__always) get { sums.upperBound..<(sums.upperBound &+ days &+ 1) }
    }
    /// The positions of last times and days.
    var latest: Range<Int> {
        @inline(__always) get { levels.upperBound..<(levels.upperBound &+ times &+ days &+ 2) }
    }
    /// The number of numbers in a row.
    var width: Int {
        @inline(__always) get { latest.upperBound &+ times &+ days &+ 2 }
    }
}
