extension FeatureEvaluator {
    /// Returns the value of a kind that counts civil days.
    func civilDays(_ days: borrowing DaySeries, from start: Int64?, to now: Int64) -> Int {
        switch kind {
        case .activeDays: return days.distinctDays(from: start, to: now)
        case .streak: return days.runs(from: start, to: now).last
        default: return days.runs(from: start, to: now).longest
        }
    }
}

extension FeatureScan {
    mutating func streaks(
        _ evaluator: FeatureEvaluator, _ series: DaySeries, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in snapshotTimes.enumerated() {
            // Days that go back, as a traveller's may, are sorted first, window by window.
            guard series.isMonotone else {
                let start = evaluator.window.map { now - $0 }
                write(index, Double(evaluator.civilDays(series, from: start, to: now)))
                continue
            }
            let range = series.times.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                runs.removeAll()
            } come: {
                runs.append(series.days[$0])
            } leave: { _ in
            }
            let found =
                range.isEmpty ? (last: 0, longest: 0) : runs.lengths(from: series.days[range.lowerBound])
            write(index, Double(evaluator.kind == .streak ? found.last : found.longest))
        }
    }
}

extension PrefixAggregates {
    /// Returns the number of days that began in the window, plus one if an event in it falls on the day of
    /// the last event before it.
    @inline(__always)
    func distinctDays(_ series: Int, _ start: Int, _ end: Int) -> Int {
        let (events, begun) = (layout.dayEvents(series), layout.daysBegun(series))
        guard rows[end &+ events] > rows[start &+ events] else { return 0 }
        let isWithin = rows[start &+ layout.nextDay(series)] == rows[start &+ layout.lastDay(series)]
        return Int(rows[end &+ begun] &- rows[start &+ begun]) &+ (isWithin ? 1 : 0)
    }
}
