import LimpetDocuments
import LimpetEvents

/// The bytes of a simulated log, as an event log of what the tests look at.
struct SimulatedRows {
    private let parser = TimeParser()
    private var builder = EventLogBuilder(textColumns: ["plan"])

    mutating func append(_ bytes: [UInt8]) throws {
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "t") {
            // Only sign-ups are read as far as the plan.
            var cells = line.split(
                separator: UInt8(ascii: ","), maxSplits: 3, omittingEmptySubsequences: false)
            var properties: VerbatimDictionary<String> = [:]
            if cells[2].elementsEqual("signed_up".utf8) {
                cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                properties["plan"] = String(decoding: cells[9], as: UTF8.self)
            }
            let texts = cells.prefix(3).map { String(decoding: $0, as: UTF8.self) }
            guard let time = parser.parse(texts[0]) else { continue }
            try builder.append(
                Event(user: texts[1], name: texts[2], time: time.timestamp, properties: properties))
        }
    }

    /// The log so far.
    func finish() -> EventLog {
        let copy = builder
        return copy.finish()
    }
}
