/// What one user's events came to at each boundary of a plan.
///
/// A note is a row of whole numbers: what came so far, by track.
struct SweepNotes {
    /// Where the numbers of a note stand.
    let layout: Layout
    /// What came before each boundary, row after row.
    let rows: NumberView<Int64>
    /// The time of the first event at or after each boundary, by track.
    let nexts: NumberView<Int64>
    /// The day of the first event at or after each boundary, by track.
    let nextDays: NumberView<Int64>

    /// The places of numbers in a note: two for each time and amount track, three for each day track.
    struct Layout {
        /// How many time tracks there are.
        let times: Int
        /// How many day tracks there are.
        let days: Int
        /// Where the amounts begin.
        private let amounts: Int
        /// Where the days begin.
        private let dayStart: Int
        /// How many numbers a note has.
        let width: Int

        init(_ plan: FeaturePlan) {
            times = plan.timeFilters.count
            days = plan.dayFilters.count
            amounts = 2 * times
            dayStart = amounts + 2 * plan.amountSources.count
            width = dayStart + 3 * days
        }

        /// The number of a track's events; the time of the last one stands behind it.
        func count(_ track: Int) -> Int { 2 &* track }
        /// The sum of a track's amounts; their number stands behind it.
        func sum(_ track: Int) -> Int { amounts &+ 2 &* track }
        /// The number of a track's events; that of its days, and the last of these, stand behind it.
        func dayEvents(_ track: Int) -> Int { dayStart &+ 3 &* track }
    }

    /// The number of events between two boundaries.
    @inline(__always)
    func count(_ track: Int, _ start: Int, _ end: Int) -> Int {
        let place = layout.count(track)
        return Int(rows[end &* layout.width &+ place] &- rows[start &* layout.width &+ place])
    }

    /// A swept feature of the window between two boundaries; NaN where it is missing.
    ///
    /// - Parameter otherStart: where the window begins of what it is compared with.
    @inline(__always)
    func value(_ swept: SweepPlan.Swept, _ start: Int, otherStart: Int, _ end: Int, now: Int64) -> Double {
        let track = swept.track
        switch swept.formula {
        case .count: return Double(count(track, start, end))
        case .change: return Double(2 * count(track, start, end) - count(track, otherStart, end))
        case .difference: return Double(count(track, start, end) - count(swept.otherTrack, start, end))
        case .share:
            return FeatureEvaluator.share(
                count(track, start, end), of: count(swept.otherTrack, otherStart, end))
        case .sum, .mean: return amount(swept, start, end)
        case .activeDays: return Double(distinctDays(track, start, end))
        case .recency, .tenure, .meanGap, .overdue: return spacing(swept.formula, track, start, end, now)
        }
    }

    @inline(__always)
    private func amount(_ swept: SweepPlan.Swept, _ start: Int, _ end: Int) -> Double {
        let place = layout.sum(swept.track)
        let (first, last) = (start &* layout.width &+ place, end &* layout.width &+ place)
        let (difference, overflow) = rows[last].subtractingReportingOverflow(rows[first])
        // The difference of two sums of 64 bits may have 65.
        let total = overflow ? Double(Int128(rows[last]) - Int128(rows[first])) : Double(difference)
        if swept.formula == .sum { return total / swept.unitsPerOne }
        let carriers = rows[last &+ 1] &- rows[first &+ 1]
        return carriers > 0 ? total / (Double(carriers) * swept.unitsPerOne) : .nan
    }

    /// The days that began in the window, and the one within which it begins, where that has an event in it.
    @inline(__always)
    private func distinctDays(_ track: Int, _ start: Int, _ end: Int) -> Int {
        let place = layout.dayEvents(track)
        let (first, last) = (start &* layout.width &+ place, end &* layout.width &+ place)
        guard rows[last] > rows[first] else { return 0 }
        let isWithin = nextDays[start &* layout.days &+ track] == rows[first &+ 2]
        return Int(rows[last &+ 1] &- rows[first &+ 1]) &+ (isWithin ? 1 : 0)
    }

    @inline(__always)
    private func spacing(
        _ formula: SweepPlan.Swept.Formula, _ track: Int, _ start: Int, _ end: Int, _ now: Int64
    ) -> Double {
        let events = count(track, start, end)
        guard events > 0 else { return .nan }
        let last = rows[end &* layout.width &+ layout.count(track) &+ 1]
        if formula == .recency { return Double(now - last) / FeatureEvaluator.millisecondsPerDay }
        let first = nexts[start &* layout.times &+ track]
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
