import LimpetDocuments
package import LimpetEvents

extension EventLog {
    /// The names of the columns in which two logs differ; texts are equal where their bytes are, which is
    /// stricter than `==` of strings.
    package func differences(from other: EventLog) -> [String] {
        let columns: [(name: String, isEqual: Bool)] = [
            ("users", Self.bytes(users) == Self.bytes(other.users)),
            ("user starts", userStarts == other.userStarts),
            ("times", times == other.times),
            ("events", events == other.events),
            ("event names", Self.bytes(eventNames) == Self.bytes(other.eventNames)),
            ("zone offsets", zoneOffsets == other.zoneOffsets),
            ("received", received == other.received),
            ("arrivals", arrivals == other.arrivals),
            ("resolution", resolution == other.resolution),
            ("duplicates", duplicateCount == other.duplicateCount),
            ("numbers", numbers.mapValues(\.units) == other.numbers.mapValues(\.units)),
            ("dictionaries", dictionaryBytes == other.dictionaryBytes),
            ("texts", texts.mapValues(\.codes) == other.texts.mapValues(\.codes)),
        ]
        return columns.filter { !$0.isEqual }.map(\.name)
    }

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private var dictionaryBytes: VerbatimDictionary<[[UInt8]]> {
        texts.mapValues { Self.bytes($0.dictionary) }
    }
}
