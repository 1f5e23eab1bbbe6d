import LimpetEvents

/// What one pass over a user's events must remember so that features at all moments follow from it.
///
/// Most features say something about the events of a window, and windows begin and end at moments that are the same for
/// all users: the boundaries. A pass in the order of time notes at each boundary what came before it, and a feature is
/// then a difference of two such notes. The work grows with events and boundaries, and not with their product.
struct SweepPlan: Sendable {
    /// A feature as a difference of notes.
    struct Swept: Sendable {
        enum Formula: Sendable {
            case count, change, difference, share, sum, mean, activeDays, recency, tenure, meanGap, overdue

            /// Whether it asks for the first event of the window.
            var asksForFirst: Bool { self == .tenure || self == .meanGap || self == .overdue }
        }
        var feature: Int
        var formula: Formula
        /// Among the time, the amount or the day tracks of the plan.
        var track: Int
        var otherTrack: Int
        var unitsPerOne: Double
    }

    /// Ascending; the first lies before all events.
    let boundaries: [Int64]
    /// The boundary of each moment.
    let ends: [Int]
    /// The boundary at which each moment's label ends.
    let labelEnds: [Int]
    /// The boundary from which on a user must be active, by moment.
    let activeStarts: [Int]
    let swept: [Swept]
    /// The boundary at which each swept feature's window begins, feature after feature, by moment.
    let starts: [Int]
    /// That of the other count: of the longer window, or of the two windows together.
    let otherStarts: [Int]
    /// The features for which events must be kept one by one.
    let general: [Int]
    /// Where the lists of each event code begin in ``routeTracks``; see ``SweepPass/Routes``.
    private(set) var routeStarts = [0]
    /// The tracks that the events of a name go to.
    private(set) var routeTracks: [Int] = []
    /// How many time tracks are asked for the first event of a window.
    let firstTracks: Int
    /// How many day tracks are part of the sweep.
    let dayTracks: Int
    /// The amount column of each amount track.
    let amountSlots: [Int]

    /// - Parameter routes: where events go, by their codes.
    init(_ plan: FeaturePlan, moments: [Timestamp], routes: [EventRoute]) {
        let lines = BoundaryLines(plan, moments: moments.map(\.milliseconds))
        var (swept, general): ([Swept], [Int]) = ([], [])
        var (starts, otherStarts): ([Int], [Int]) = ([], [])
        for (place, evaluator) in plan.evaluators.enumerated() {
            if let formula = evaluator.formula(plan) {
                swept.append(
                    Swept(
                        feature: place, formula: formula, track: evaluator.track,
                        otherTrack: evaluator.kind == .trend ? evaluator.track : evaluator.otherTrack,
                        unitsPerOne: evaluator.unitsPerOne))
                starts += lines.starts(evaluator.window)
                otherStarts += lines.starts(evaluator.otherWindow)
            } else {
                general.append(place)
            }
        }
        self.swept = swept
        self.general = general
        self.starts = starts
        self.otherStarts = otherStarts
        amountSlots = plan.amountSources.map(\.slot)
        boundaries = lines.boundaries
        ends = lines.starts(0)
        labelEnds = lines.starts(plan.label.map { -$0.horizon.milliseconds } ?? 0)
        activeStarts = lines.starts(plan.population.activeWithin?.milliseconds)
        let asked = Set(swept.filter(\.formula.asksForFirst).map(\.track))
        firstTracks = asked.count
        // Tracks with conditions are no part of a sweep.
        dayTracks = plan.dayFilters.count { $0.conditions.isEmpty }
        for route in routes {
            let firsts = route.timeTracks.filter { asked.contains($0.index) }
            for list in [route.timeTracks, firsts, route.amountTracks, route.dayTracks] {
                routeTracks += list.filter { $0.condition < 0 }.map(\.index)
                routeStarts.append(routeTracks.count)
            }
        }
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
