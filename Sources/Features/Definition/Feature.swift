public import LimpetEvents

/// A feature: a kind, the events that it reads, and the window before the snapshot time.
public struct Feature: Hashable, Sendable {
    /// The feature's name, unique within its set.
    public var name: String
    /// The function of the events.
    public var kind: FeatureKind
    /// The events that the feature reads.
    public var events: EventPattern
    /// The conditions on these events, and on the other events that the feature names.
    public var conditions: EventConditions
    /// The length of the window `[t − window, t)`; nil for the whole history.
    public var window: TimeSpan?
    /// The property that is read, or ``eventNameProperty``; nil for kinds without one.
    public var property: String?
    /// The longer window of a trend.
    public var against: TimeSpan?
    /// The other events of the kind; see ``FeatureKind/otherKey``.
    public var other: EventPattern?
    /// The events of each stage of a funnel.
    public var stages: [EventPattern]
    /// The event whose age a recency is, counted from the last; nil for the last.
    public var nth: Int?
    /// The longest time in which one event follows another.
    public var within: TimeSpan?
    /// The age at which an event counts half.
    public var halfLife: TimeSpan?

    /// The value of ``property`` that stands for the event's name.
    public static let eventNameProperty = Event.nameProperty

    /// Makes a feature; the default name is derived from its parts, e.g. `count_purchase_30d`.
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

    /// The default name, made of the feature's parts.
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

    /// The event names and patterns in all parts of the feature.
    package var eventNames: [String] {
        events.names + (other?.names ?? []) + stages.flatMap(\.names)
    }

    /// The events and the property without kind and window, so that several windows of one event are one
    /// reason.
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
