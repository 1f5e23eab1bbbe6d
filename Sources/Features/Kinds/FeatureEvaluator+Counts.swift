import LimpetEvents

extension FeatureEvaluator {
    /// Returns the value of a kind that counts events.
    func counted(_ state: borrowing UserState, from start: Int64?, to now: Int64) -> Double {
        let events = state.times[series]
        switch kind {
        case .decayedCount: return decayed(events, from: start, to: now)
        case .countSince: return countSince(events, state.times[otherSeries], from: start, to: now)
        case .member: return membership(events, state.times[otherSeries], to: now)
        default: break
        }
        let count = events.count(from: start, to: now)
        switch kind {
        case .change:
            let before = start.map { events.count(from: $0 - (now - $0), to: $0) } ?? 0
            return Double(count - before)
        case .difference:
            return Double(count - state.times[otherSeries].count(from: start, to: now))
        case .trend:
            return Self.share(count, of: events.count(from: against.map { now - $0 }, to: now))
        case .ratio, .share:
            return Self.share(count, of: state.times[otherSeries].count(from: start, to: now))
        default:
            return Double(count)
        }
    }

    static func share(_ count: Int, of all: Int) -> Double {
        all > 0 ? Double(count) / Double(all) : .nan
    }

    private func decayed(_ events: borrowing TimeSeries, from start: Int64?, to now: Int64) -> Double {
        guard let decay else { return .nan }
        let oldest = now - decay.limit
        let range = events.range(from: max(start ?? oldest, oldest), to: now)
        let sum =
            range.count < Self.eventsPerStep * Int(DecayTable.steps)
            ? range.reduce(Int64(0)) { $0 + decay.weight(age: now - events.times[$1]) }
            : Self.sum(events, range, decay, at: now)
        return Double(sum) / Double(DecayTable.one)
    }

    /// The number of events per step above which a search for the bounds of the steps is faster than a weight
    /// per event.
    private static let eventsPerStep = 4

    /// Returns the sum of the weights of a range of events, from their number in each step.
    private static func sum(
        _ events: borrowing TimeSeries, _ range: Range<Int>, _ decay: DecayTable, at now: Int64
    ) -> Int64 {
        var (sum, upper) = (Int64(0), range.upperBound)
        for step in 0..<DecayTable.steps where upper > range.lowerBound {
            let oldest = now - decay.age(ofStep: step + 1)
            let lower = max(range.lowerBound, events.times.partitioningIndex { $0 > oldest })
            sum += Int64(upper - lower) * decay.weight(ofStep: step)
            upper = lower
        }
        return sum
    }

    private func countSince(
        _ events: borrowing TimeSeries, _ marks: borrowing TimeSeries, from start: Int64?, to now: Int64
    ) -> Double {
        guard let mark = marks.range(from: nil, to: now).last.map({ marks.times[$0] }) else { return .nan }
        return Double(events.count(from: max(mark + 1, start ?? mark), to: now))
    }

    private func membership(_ entries: borrowing TimeSeries, _ exits: borrowing TimeSeries, to now: Int64)
        -> Double
    {
        let entry = entries.range(from: nil, to: now).last.map { entries.times[$0] }
        let exit = exits.range(from: nil, to: now).last.map { exits.times[$0] }
        guard let entry else { return exit == nil ? .nan : 0 }
        return exit.map { $0 < entry } ?? true ? 1 : 0
    }
}
