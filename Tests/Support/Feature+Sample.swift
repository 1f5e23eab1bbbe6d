package import LimpetEvents
package import LimpetFeatures

extension Feature {
    /// A feature of a kind with all that the kind needs, whatever it is.
    ///
    /// Settings that the kind does not take are left out: other events, the window of a membership, the
    /// events of sessions.
    package static func sample(
        _ kind: FeatureKind, events: EventPattern = EventPattern(names: ["a", "b*"]),
        other: EventPattern = EventPattern(names: ["c"]), conditions: EventConditions = .none,
        window: TimeSpan? = .days(7), of property: String? = nil
    ) -> Feature {
        let needed = kind.parameters
        let isFunnel = needed.contains(.stages)
        var conditions = conditions
        if kind == .share, conditions.isEmpty {
            conditions = EventConditions(weekdays: [0, 1, 2, 3, 4, 5, 6])
        }
        if kind == .sessions { conditions = .none }
        let named = kind == .member && events.isAny ? EventPattern(names: ["*"]) : events
        let against = TimeSpan(milliseconds: 4 * (window ?? .day).milliseconds)
        let needsWindow = kind == .trend || kind == .change
        return Feature(
            kind: kind, events: kind == .sessions || isFunnel ? .any : named, conditions: conditions,
            window: kind == .member ? nil : needsWindow ? window ?? .day : window,
            property: kind.readsProperty ? property ?? "value" : nil,
            against: needed.contains(.against) ? against : nil, other: kind.otherKey == nil ? nil : other,
            stages: isFunnel ? [events, other] : [],
            within: needed.contains(.within) ? .days(2) : nil,
            halfLife: needed.contains(.halfLife) ? .days(2) : nil)
    }
}
