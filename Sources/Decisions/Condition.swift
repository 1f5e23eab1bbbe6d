public import LimpetEvents

/// A condition that must hold for a user at the time of a decision, so that an offer is a candidate.
public indirect enum Condition: Hashable, Sendable {
    /// All of these hold.
    case all([Condition])
    /// At least one of these holds.
    case any([Condition])
    /// This does not hold.
    case not(Condition)
    /// The calibrated probability lies within bounds.
    case score(Bounds)
    /// The number of events in `[t − within, t)`, or in the whole history, lies within bounds.
    case event(EventPattern, within: TimeSpan?, count: Bounds)
    /// An input of the model lies within bounds; a missing input does not.
    case feature(name: String, Bounds)
    /// A categorical input of the model is one of these texts.
    case category(name: String, texts: [String])
    /// In the latest of the events that carry a property, it is one of these texts.
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
