/// What one user's events came to before each boundary of a plan.
///
/// A note is a row of whole numbers: what came so far, by series. Boundaries between which no event lies share a note.
struct PrefixAggregates {
    /// Where the numbers of a note stand.
    let layout: AggregateLayout
    /// The notes, row after row, in the order of time.
    let rows: NumberView<Int64>
    /// Where the note of each boundary begins in ``rows``.
    let aggregateStarts: NumberView<Int>

    /// The number of events between two boundaries.
    @inline(__always)
    func count(_ series: Int, _ start: Int, _ end: Int) -> Int {
        count(series, fromAggregate: aggregateStarts[start], to: aggregateStarts[end])
    }

    /// The number of events between two notes, given by where they begin.
    @inline(__always)
    func count(_ series: Int, fromAggregate start: Int, to end: Int) -> Int {
        Int(rows[end &+ layout.count(series)] &- rows[start &+ layout.count(series)])
    }

    /// Whether a feature has no events before the last boundary, and so the same value at all snapshot times; false for those that
    /// look at two series.
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

    /// A swept feature of the window between two notes; NaN where it is missing.
    ///
    /// - Parameters:
    ///   - formula: the feature's own, where a loop knows it.
    ///   - start: where the note begins that stands before the window.
    ///   - otherStart: the same for the window that it is compared with.
    ///   - end: where the note begins that stands behind the window.
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

    @inline(__always)
    private func amount(
        _ windowFeatures: SlicePlan.WindowFeature, _ formula: SlicePlan.WindowFeature.Formula, _ start: Int,
        _ end: Int
    ) -> Double {
        // A pass whose sums do not fit says so; see ``SlicePass/needsAllEvents``.
        let sum = layout.sum(windowFeatures.series)
        let total = Double(rows[end &+ sum] &- rows[start &+ sum])
        if formula == .sum { return total / windowFeatures.unitsPerOne }
        let place = layout.carriers(windowFeatures.series)
        let carriers = rows[end &+ place] &- rows[start &+ place]
        return carriers > 0 ? total / (Double(carriers) * windowFeatures.unitsPerOne) : .nan
    }

    /// The days that began in the window, and the one within which it begins, where that has an event in it.
    @inline(__always)
    private func distinctDays(_ series: Int, _ start: Int, _ end: Int) -> Int {
        let (events, begun) = (layout.dayEvents(series), layout.daysBegun(series))
        guard rows[end &+ events] > rows[start &+ events] else { return 0 }
        let isWithin = rows[start &+ layout.nextDay(series)] == rows[start &+ layout.lastDay(series)]
        return Int(rows[end &+ begun] &- rows[start &+ begun]) &+ (isWithin ? 1 : 0)
    }

    @inline(__always)
    private func spacing(
        _ formula: SlicePlan.WindowFeature.Formula, _ series: Int, _ start: Int, _ end: Int, _ now: Int64
    ) -> Double {
        let events = count(series, fromAggregate: start, to: end)
        guard events > 0 else { return .nan }
        let last = rows[end &+ layout.lastTime(series)]
        if formula == .recency { return Double(now - last) / FeatureEvaluator.millisecondsPerDay }
        let first = rows[start &+ layout.nextTime(series)]
        if formula == .tenure { return Double(now - first) / FeatureEvaluator.millisecondsPerDay }
        let gaps = events - 1
        guard gaps > 0 else { return .nan }
        if formula == .meanGap {
            return Double(last - first) / (Double(gaps) * FeatureEvaluator.millisecondsPerDay)
        }
        guard last > first else { return .nan }
        return Double(wide: Int128(now - last) * Int128(gaps)) / Double(last - first)
    }
}

/// The places of numbers in a note.
///
/// What adds up from slice to slice stands first, then what only grows, then what comes next. Every list has a
/// place more than there are series: what an event has no series for goes there, so that a loop over events need not ask.
struct AggregateLayout {
    /// How many time series there are.
    let times: Int
    /// How many amount series there are.
    let amounts: Int
    /// How many day series there are.
    let days: Int

    init(times: Int, amounts: Int, days: Int) {
        (self.times, self.amounts, self.days) = (times, amounts, days)
    }

    /// The number of a series's events.
    @inline(__always)
    func count(_ series: Int) -> Int { series }
    /// How many events carried an amount.
    @inline(__always)
    func carriers(_ series: Int) -> Int { times &+ 1 &+ series }
    /// The sum of the amounts.
    @inline(__always)
    func sum(_ series: Int) -> Int { times &+ amounts &+ 2 &+ series }
    /// The number of a day series's events.
    @inline(__always)
    func dayEvents(_ series: Int) -> Int { times &+ 2 &* amounts &+ 3 &+ series }
    /// How many days began with an event.
    @inline(__always)
    func daysBegun(_ series: Int) -> Int { sums.upperBound &+ series }
    /// The time of the last event.
    @inline(__always)
    func lastTime(_ series: Int) -> Int { levels.upperBound &+ series }
    /// The day of the last event.
    @inline(__always)
    func lastDay(_ series: Int) -> Int { levels.upperBound &+ times &+ 1 &+ series }
    /// The time of the first event after the note.
    @inline(__always)
    func nextTime(_ series: Int) -> Int { latest.upperBound &+ series }
    /// The day of the first event after the note.
    @inline(__always)
    func nextDay(_ series: Int) -> Int { latest.upperBound &+ times &+ 1 &+ series }

    /// The places of what adds up from slice to slice.
    var sums: Range<Int> {
        @inline(__always) get { 0..<(times &+ 2 &* amounts &+ days &+ 4) }
    }
    /// The places of what grows from 0, noted as it stands.
    var levels: Range<Int> {
        @inline(__always) get { sums.upperBound..<(sums.upperBound &+ days &+ 1) }
    }
    /// The places of last times and days.
    var latest: Range<Int> {
        @inline(__always) get { levels.upperBound..<(levels.upperBound &+ times &+ days &+ 2) }
    }
    /// How many numbers a note has.
    var width: Int {
        @inline(__always) get { latest.upperBound &+ times &+ days &+ 2 }
    }
}
