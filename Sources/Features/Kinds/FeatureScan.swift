/// A computation of one feature of one user at ascending snapshot times.
///
/// Evaluating each window by itself would read all its events at each snapshot time. Here each event enters
/// the window once and leaves it once, so that the work grows with events and snapshot times, and not with
/// their product. The values are those of ``FeatureEvaluator/number(_:at:)``, bit for bit; kinds that need
/// only a few lookups are evaluated there.
struct FeatureScan {
    private var extreme = MovingExtreme()
    private var spread = MovingSpread()
    private var levels = MovingLevels()
    private var runs = MovingRuns()

    /// Computes a feature at each of the ascending snapshot times.
    ///
    /// - Parameter write: called with the index of each snapshot time and the feature's number.
    mutating func numbers(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        // A single window has no earlier state to reuse.
        guard snapshotTimes.count > 1 else {
            return lookUp(evaluator, state, at: snapshotTimes, write: write)
        }
        let window = evaluator.window
        switch evaluator.kind {
        case .minimum, .maximum:
            let (times, units) = (
                state.amounts[evaluator.series].times, state.amounts[evaluator.series].units
            )
            extremes(
                evaluator.kind == .maximum, per: evaluator.unitsPerOne, snapshotTimes,
                window: { times.range(of: window, at: $0) }, value: { units[$0] }, write: write)
        case .shortestGap, .longestGap:
            let series = state.times[evaluator.series]
            extremes(
                evaluator.kind == .longestGap, per: FeatureEvaluator.millisecondsPerDay, snapshotTimes,
                window: { series.gaps(of: window, at: $0) }, value: { series.gap($0) }, write: write)
        case .standardDeviation, .gapDeviation:
            deviations(evaluator, state, snapshotTimes, write: write)
        case .distinct, .affinity, .entropy:
            diversities(evaluator, state.categories[evaluator.series], snapshotTimes, write: write)
        case .streak, .longestStreak:
            streaks(evaluator, state.days[evaluator.series], snapshotTimes, write: write)
        case .unanswered, .repeats:
            marked(evaluator, state, snapshotTimes, write: write)
        case .chain:
            chains(evaluator, state.times[evaluator.series], snapshotTimes, write: write)
        default:
            lookUp(evaluator, state, at: snapshotTimes, write: write)
        }
    }

    private func lookUp(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        for (index, now) in snapshotTimes.enumerated() { write(index, evaluator.number(state, at: now)) }
    }
}

extension FeatureScan {
    private mutating func extremes(
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

    private mutating func deviations(
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

    private mutating func deviations(
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

    private mutating func diversities(
        _ evaluator: FeatureEvaluator, _ series: CategorySeries, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        levels.removeAll(levels: series.levelCount)
        for (index, now) in snapshotTimes.enumerated() {
            let range = series.times.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                levels.removeAll()
            } come: {
                levels.append(series.level($0))
            } leave: {
                levels.remove(series.level($0))
            }
            write(
                index,
                evaluator.diversity(
                    distinct: levels.distinct, most: levels.most, all: range.count, counts: levels.all))
        }
    }

    private mutating func streaks(
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

    /// Evaluates kinds that count the events with a property that, once known, does not change.
    private func marked(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        let (events, others) = (state.times[evaluator.series], state.times[evaluator.otherSeries])
        let isUnanswered = evaluator.kind == .unanswered
        func isMarked(_ place: Int) -> Bool {
            isUnanswered
                ? evaluator.isUnanswered(events, place, by: others) : evaluator.isRepeat(events, place)
        }
        var (moving, count) = (MovingWindow(), 0)
        for (index, now) in snapshotTimes.enumerated() {
            let start = evaluator.window.map { now - $0 }
            let range = events.range(from: start, to: isUnanswered ? now - evaluator.within : now)
            moving.move(to: range) {
                count = 0
            } come: {
                if isMarked($0) { count += 1 }
            } leave: {
                if isMarked($0) { count -= 1 }
            }
            write(index, Double(count))
        }
    }

    private func chains(
        _ evaluator: FeatureEvaluator, _ events: TimeSeries, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        // The start of the chain that contains the last event in the window; it may lie before the window.
        var (moving, first) = (MovingWindow(), 0)
        for (index, now) in snapshotTimes.enumerated() {
            let range = events.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                first = range.lowerBound
            } come: {
                if $0 > first, !evaluator.isRepeat(events, $0) { first = $0 }
            } leave: { _ in
            }
            let last = range.upperBound - 1
            let goesOn = !range.isEmpty && now - events.times[last] <= evaluator.within
            write(index, goesOn ? Double(last - max(first, range.lowerBound) + 1) : 0)
        }
    }
}
