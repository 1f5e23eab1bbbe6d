/// What one user's events came to before each boundary of a plan.
///
/// A note is a row of whole numbers: what came so far, by track. Boundaries between which no event lies share a note.
struct SweepNotes {
    /// Where the numbers of a note stand.
    let layout: NoteLayout
    /// The notes, row after row, in the order of time.
    let rows: NumberView<Int64>
    /// Where the note of each boundary begins in ``rows``.
    let noteStarts: NumberView<Int>

    /// The number of events between two boundaries.
    @inline(__always)
    func count(_ track: Int, _ start: Int, _ end: Int) -> Int {
        count(track, fromNote: noteStarts[start], to: noteStarts[end])
    }

    /// The number of events between two notes, given by where they begin.
    @inline(__always)
    func count(_ track: Int, fromNote start: Int, to end: Int) -> Int {
        Int(rows[end &+ layout.count(track)] &- rows[start &+ layout.count(track)])
    }

    /// Whether a feature has no events before the last boundary, and so the same value at all moments; false for those that
    /// look at two tracks.
    @inline(__always)
    func isEmpty(_ formula: SweepPlan.Swept.Formula, _ track: Int) -> Bool {
        let last = noteStarts[noteStarts.count &- 1]
        return switch formula {
        case .difference, .share: false
        case .sum, .mean: rows[last &+ layout.carriers(track)] == 0
        case .activeDays: rows[last &+ layout.dayEvents(track)] == 0
        default: rows[last &+ layout.count(track)] == 0
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
        _ swept: SweepPlan.Swept, _ formula: SweepPlan.Swept.Formula, _ start: Int,
        otherStart: @autoclosure () -> Int, _ end: Int, now: Int64
    ) -> Double {
        let track = swept.track
        switch formula {
        case .count: return Double(count(track, fromNote: start, to: end))
        case .change:
            return Double(
                2 * count(track, fromNote: start, to: end) - count(track, fromNote: otherStart(), to: end))
        case .difference:
            return Double(
                count(track, fromNote: start, to: end) - count(swept.otherTrack, fromNote: start, to: end))
        case .share:
            return FeatureEvaluator.share(
                count(track, fromNote: start, to: end),
                of: count(swept.otherTrack, fromNote: otherStart(), to: end))
        case .sum, .mean: return amount(swept, formula, start, end)
        case .activeDays: return Double(distinctDays(track, start, end))
        case .recency, .tenure, .meanGap, .overdue: return spacing(formula, track, start, end, now)
        }
    }

    @inline(__always)
    private func amount(
        _ swept: SweepPlan.Swept, _ formula: SweepPlan.Swept.Formula, _ start: Int, _ end: Int
    ) -> Double {
        // A pass whose sums do not fit says so; see ``SweepPass/needsAllEvents``.
        let sum = layout.sum(swept.track)
        let total = Double(rows[end &+ sum] &- rows[start &+ sum])
        if formula == .sum { return total / swept.unitsPerOne }
        let place = layout.carriers(swept.track)
        let carriers = rows[end &+ place] &- rows[start &+ place]
        return carriers > 0 ? total / (Double(carriers) * swept.unitsPerOne) : .nan
    }

    /// The days that began in the window, and the one within which it begins, where that has an event in it.
    @inline(__always)
    private func distinctDays(_ track: Int, _ start: Int, _ end: Int) -> Int {
        let (events, begun) = (layout.dayEvents(track), layout.daysBegun(track))
        guard rows[end &+ events] > rows[start &+ events] else { return 0 }
        let isWithin = rows[start &+ layout.nextDay(track)] == rows[start &+ layout.lastDay(track)]
        return Int(rows[end &+ begun] &- rows[start &+ begun]) &+ (isWithin ? 1 : 0)
    }

    @inline(__always)
    private func spacing(
        _ formula: SweepPlan.Swept.Formula, _ track: Int, _ start: Int, _ end: Int, _ now: Int64
    ) -> Double {
        let events = count(track, fromNote: start, to: end)
        guard events > 0 else { return .nan }
        let last = rows[end &+ layout.lastTime(track)]
        if formula == .recency { return Double(now - last) / FeatureEvaluator.millisecondsPerDay }
        let first = rows[start &+ layout.nextTime(track)]
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
