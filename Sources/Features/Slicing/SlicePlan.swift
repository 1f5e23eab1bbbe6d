import LimpetEvents

/// A plan of the aggregates from which features at all snapshot times follow, computed in one pass over a
/// user's events.
///
/// Most features depend on the events of a window, and windows begin and end at times that are the same for
/// all users: the boundaries. A pass in the order of time stores at each boundary an aggregate of the events
/// before it, and a feature is the difference of two such aggregates. The work grows with events and
/// boundaries, and not with their product.
struct SlicePlan: Sendable {
    /// A feature that is a difference of two aggregates.
    struct WindowFeature: Sendable, BitwiseCopyable {
        enum Formula: Int, Sendable, CaseIterable, BitwiseCopyable {
            case count, change, difference, share, sum, mean, activeDays, recency, tenure, meanGap, overdue
        }
        var feature: Int
        var formula: Formula
        /// The index of the series, among the time, amount or day series of the plan.
        var series: Int
        var otherSeries: Int
        /// The index of the window, among the spans of the plan.
        var span: Int
        /// The index of the other count's span: the longer window, or the two windows together.
        var otherSpan: Int
        var unitsPerOne: Double
    }

    /// The ascending times of the boundaries; the first lies before all events.
    let boundaries: [Int64]
    /// The boundary at which each snapshot time's label ends.
    let labelEnds: [Int]
    /// The boundary from which on a user must be active, by snapshot time.
    let activeStarts: [Int]
    /// The features that follow from aggregates, sorted by formula.
    let windowFeatures: [WindowFeature]
    /// The boundary at which each span before a snapshot time begins, as `[spans][snapshotTimes]`; the first
    /// span has the length 0.
    let spanStarts: [Int]
    /// The number of spans.
    let spans: Int
    /// The features that are computed from a series of all their events.
    let general: [Int]
    let dispatches: DispatchLists

    /// - Parameter dispatches: the dispatch of each event code.
    init(_ plan: FeaturePlan, snapshotTimes: [Timestamp], dispatches: [EventDispatch]) {
        let lines = BoundaryLines(plan, snapshotTimes: snapshotTimes.map(\.milliseconds))
        var (windowFeatures, general): ([WindowFeature], [Int]) = ([], [])
        var spans: [Int64?] = [0]
        func span(_ length: Int64?) -> Int {
            if let known = spans.firstIndex(of: length) { return known }
            spans.append(length)
            return spans.count - 1
        }
        for (place, evaluator) in plan.evaluators.enumerated() {
            if let formula = evaluator.formula(plan) {
                windowFeatures.append(
                    WindowFeature(
                        feature: place, formula: formula, series: evaluator.series,
                        otherSeries: evaluator.kind == .trend ? evaluator.series : evaluator.otherSeries,
                        span: span(evaluator.window), otherSpan: span(evaluator.otherWindow),
                        unitsPerOne: evaluator.unitsPerOne))
            } else {
                general.append(place)
            }
        }
        // Sorted by formula, so that the branch on it is predictable.
        self.windowFeatures = windowFeatures.sorted {
            ($0.formula.rawValue, $0.feature) < ($1.formula.rawValue, $1.feature)
        }
        self.general = general
        self.spans = spans.count
        spanStarts = spans.flatMap { lines.starts($0) }
        boundaries = lines.boundaries
        labelEnds = lines.starts(plan.label.map { -$0.horizon.milliseconds } ?? 0)
        activeStarts = lines.starts(plan.population.activeWithin?.milliseconds)
        self.dispatches = DispatchLists(dispatches, plan, Self.asked(windowFeatures, plan))
    }

    private static func asked(_ windowFeatures: [WindowFeature], _ plan: FeaturePlan) -> DispatchLists.Asked {
        var asked = DispatchLists.Asked()
        asked.times = [plan.hasDoneSeries, plan.activitySeries]
        asked.times.formUnion([plan.hasNotDoneSeries, plan.labelSeries].compactMap { $0 })
        for feature in windowFeatures {
            switch feature.formula {
            case .sum, .mean: asked.amounts.insert(feature.series)
            case .activeDays: asked.days.insert(feature.series)
            case .difference, .share: asked.times.formUnion([feature.series, feature.otherSeries])
            case .count, .change, .recency: asked.times.insert(feature.series)
            case .tenure, .meanGap, .overdue:
                asked.times.insert(feature.series)
                asked.firsts.insert(feature.series)
            }
        }
        return asked
    }
}

/// The ends of all windows of all snapshot times.
private struct BoundaryLines {
    let boundaries: [Int64]
    private let places: [Int64: Int]
    private let snapshotTimes: [Int64]

    init(_ plan: FeaturePlan, snapshotTimes: [Int64]) {
        var spans: Set<Int64> = [0]
        for evaluator in plan.evaluators where evaluator.formula(plan) != nil {
            for span in [evaluator.window, evaluator.otherWindow] { if let span { spans.insert(span) } }
        }
        if let span = plan.population.activeWithin { spans.insert(span.milliseconds) }
        if let label = plan.label { spans.insert(-label.horizon.milliseconds) }
        let times = Set(spans.flatMap { span in snapshotTimes.map { $0 - span } }).sorted()
        boundaries = [Int64.min] + times
        places = Dictionary(zip(times, 1...)) { first, _ in first }
        self.snapshotTimes = snapshotTimes
    }

    /// Returns the boundary `span` before each snapshot time; the one before all events for nil.
    func starts(_ span: Int64?) -> [Int] {
        guard let span else { return snapshotTimes.map { _ in 0 } }
        return snapshotTimes.map { snapshotTime in
            guard let place = places[snapshotTime - span] else {
                preconditionFailure("the ends of all windows are boundaries")
            }
            return place
        }
    }
}

extension FeatureEvaluator {
    /// The window of the count that the feature is compared with.
    fileprivate var otherWindow: Int64? {
        switch kind {
        case .trend: against
        case .change: window.map { 2 * $0 }
        default: window
        }
    }

    /// Returns the formula by which the feature follows from aggregates; nil when it needs a series of all
    /// its events.
    fileprivate func formula(_ plan: FeaturePlan) -> SlicePlan.WindowFeature.Formula? {
        guard case .prefix(let formula) = kind.strategy, !hasConditions(plan), nth == 1 else { return nil }
        return formula
    }

    private func hasConditions(_ plan: FeaturePlan) -> Bool {
        let filter: EventFilter =
            switch kind {
            case .activeDays, .streak, .longestStreak: plan.dayFilters[series]
            case _ where kind.readsAmount: plan.amountSources[series].filter
            case _ where kind.readsText: plan.categorySources[series].filter
            default: plan.timeFilters[series]
            }
        return !filter.conditions.isEmpty
    }
}
