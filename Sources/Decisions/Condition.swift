public import LimpetEvents

/// A condition that must hold for a user at the time of a decision, so that an offer is a candidate.
public indirect enum Condition: Hashable, Sendable {
    /// Holds if all of these conditions hold.
    case all([Condition])
    /// Holds if at least one of these conditions holds.
    case any([Condition])
    /// Holds if this condition does not hold.
    case not(Condition)
    /// Holds if the calibrated probability lies within bounds.
    case score(Bounds)
    /// Holds if the number of events in `[t − within, t)`, or in the whole history, lies within bounds.
    case event(EventPattern, within: TimeSpan?, count: Bounds)
    /// Holds if an input of the model lies within bounds; a missing input does not.
    case feature(name: String, Bounds)
    /// Holds if a categorical input of the model is one of these texts.
    case category(name: String, texts: [String])
    /// Holds if a property is one of these texts in the latest of the events that carry it.
    case property(name: String, of: EventPattern, within: TimeSpan?, texts: [String])

    /// The conditions that are not composed of others, in the order of the file.
    var leaves: [Condition] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
        case .not(let part): part.leaves
        default: [self]
        }
    }

    /// The model's input that the condition reads, if any, and its type.
    var input: (name: String, isCategorical: Bool)? {
        switch self {
        case .feature(let name, _): (name, false)
        case .category(let name, _): (name, true)
        default: nil
        }
    }

    /// The property of events that the condition reads as text, if any.
    var textProperty: String? {
        if case .property(let name, _, _, _) = self { name } else { nil }
    }
}
