extension FeatureKind {
    /// What beside events, window, property and conditions describes a feature of some kinds.
    public enum Parameter: String, CaseIterable, Sendable {
        /// The longer window of a trend.
        case against
        /// The events that a difference takes away.
        case minus
        /// The events that a ratio divides by.
        case to
        /// The events after which others are counted.
        case since
        /// The events that answer.
        case without
        /// The events that end a membership.
        case until
        /// Which of the last events a recency is of.
        case nth
        /// How soon one event must follow another.
        case within
        /// The age at which an event counts half.
        case halfLife
        /// The events of each stage of a funnel.
        case stages

        /// Whether it names other events.
        var namesEvents: Bool {
            switch self {
            case .minus, .to, .since, .without, .until: true
            default: false
            }
        }
    }

    /// The parameters without which the kind says nothing.
    public var parameters: [Parameter] {
        switch self {
        case .trend: [.against]
        case .difference: [.minus]
        case .ratio: [.to]
        case .countSince: [.since]
        case .unanswered: [.without, .within]
        case .member: [.until]
        case .chain, .repeats: [.within]
        case .decayedCount: [.halfLife]
        case .funnelStage: [.stages]
        default: []
        }
    }

    /// The parameters that it takes and can do without.
    public var optionalParameters: [Parameter] { self == .recency ? [.nth] : [] }

    /// Under which key the kind names other events; nil where it has none.
    public var otherKey: Parameter? { parameters.first { $0.namesEvents } }

    /// How far another engine may be from the value: 0 for kinds made of counts, sums, differences, divisions and
    /// roots, which are the same bits everywhere, else relative to it: engines round logarithms in their own ways.
    public var tolerance: Double { self == .entropy ? 1e-12 : 0 }
}
