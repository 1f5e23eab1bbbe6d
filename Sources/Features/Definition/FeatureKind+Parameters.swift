extension FeatureKind {
    /// A parameter of some kinds, besides events, window, property and conditions.
    public enum Parameter: String, CaseIterable, Sendable {
        /// The longer window of a trend.
        case against
        /// The events that a difference subtracts.
        case minus
        /// The events that a ratio divides by.
        case to
        /// The events after which others are counted.
        case since
        /// The events that answer.
        case without
        /// The events that end a membership.
        case until
        /// The event whose age a recency is, counted from the last.
        case nth
        /// The longest time in which one event follows another.
        case within
        /// The age at which an event counts half.
        case halfLife
        /// The events of each stage of a funnel.
        case stages

        /// True when the parameter names other events.
        var namesEvents: Bool {
            switch self {
            case .minus, .to, .since, .without, .until: true
            default: false
            }
        }
    }

    /// The parameters that the kind requires.
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

    /// The parameters that the kind accepts but does not require.
    public var optionalParameters: [Parameter] { self == .recency ? [.nth] : [] }

    /// The parameter in which the kind names other events; nil when it has none.
    public var otherKey: Parameter? { parameters.first { $0.namesEvents } }

    /// The largest difference from the value in another engine: 0 for kinds made of counts, sums,
    /// differences, divisions and roots, which have the same bits everywhere, else relative to the value,
    /// since engines round logarithms differently.
    public var tolerance: Double { self == .entropy ? 1e-12 : 0 }
}
