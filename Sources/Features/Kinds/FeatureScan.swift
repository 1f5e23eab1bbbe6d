/// A feature of one user at one moment after the other.
///
/// A window that is looked at as a whole costs all its events at each moment. Here each event comes into the window
/// once and leaves it once, so that the work grows with events and moments, and not with their product. The values are
/// those of ``FeatureEvaluator/number(_:at:)``, bit for bit, and kinds that a few lookups answer are asked there.
struct FeatureScan {
    private var extreme = MovingExtreme()
    private var spread = MovingSpread()
    private var levels = MovingLevels()
    private var runs = MovingRuns()

    /// Gives a feature at each of some ascending moments.
    ///
    /// - Parameter write: called with the place of each moment and the feature's number then.
    mutating func numbers(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at moments: [Int64],
        write: (Int, Double) -> Void
    ) {
        // For one window there is nothing to carry on.
        guard moments.count > 1 else { return lookUp(evaluator, state, at: moments, write: write) }
        let window = evaluator.window
        switch evaluator.kind {
        case .minimum, .maximum:
            let (times, units) = (state.amounts[evaluator.track].times, state.amounts[evaluator.track].units)
            extremes(
                evaluator.kind == .maximum, per: evaluator.unitsPerOne, moments,
                window: { times.range(of: window, at: $0) }, value: { units[$0] }, write: write)
        case .shortestGap, .longestGap:
            let track = state.times[evaluator.track]
            extremes(
                evaluator.kind == .longestGap, per: FeatureEvaluator.millisecondsPerDay, moments,
                window: { track.gaps(of: window, at: $0) }, value: { track.gap($0) }, write: write)
        case .standardDeviation, .gapDeviation:
            deviations(evaluator, state, moments, write: write)
        case .distinct, .affinity, .entropy:
            diversities(evaluator, state.categories[evaluator.track], moments, write: write)
        case .streak, .longestStreak:
            streaks(evaluator, state.days[evaluator.track], moments, write: write)
        case .unanswered, .repeats:
            marked(evaluator, state, moments, write: write)
        case .chain:
            chains(evaluator, state.times[evaluator.track], moments, write: write)
        default:
            lookUp(evaluator, state, at: moments, write: write)
        }
    }

    private func lookUp(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, at moments: [Int64],
        write: (Int, Double) -> Void
    ) {
        for (index, now) in moments.enumerated() { write(index, evaluator.number(state, at: now)) }
    }
}

extension FeatureScan {
    private mutating func extremes(
        _ isMaximum: Bool, per unit: Double, _ moments: [Int64], window: (Int64) -> Range<Int>,
        value: (Int) -> Int64, write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in moments.enumerated() {
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
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, _ moments: [Int64],
        write: (Int, Double) -> Void
    ) {
        let window = evaluator.window
        if evaluator.kind == .gapDeviation {
            let track = state.times[evaluator.track]
            deviations(
                per: FeatureEvaluator.millisecondsPerDay, moments,
                window: { track.gaps(of: window, at: $0) }, value: { track.gap($0) },
                sum: { Int128(track.times[$0.upperBound - 1] - track.times[$0.lowerBound - 1]) },
                write: write)
        } else {
            let amounts = state.amounts[evaluator.track]
            deviations(
                per: evaluator.unitsPerOne, moments,
                window: { amounts.times.range(of: window, at: $0) }, value: { amounts.units[$0] },
                sum: { amounts.sum($0) }, write: write)
        }
    }

    private mutating func deviations(
        per unit: Double, _ moments: [Int64], window: (Int64) -> Range<Int>, value: (Int) -> Int64,
        sum: (Range<Int>) -> Int128, write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in moments.enumerated() {
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
        _ evaluator: FeatureEvaluator, _ track: CategoryTrack, _ moments: [Int64],
        write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        levels.removeAll(levels: track.levelCount)
        for (index, now) in moments.enumerated() {
            let range = track.times.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                levels.removeAll()
            } come: {
                levels.append(track.level($0))
            } leave: {
                levels.remove(track.level($0))
            }
            write(
                index,
                evaluator.diversity(
                    distinct: levels.distinct, most: levels.most, all: range.count, counts: levels.all))
        }
    }

    private mutating func streaks(
        _ evaluator: FeatureEvaluator, _ track: DayTrack, _ moments: [Int64], write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        for (index, now) in moments.enumerated() {
            // A traveller's days must be put in order first, window by window.
            guard track.isMonotone else {
                let start = evaluator.window.map { now - $0 }
                write(index, Double(evaluator.civilDays(track, from: start, to: now)))
                continue
            }
            let range = track.times.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                runs.removeAll()
            } come: {
                runs.append(track.days[$0])
            } leave: { _ in
            }
            let found =
                range.isEmpty ? (last: 0, longest: 0) : runs.lengths(from: track.days[range.lowerBound])
            write(index, Double(evaluator.kind == .streak ? found.last : found.longest))
        }
    }

    /// Kinds that count those events of which something holds that no longer changes.
    private func marked(
        _ evaluator: FeatureEvaluator, _ state: borrowing UserState, _ moments: [Int64],
        write: (Int, Double) -> Void
    ) {
        let (events, others) = (state.times[evaluator.track], state.times[evaluator.otherTrack])
        let isUnanswered = evaluator.kind == .unanswered
        func isMarked(_ place: Int) -> Bool {
            isUnanswered
                ? evaluator.isUnanswered(events, place, by: others) : evaluator.isRepeat(events, place)
        }
        var (moving, count) = (MovingWindow(), 0)
        for (index, now) in moments.enumerated() {
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
        _ evaluator: FeatureEvaluator, _ events: TimeTrack, _ moments: [Int64], write: (Int, Double) -> Void
    ) {
        // Where the chain of the last event in the window began, be it before the window.
        var (moving, first) = (MovingWindow(), 0)
        for (index, now) in moments.enumerated() {
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
