public import LimpetEvents

/// One feature: a kind, the events it looks at, and the window before the snapshot.
public struct Feature: Hashable, Sendable {
    /// The feature's name, unique within its set.
    public var name: String
    /// What it says about the events.
    public var kind: FeatureKind
    /// Which events it looks at.
    public var events: EventPattern
    /// What these events, and the other ones that the feature names, must meet.
    public var conditions: EventConditions
    /// How far it looks back, `[t − window, t)`; nil for the whole history.
    public var window: TimeSpan?
    /// The property that is read, or ``eventNameProperty``.
    public var property: String?
    /// The longer window of a trend.
    public var against: TimeSpan?
    /// The other events that the kind speaks of: see ``FeatureKind/otherKey``.
    public var other: EventPattern?
    /// The events of each stage of a funnel.
    public var stages: [EventPattern]
    /// Which of the last events a recency is of; nil for the last.
    public var nth: Int?
    /// How soon one event must follow another.
    public var within: TimeSpan?
    /// The age at which an event counts half.
    public var halfLife: TimeSpan?

    /// Stands in ``property`` for the name of the event itself.
    public static let eventNameProperty = "event"

    /// Makes a feature; without a name it is called after its parts, e.g. `count_purchase_30d`.
    public init(
        name: String? = nil, kind: FeatureKind, events: EventPattern = .any,
        conditions: EventConditions = .none, window: TimeSpan? = nil, property: String? = nil,
        against: TimeSpan? = nil, other: EventPattern? = nil, stages: [EventPattern] = [], nth: Int? = nil,
        within: TimeSpan? = nil, halfLife: TimeSpan? = nil
    ) {
        self.name = ""
        self.kind = kind
        self.events = events
        self.conditions = conditions
        self.window = window
        self.property = property
        self.against = against
        self.other = other
        self.stages = stages
        self.nth = nth
        self.within = within
        self.halfLife = halfLife
        self.name = name ?? derivedName
    }

    /// The name that follows from the parts of a feature.
    public var derivedName: String {
        var parts = [kind.rawValue]
        if let property { parts.append(property) }
        if stages.isEmpty {
            parts.append(events.nameText)
        } else {
            parts.append(stages.map(\.nameText).joined(separator: ">"))
        }
        if let other { parts += [kind.otherKey?.rawValue ?? "other", other.nameText] }
        parts += conditions.nameParts
        if let within { parts += ["within", within.description] }
        if let halfLife { parts += ["half", halfLife.description] }
        if let nth { parts += ["nth", "\(nth)"] }
        if let window { parts.append(window.description) }
        if let against { parts += ["of", against.description] }
        return parts.joined(separator: "_")
    }

    /// The events that the feature names, patterns among them.
    package var eventNames: [String] {
        events.names + (other?.names ?? []) + stages.flatMap(\.names)
    }

    /// What the feature is about, so that several windows of one event are one reason.
    public var topic: String {
        let subject = stages.isEmpty ? events.topicText : stages.map(\.topicText).joined(separator: " > ")
        guard let property, property != Self.eventNameProperty, property != Event.valueProperty else {
            return subject
        }
        return "\(subject) \(property)"
    }
}

extension EventPattern {
    fileprivate var nameText: String { isAny ? "any" : names.joined(separator: "+") }
    fileprivate var topicText: String { isAny ? "activity" : names.joined(separator: "+") }
}
