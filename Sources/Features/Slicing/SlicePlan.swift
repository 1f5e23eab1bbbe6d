import LimpetEvents

/// What one pass over a user's events must remember so that features at all snapshot times follow from it.
///
/// Most features say something about the events of a window, and windows begin and end at snapshot times that are the same for
/// all users: the boundaries. A pass in the order of time notes at each boundary what came before it, and a feature is
/// then a difference of two such notes. The work grows with events and boundaries, and not with their product.
struct SlicePlan: Sendable {
    /// A feature as a difference of notes.
    struct WindowFeature: Sendable, BitwiseCopyable {
        enum Formula: Int, Sendable, CaseIterable, BitwiseCopyable {
            case count, change, difference, share, sum, mean, activeDays, recency, tenure, meanGap, overdue
        }
        var feature: Int
        var formula: Formula
        /// Among the time, the amount or the day series of the plan.
        var series: Int
        var otherSeries: Int
        /// The window, among the spans of the plan.
        var span: Int
        /// That of the other count: the longer window, or the two windows together.
        var otherSpan: Int
        var unitsPerOne: Double
    }

    /// Ascending; the first lies before all events.
    let boundaries: [Int64]
    /// The boundary at which each snapshot time's label ends.
    let labelEnds: [Int]
    /// The boundary from which on a user must be active, by snapshot time.
    let activeStarts: [Int]
    /// The features that follow from notes, one formula after the other.
    let windowFeatures: [WindowFeature]
    /// The boundary at which each span before a snapshot time begins, span after span, by snapshot time; the first span has no length.
    let spanStarts: [Int]
    /// How many spans there are.
    let spans: Int
    /// The features for which events must be kept one by one.
    let general: [Int]
    let dispatches: DispatchLists

    /// - Parameter routes: where events go, by their codes.
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
        // One formula after the other: what comes next is then no guess.
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
        places = Dictionary(uniqueKeysWithValues: zip(times, 1...))
        self.snapshotTimes = snapshotTimes
    }

    /// The boundary so long before each snapshot time; that before all events for a span of nil.
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
    /// The window of what the feature is compared with.
    fileprivate var otherWindow: Int64? {
        switch kind {
        case .trend: against
        case .change: window.map { 2 * $0 }
        default: window
        }
    }

    /// How the feature follows from notes at boundaries; nil where events must be kept one by one.
    fileprivate func formula(_ plan: FeaturePlan) -> SlicePlan.WindowFeature.Formula? {
        guard !hasConditions(plan) else { return nil }
        switch kind {
        case .count: return .count
        case .change: return .change
        case .difference: return .difference
        case .trend, .ratio: return .share
        case .sum: return .sum
        case .mean: return .mean
        case .activeDays: return .activeDays
        case .recency: return nth == 1 ? .recency : nil
        case .tenure: return .tenure
        case .meanGap: return .meanGap
        case .overdue: return .overdue
        default: return nil
        }
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
