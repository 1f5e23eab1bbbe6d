/// A kind of feature: a function of the events before a snapshot time `t`. All times are in days of 24 hours.
public enum FeatureKind: String, CaseIterable, Sendable {
    /// The number of events in the window; 0 for none.
    case count
    /// The number of events in the window, each halved for every half-life of its age; 0 for none.
    case decayedCount = "decayed_count"
    /// The events in the window minus those in the window of the same length before it.
    case change
    /// The number of events in the window after the last event of `since`; missing where there was none.
    case countSince = "count_since"
    /// The number of civil days in the window with at least one event.
    case activeDays = "active_days"
    /// The number of consecutive civil days with events that end with the last such day; 0 for none.
    case streak
    /// The most consecutive civil days with events; 0 for none.
    case longestStreak = "longest_streak"
    /// The number of sessions that started in the window.
    case sessions
    /// The number of different values of a property (or of event names) in the window.
    case distinct
    /// The events in the window minus the events of `minus` in it, e.g. due minus submitted.
    case difference
    /// The sum of a property over the window; 0 for none.
    case sum
    /// The mean of a property over the events in the window that carry it; missing for none.
    case mean
    /// The standard deviation of a property over the events in the window; missing with fewer than two.
    case standardDeviation = "standard_deviation"
    /// The smallest value of a property in the window; missing for none.
    case minimum
    /// The largest value of a property in the window; missing for none.
    case maximum
    /// The latest value of a property in the window; missing for none.
    case latest
    /// Days from the last event in the window, or from the `nth` last, to `t`; missing for none.
    case recency
    /// Days from the first event in the window to `t`; missing for none.
    case tenure
    /// Mean days between consecutive events in the window; missing with fewer than two events.
    case meanGap = "mean_gap"
    /// Fewest days between consecutive events in the window; missing with fewer than two events.
    case shortestGap = "shortest_gap"
    /// Most days between consecutive events in the window; missing with fewer than two events.
    case longestGap = "longest_gap"
    /// The standard deviation of the days between consecutive events; missing with fewer than three events.
    case gapDeviation = "gap_deviation"
    /// Recency divided by the mean gap: how overdue the next event is. Missing with fewer than two events, or
    /// when all are at one time.
    case overdue
    /// Events in the window as a share of the events in the longer window `against`; missing if there are
    /// none.
    case trend
    /// Events in the window divided by the events of `to` in it; missing if there are none of these.
    case ratio
    /// The share of the events in the window that meet the feature's conditions; missing for none.
    case share
    /// The share of the most frequent value of a property in the window; missing for none.
    case affinity
    /// The entropy of a property's values in the window, in bits; missing for none.
    case entropy
    /// The number of the `stages` that were reached in order in the window; 0 for none.
    case funnelStage = "funnel_stage"
    /// The number of events at the end of the window of which each lies within `within` of the next, the last
    /// of `t`.
    case chain
    /// The number of events in the window that no event of `without` followed within `within`.
    case unanswered
    /// The number of events in the window that follow another one within `within`.
    case repeats
    /// 1 if the last event among the events and those of `until` is one of the events, else 0; missing
    /// without any.
    case member
    /// The latest text of a property (or the latest event's name) in the window; missing for none.
    case lastCategory = "last_category"

    /// True when the kind requires a property.
    public var readsProperty: Bool { readsAmount || readsText }

    /// True when the kind reads its property as an amount.
    public var readsAmount: Bool {
        switch self {
        case .sum, .mean, .standardDeviation, .minimum, .maximum, .latest: true
        default: false
        }
    }

    /// True when the kind reads its property as a text.
    public var readsText: Bool {
        switch self {
        case .distinct, .affinity, .entropy, .lastCategory: true
        default: false
        }
    }

    /// True when the feature is a category and not a number.
    public var isCategorical: Bool { self == .lastCategory }

    /// True for counts, amounts and times, whose distributions are skewed.
    public var isSkewed: Bool {
        switch self {
        case .trend, .share, .affinity, .entropy, .funnelStage, .member, .lastCategory: false
        default: true
        }
    }
}
