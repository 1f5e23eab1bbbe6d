import LimpetEvents
import Synchronization

/// Texts of categories that a model does not know, each with a number of its own, so that reasons can name them. Several
/// threads may ask.
package final class UnseenTexts: Sendable {
    private struct Known {
        var places: [VerbatimText: Int] = [:]
        var texts: [String] = []
    }

    /// How many texts are told apart; ids that were taken for categories would fill the memory otherwise.
    package static let limit = 100_000

    private let known = Mutex(Known())

    /// The place of a text, from 0; nil where there are too many.
    package func place(of text: String) -> Int? {
        known.withLock { known in
            if let place = known.places[VerbatimText(text)] { return place }
            guard known.texts.count < Self.limit else { return nil }
            known.places[VerbatimText(text)] = known.texts.count
            known.texts.append(text)
            return known.texts.count - 1
        }
    }

    /// The text at a place.
    package func text(at place: Int) -> String? {
        known.withLock { $0.texts.indices.contains(place) ? $0.texts[place] : nil }
    }
}
