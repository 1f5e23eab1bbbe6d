import Synchronization

/// The keys of a dictionary's texts. They are made when they are first asked for, and once for all columns
/// that share the dictionary, such as those of the parts of a log.
package final class DictionaryKeys: Sendable {
    private let texts: [String]
    private let made = Mutex<[UInt64]?>(nil)

    package init(_ texts: [String]) { self.texts = texts }

    /// The key of each text, in the order of the dictionary.
    package var all: [UInt64] {
        made.withLock { made in
            if let made { return made }
            let keys = texts.map { TextKey($0).rawValue }
            made = keys
            return keys
        }
    }
}
