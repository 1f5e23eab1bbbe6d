import LimpetDocuments
import LimpetNumerics
import LimpetEvents

extension Feature {
    /// The largest `nth` of a recency.
    static let nthLimit = 1_000
    /// The largest number of stages of a funnel.
    static let stageLimit = 20

    /// A description of the first error in the feature on its own; nil when there is none.
    var problem: String? {
        if name.isEmpty { return "a feature's name may not be empty" }
        return propertyProblem ?? parameterProblem ?? windowProblem ?? kindProblem
    }

    private var propertyProblem: String? {
        if kind.readsProperty != (property != nil) {
            return kind.readsProperty
                ? "\(kind.rawValue) needs 'of', the property to read" : "\(kind.rawValue) takes no 'of'"
        }
        if property == "" { return "'of' may not be empty" }
        if kind.readsAmount, property == Self.eventNameProperty { return "event names are no amounts" }
        return nil
    }

    private var given: Set<FeatureKind.Parameter> {
        var given: Set<FeatureKind.Parameter> = []
        if against != nil { given.insert(.against) }
        if other != nil { given.insert(kind.otherKey ?? .minus) }
        if nth != nil { given.insert(.nth) }
        if within != nil { given.insert(.within) }
        if halfLife != nil { given.insert(.halfLife) }
        if !stages.isEmpty { given.insert(.stages) }
        return given
    }

    private var parameterProblem: String? {
        for parameter in FeatureKind.Parameter.allCases {
            if kind.parameters.contains(parameter), !given.contains(parameter) {
                return "\(kind.rawValue) needs '\(parameter.rawValue)', \(parameter.meaning)"
            }
            let isTaken = kind.parameters.contains(parameter) || kind.optionalParameters.contains(parameter)
            if given.contains(parameter), !isTaken {
                return "\(kind.rawValue) takes no '\(parameter.rawValue)'"
            }
        }
        if other?.isAny ?? false { return "'\(kind.otherKey?.rawValue ?? "")' must name its events" }
        if let nth, !(1...Self.nthLimit).contains(nth) { return "'nth' must be from 1 to \(Self.nthLimit)" }
        if stages.count > Self.stageLimit { return "a funnel may have at most \(Self.stageLimit) stages" }
        return nil
    }

    private var windowProblem: String? {
        for (name, span) in [("the window", window), ("'within'", within), ("'halfLife'", halfLife)] {
            if let span, span.milliseconds <= 0 { return "\(name) must be longer than 0" }
        }
        if kind == .trend, let against, window.map({ $0 >= against }) ?? true {
            return "'against' must be longer than the window"
        }
        if kind == .change, window == nil { return "change needs a window" }
        if kind == .member, window != nil { return "a membership has no window: it lasts until it ends" }
        return nil
    }

    private var kindProblem: String? {
        if kind == .sessions, !events.isAny { return "sessions are of all events; leave out 'events'" }
        if kind == .sessions, !conditions.isEmpty { return "sessions are of all events, without conditions" }
        if kind == .share, conditions.isEmpty {
            return "share needs 'where', 'hours' or 'weekdays': what the events that count must meet"
        }
        if kind == .member, events.isAny { return "member needs 'events', those that begin a membership" }
        if !stages.isEmpty, !events.isAny { return "a funnel's events are its stages; leave out 'events'" }
        if conditions.weekdays.contains(where: { !(0...6).contains($0) }) {
            return "a day of the week is a number from 0, Sunday, to 6"
        }
        return nil
    }

    /// Returns the reason why a membership leaks, if it does: a segment that is defined over a model's score
    /// would feed the model its own output.
    func leak(_ scoreSegments: [String]) -> String? {
        guard kind == .member, !scoreSegments.isEmpty else { return nil }
        let named = conditions.properties.compactMap { condition -> [String]? in
            if case .oneOf(let texts) = condition.test { texts } else { nil }
        }
        guard !named.isEmpty else {
            return
                "without 'where' it is of all segments, also of those over a score: "
                + "\(scoreSegments.joined(separator: ", "))"
        }
        guard let segment = named.joined().first(where: scoreSegments.contains) else { return nil }
        return "the segment \(segment.quoted) is defined over a model's score, which must not feed a model"
    }
}

extension PropertyCondition {
    /// Returns a description of the first error in the condition on its own; nil when there is none.
    func problem(decimals: Int) -> String? {
        guard !property.isEmpty else { return "a condition's property may not be empty" }
        switch test {
        case .oneOf(let texts), .noneOf(let texts):
            if texts.isEmpty || texts.contains("") {
                return "the condition on \(property) needs texts that are not empty"
            }
        case .amount(let least, let limit):
            if least == nil, limit == nil { return "the condition on \(property) needs 'atLeast' or 'below'" }
            for text in [least, limit] {
                if let text, ExactDecimal(text)?.units(decimals: decimals) == nil {
                    return "the condition on \(property): \(text.quoted) is no amount of \(decimals) decimals"
                }
            }
        }
        return nil
    }
}

extension FeatureKind.Parameter {
    fileprivate var meaning: String {
        switch self {
        case .against: "the longer window"
        case .minus: "the events to take away"
        case .to: "the events to divide by"
        case .since: "the event after which others count"
        case .without: "the events that answer"
        case .until: "the events that end it"
        case .nth: "which of the last events"
        case .within: "how soon one follows the other"
        case .halfLife: "the age at which an event counts half"
        case .stages: "the events of each stage"
        }
    }
}
