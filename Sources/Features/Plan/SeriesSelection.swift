/// The series of a plan that some of its features read.
struct SeriesSelection {
    private(set) var times: Set<Int> = []
    private(set) var days: Set<Int> = []
    private(set) var amounts: Set<Int> = []
    private(set) var categories: Set<Int> = []
    private(set) var hasSessions = false

    init(_ evaluators: [FeatureEvaluator]) {
        for evaluator in evaluators { add(evaluator) }
    }

    private mutating func add(_ evaluator: FeatureEvaluator) {
        switch evaluator.kind {
        case .activeDays, .streak, .longestStreak: days.insert(evaluator.series)
        case .sessions: hasSessions = true
        case .sum, .mean, .standardDeviation, .minimum, .maximum, .latest: amounts.insert(evaluator.series)
        case .distinct, .affinity, .entropy, .lastCategory: categories.insert(evaluator.series)
        case .funnelStage: times.formUnion(evaluator.stageSeries)
        case .difference, .ratio, .share, .countSince, .member, .unanswered:
            times.formUnion([evaluator.series, evaluator.otherSeries])
        case .count, .decayedCount, .change, .trend, .recency, .tenure, .meanGap, .shortestGap, .longestGap,
            .gapDeviation, .overdue, .chain, .repeats:
            times.insert(evaluator.series)
        }
    }
}

extension EventDispatch {
    /// True when the event is added to no series.
    var isEmpty: Bool {
        categories.upperBound == 0 && !extendsSession
    }

    /// Returns the dispatch to some of the series.
    func restricted(to selection: SeriesSelection) -> EventDispatch {
        EventDispatch(
            timeSeries: timeSeries.filter { selection.times.contains($0.index) },
            daySeries: daySeries.filter { selection.days.contains($0.index) },
            amountSeries: amountSeries.filter { selection.amounts.contains($0.index) },
            categorySeries: categorySeries.filter { selection.categories.contains($0.index) },
            extendsSession: extendsSession && selection.hasSessions, nameKey: nameKey)
    }
}
