extension FeatureKind {
    /// The way in which a kind is computed for many snapshot times of one user.
    enum Strategy {
        /// A difference of prefix aggregates at the window's ends, for features without conditions.
        case prefix(SlicePlan.WindowFeature.Formula)
        /// A moving window, which each event enters once and leaves once.
        case moving(MovingContents)
        /// A few lookups in the event series for each snapshot time.
        case lookup
    }

    /// The contents of a moving window.
    enum MovingContents {
        /// The least or the greatest amount.
        case extreme(isMaximum: Bool)
        /// The shortest or the longest gap.
        case extremeGap(isMaximum: Bool)
        /// The sums behind a standard deviation, of amounts or of gaps.
        case deviation
        /// How often each text occurs.
        case levels
        /// Runs of consecutive civil days.
        case runs
        /// The number of events that no answer followed, or that follow another one.
        case marks
        /// The chain that the last event belongs to.
        case chain
    }

    /// The strategy of the kind. A new kind must choose one here; each gives the bits of the lookup.
    var strategy: Strategy {
        switch self {
        case .count: .prefix(.count)
        case .change: .prefix(.change)
        case .difference: .prefix(.difference)
        case .trend, .ratio: .prefix(.share)
        case .sum: .prefix(.sum)
        case .mean: .prefix(.mean)
        case .activeDays: .prefix(.activeDays)
        case .recency: .prefix(.recency)
        case .tenure: .prefix(.tenure)
        case .meanGap: .prefix(.meanGap)
        case .overdue: .prefix(.overdue)
        case .minimum: .moving(.extreme(isMaximum: false))
        case .maximum: .moving(.extreme(isMaximum: true))
        case .shortestGap: .moving(.extremeGap(isMaximum: false))
        case .longestGap: .moving(.extremeGap(isMaximum: true))
        case .standardDeviation, .gapDeviation: .moving(.deviation)
        case .distinct, .affinity, .entropy: .moving(.levels)
        case .streak, .longestStreak: .moving(.runs)
        case .unanswered, .repeats: .moving(.marks)
        case .chain: .moving(.chain)
        case .decayedCount, .countSince, .sessions, .latest, .share, .funnelStage, .member, .lastCategory:
            .lookup
        }
    }
}
