/// What a feature says about the events before a moment `t`. All times are in days of 24 hours.
public enum FeatureKind: String, CaseIterable, Sendable {
    /// The number of events in the window; 0 for none.
    case count
    /// The sum of a property over the window; 0 for none.
    case sum
    /// The mean of a property over the events in the window that carry it; missing for none.
    case mean
    /// The smallest value of a property in the window; missing for none.
    case minimum
    /// The largest value of a property in the window; missing for none.
    case maximum
    /// The latest value of a property in the window; missing for none.
    case latest
    /// Days from the last event in the window to `t`; missing for none.
    case recency
    /// Days from the first event in the window to `t`; missing for none.
    case tenure
    /// The number of civil days in the window with at least one event.
    case activeDays = "active_days"
    /// Mean days between consecutive events in the window; missing with fewer than two events.
    case meanGap = "mean_gap"
    /// Most days between consecutive events in the window; missing with fewer than two events.
    case longestGap = "longest_gap"
    /// Recency divided by the mean gap: how overdue the next event is. Missing with fewer than two events, or
    /// when all are at one time.
    case overdue
    /// Events in the window as a share of the events in the longer window `against`; missing if there are none.
    case trend
    /// The number of different values of a property (or of event names) in the window.
    case distinct
    /// The number of sessions that started in the window.
    case sessions
    /// The latest text of a property (or the latest event's name) in the window; missing for none.
    case lastCategory = "last_category"
    /// The events in the window minus the events of `minus` in it, e.g. due minus submitted.
    case difference

    /// Whether the kind needs a property to read.
    public var readsProperty: Bool {
        switch self {
        case .sum, .mean, .minimum, .maximum, .latest, .distinct, .lastCategory: true
        default: false
        }
    }

    /// Whether the kind reads its property as an amount.
    public var readsAmount: Bool {
        switch self {
        case .sum, .mean, .minimum, .maximum, .latest: true
        default: false
        }
    }

    /// Whether the feature is a category and no number.
    public var isCategorical: Bool { self == .lastCategory }

    /// Whether the value counts or adds up something, so that it is skewed and never below a natural zero.
    public var isSkewed: Bool {
        switch self {
        case .trend, .lastCategory: false
        default: true
        }
    }
}
