import LimpetEvents

extension FeatureEvaluator {
    /// Returns the value of a kind that depends on the order of events.
    func sequence(_ state: borrowing UserState, from start: Int64?, to now: Int64) -> Int {
        switch kind {
        case .funnelStage: return stages(state, from: start, to: now)
        case .chain: return chain(state.times[series], from: start, to: now)
        case .unanswered:
            return unanswered(state.times[series], state.times[otherSeries], from: start, to: now)
        default: return repeats(state.times[series], from: start, to: now)
        }
    }

    /// Returns the number of stages reached. Each stage begins at its first event at or after the beginning
    /// of the stage before.
    private func stages(_ state: borrowing UserState, from start: Int64?, to now: Int64) -> Int {
        var reached = start
        for (number, series) in stageSeries.enumerated() {
            let range = state.times[series].range(from: reached, to: now)
            guard let first = range.first else { return number }
            reached = state.times[series].times[first]
        }
        return stageSeries.count
    }

    private func chain(_ events: borrowing TimeSeries, from start: Int64?, to now: Int64) -> Int {
        var length = 0
        var next = now
        for index in events.range(from: start, to: now).reversed() {
            guard next - events.times[index] <= within else { break }
            next = events.times[index]
            length += 1
        }
        return length
    }

    /// Returns the number of unanswered events. An event whose time to be answered is not over yet is not
    /// counted.
    private func unanswered(
        _ events: borrowing TimeSeries, _ answers: borrowing TimeSeries, from start: Int64?, to now: Int64
    ) -> Int {
        events.range(from: start, to: now - within).count { isUnanswered(events, $0, by: answers) }
    }

    /// Returns true if an event, whose time to be answered is over, was not answered.
    func isUnanswered(_ events: borrowing TimeSeries, _ place: Int, by answers: borrowing TimeSeries) -> Bool
    {
        let time = events.times[place]
        return answers.count(from: time, to: time + within + 1) == 0
    }

    private func repeats(_ events: borrowing TimeSeries, from start: Int64?, to now: Int64) -> Int {
        events.range(from: start, to: now).count { isRepeat(events, $0) }
    }

    /// Returns true if an event follows the one before, which may lie before the window, within `within`.
    func isRepeat(_ events: borrowing TimeSeries, _ place: Int) -> Bool {
        place > 0 && events.gap(place) <= within
    }
}

extension FeatureScan {
    /// Evaluates kinds that count the events with a property that, once known, does not change.
    func marked(
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

    func chains(
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
