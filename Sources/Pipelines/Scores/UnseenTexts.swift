package import LimpetDocuments
import LimpetEvents
import Synchronization

/// The texts of categories that a model does not know, each with a number of its own, so that reasons and
/// warnings can name them. Safe to use from several threads.
package final class UnseenTexts: Sendable {
    private struct Known {
        var places: [VerbatimText: Int] = [:]
        var texts: [String] = []
    }

    /// The number of texts that are kept; ids that were taken for categories would fill the memory otherwise.
    package static let limit = 100_000

    private let known = Mutex(Known())

    /// Returns the index of a text, from 0; nil where there are too many.
    package func place(of text: String) -> Int? {
        known.withLock { known in
            if let place = known.places[VerbatimText(text)] { return place }
            guard known.texts.count < Self.limit else { return nil }
            known.places[VerbatimText(text)] = known.texts.count
            known.texts.append(text)
            return known.texts.count - 1
        }
    }

    /// Returns the text at an index.
    package func text(at place: Int) -> String? {
        known.withLock { $0.texts.indices.contains(place) ? $0.texts[place] : nil }
    }
}
