public import LimpetEvents

/// One feature: a kind, the events it looks at, and the window before the snapshot.
public struct Feature: Hashable, Sendable {
    /// The feature's name, unique within its set.
    public var name: String
    /// What it says about the events.
    public var kind: FeatureKind
    /// Which events it looks at.
    public var events: EventPattern
    /// How far it looks back, `[t − window, t)`; nil for the whole history.
    public var window: TimeSpan?
    /// The property that is read, or ``eventNameProperty``.
    public var property: String?
    /// The longer window of a trend.
    public var against: TimeSpan?
    /// The events that a difference takes away.
    public var minus: EventPattern?

    /// Stands in ``property`` for the name of the event itself.
    public static let eventNameProperty = "event"

    /// Makes a feature; without a name it is called after its parts, e.g. `count_purchase_30d`.
    public init(
        name: String? = nil, kind: FeatureKind, events: EventPattern = .any, window: TimeSpan? = nil,
        property: String? = nil, against: TimeSpan? = nil, minus: EventPattern? = nil
    ) {
        self.kind = kind
        self.events = events
        self.window = window
        self.property = property
        self.against = against
        self.minus = minus
        self.name =
            name
            ?? Self.name(
                kind: kind, events: events, window: window, property: property, against: against,
                minus: minus)
    }

    /// The name that follows from the parts of a feature.
    public static func name(
        kind: FeatureKind, events: EventPattern, window: TimeSpan?, property: String?, against: TimeSpan?,
        minus: EventPattern?
    ) -> String {
        var parts = [kind.rawValue]
        if let property { parts.append(property) }
        parts.append(events.isAny ? "any" : events.names.joined(separator: "+"))
        if let minus { parts.append(contentsOf: ["minus", minus.names.joined(separator: "+")]) }
        if let window { parts.append(window.description) }
        if let against { parts.append(contentsOf: ["of", against.description]) }
        return parts.joined(separator: "_")
    }

    /// What the feature is about, so that several windows of one event are one reason.
    public var topic: String {
        let subject = events.isAny ? "activity" : events.names.joined(separator: "+")
        guard let property, property != Self.eventNameProperty, property != Event.valueProperty else {
            return subject
        }
        return "\(subject) \(property)"
    }
}
