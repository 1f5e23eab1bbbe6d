import LimpetEvents

/// What one pass over a user's events must remember so that features at all moments follow from it.
///
/// Most features say something about the events of a window, and windows begin and end at moments that are the same for
/// all users: the boundaries. A pass in the order of time notes at each boundary what came before it, and a feature is
/// then a difference of two such notes. The work grows with events and boundaries, and not with their product.
struct SweepPlan: Sendable {
    /// A feature as a difference of notes.
    struct Swept: Sendable, BitwiseCopyable {
        enum Formula: Int, Sendable, CaseIterable, BitwiseCopyable {
            case count, change, difference, share, sum, mean, activeDays, recency, tenure, meanGap, overdue
        }
        var feature: Int
        var formula: Formula
        /// Among the time, the amount or the day tracks of the plan.
        var track: Int
        var otherTrack: Int
        /// The window, among the spans of the plan.
        var span: Int
        /// That of the other count: the longer window, or the two windows together.
        var otherSpan: Int
        var unitsPerOne: Double
    }

    /// Ascending; the first lies before all events.
    let boundaries: [Int64]
    /// The boundary at which each moment's label ends.
    let labelEnds: [Int]
    /// The boundary from which on a user must be active, by moment.
    let activeStarts: [Int]
    /// The features that follow from notes, one formula after the other.
    let swept: [Swept]
    /// The boundary at which each span before a moment begins, span after span, by moment; the first span has no length.
    let spanStarts: [Int]
    /// How many spans there are.
    let spans: Int
    /// The features for which events must be kept one by one.
    let general: [Int]
    let routes: SweepRoutes

    /// - Parameter routes: where events go, by their codes.
    init(_ plan: FeaturePlan, moments: [Timestamp], routes: [EventRoute]) {
        let lines = BoundaryLines(plan, moments: moments.map(\.milliseconds))
        var (swept, general): ([Swept], [Int]) = ([], [])
        var spans: [Int64?] = [0]
        func span(_ length: Int64?) -> Int {
            if let known = spans.firstIndex(of: length) { return known }
            spans.append(length)
            return spans.count - 1
        }
        for (place, evaluator) in plan.evaluators.enumerated() {
            if let formula = evaluator.formula(plan) {
                swept.append(
                    Swept(
                        feature: place, formula: formula, track: evaluator.track,
                        otherTrack: evaluator.kind == .trend ? evaluator.track : evaluator.otherTrack,
                        span: span(evaluator.window), otherSpan: span(evaluator.otherWindow),
                        unitsPerOne: evaluator.unitsPerOne))
            } else {
                general.append(place)
            }
        }
        // One formula after the other: what comes next is then no guess.
        self.swept = swept.sorted { ($0.formula.rawValue, $0.feature) < ($1.formula.rawValue, $1.feature) }
        self.general = general
        self.spans = spans.count
        spanStarts = spans.flatMap { lines.starts($0) }
        boundaries = lines.boundaries
        labelEnds = lines.starts(plan.label.map { -$0.horizon.milliseconds } ?? 0)
        activeStarts = lines.starts(plan.population.activeWithin?.milliseconds)
        self.routes = SweepRoutes(routes, plan, Self.asked(swept, plan))
    }

    private static func asked(_ swept: [Swept], _ plan: FeaturePlan) -> SweepRoutes.Asked {
        var asked = SweepRoutes.Asked()
        asked.times = [plan.hasDoneTrack, plan.activityTrack]
        asked.times.formUnion([plan.hasNotDoneTrack, plan.labelTrack].compactMap { $0 })
        for feature in swept {
            switch feature.formula {
            case .sum, .mean: asked.amounts.insert(feature.track)
            case .activeDays: asked.days.insert(feature.track)
            case .difference, .share: asked.times.formUnion([feature.track, feature.otherTrack])
            case .count, .change, .recency: asked.times.insert(feature.track)
            case .tenure, .meanGap, .overdue:
                asked.times.insert(feature.track)
                asked.firsts.insert(feature.track)
            }
        }
        return asked
    }
}

/// The ends of all windows of all moments.
private struct BoundaryLines {
    let boundaries: [Int64]
    private let places: [Int64: Int]
    private let moments: [Int64]

    init(_ plan: FeaturePlan, moments: [Int64]) {
        var spans: Set<Int64> = [0]
        for evaluator in plan.evaluators where evaluator.formula(plan) != nil {
            for span in [evaluator.window, evaluator.otherWindow] { if let span { spans.insert(span) } }
        }
        if let span = plan.population.activeWithin { spans.insert(span.milliseconds) }
        if let label = plan.label { spans.insert(-label.horizon.milliseconds) }
        let times = Set(spans.flatMap { span in moments.map { $0 - span } }).sorted()
        boundaries = [Int64.min] + times
        places = Dictionary(uniqueKeysWithValues: zip(times, 1...))
        self.moments = moments
    }

    /// The boundary so long before each moment; that before all events for a span of nil.
    func starts(_ span: Int64?) -> [Int] {
        guard let span else { return moments.map { _ in 0 } }
        return moments.map { moment in
            guard let place = places[moment - span] else {
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
    fileprivate func formula(_ plan: FeaturePlan) -> SweepPlan.Swept.Formula? {
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
            case .activeDays, .streak, .longestStreak: plan.dayFilters[track]
            case _ where kind.readsAmount: plan.amountSources[track].filter
            case _ where kind.readsText: plan.categorySources[track].filter
            default: plan.timeFilters[track]
            }
        return !filter.conditions.isEmpty
    }
}
