import LimpetDocuments
package import LimpetEvents

extension EventLog {
    /// The names of the columns in which two logs differ; texts are equal where their bytes are, which is
    /// stricter than `==` of strings.
    ///
    /// - Parameter comparesCodes: false to compare what rows hold: the dictionaries of an imported
    ///   log have the texts of repeated rows too.
    package func differences(from other: EventLog, comparesCodes: Bool = true) -> [String] {
        if !comparesCodes { return decoded.differences(from: other.decoded) }
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

    /// The same log with dictionaries in the order of its rows.
    private var decoded: EventLog {
        func decode(_ column: TextColumn) -> TextColumn {
            var (dictionary, codeOfText): ([String], VerbatimDictionary<UInt32>) = ([""], ["": 0])
            let codes = column.codes.map { code in
                let text = column.dictionary[Int(code)]
                if let known = codeOfText[text] { return known }
                codeOfText[text] = UInt32(dictionary.count)
                dictionary.append(text)
                return UInt32(dictionary.count - 1)
            }
            return TextColumn(dictionary: dictionary, codes: codes)
        }
        return EventLog(
            sorted: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: zoneOffsets, received: received, numbers: numbers, texts: texts.mapValues(decode),
            resolution: resolution, duplicateCount: duplicateCount, arrivals: arrivals)
    }

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private var dictionaryBytes: VerbatimDictionary<[[UInt8]]> {
        texts.mapValues { Self.bytes($0.dictionary) }
    }
}
