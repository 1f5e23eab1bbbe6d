import LimpetDocuments
import LimpetEvents

extension ProfileInput {
    func write(to writer: inout PackedWriter) {
        switch self {
        case .event(let event):
            writer.byte(0)
            event.write(to: &writer)
        case .ask(let question):
            writer.byte(1)
            writer.ids(question.ids)
            writer.optional(question.placement) { $0.text($1) }
            writer.optional(question.request) { $1.write(to: &$0) }
        case .tick: writer.byte(2)
        }
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        switch try reader.byte(atMost: 2) {
        case 0: self = .event(try IncomingEvent(&reader))
        case 1:
            self = .ask(
                OfferQuestion(
                    ids: try reader.ids(),
                    placement: try reader.optional { reader throws(PackedError) in try reader.text() },
                    request: try reader.optional { reader throws(PackedError) in try MessageHash(&reader) }))
        default: self = .tick
        }
    }
}

extension PackedWriter {
    /// Writes a list of ids.
    mutating func ids(_ ids: [ProfileID]) {
        count(ids.count)
        for id in ids { id.write(to: &self) }
    }
}

extension ProfileID {
    func write(to writer: inout PackedWriter) {
        writer.byte(kind.rawValue)
        writer.text(text)
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        guard let kind = Kind(rawValue: try reader.byte()) else { throw reader.damage }
        self.init(kind, try reader.text())
    }
}

extension PackedReader {
    /// Reads a list of ids.
    mutating func ids() throws(PackedError) -> [ProfileID] {
        try list { reader throws(PackedError) in try ProfileID(&reader) }
    }
}

extension MessageHash {
    fileprivate func write(to writer: inout PackedWriter) {
        writer.fixed(id)
        writer.number(content)
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        self.init(id: try reader.fixed(), content: try reader.number())
    }
}

extension IncomingEvent {
    /// The parts that most events do not have, as bits of one byte.
    private enum Part {
        static let message: UInt8 = 1
        static let zone: UInt8 = 2
        static let originalTime: UInt8 = 4
        static let consent: UInt8 = 8
        static let feedback: UInt8 = 16
        static let answered: UInt8 = 32
        static let offset: UInt8 = 64
        static let messageID: UInt8 = 128
    }

    fileprivate func write(to writer: inout PackedWriter) {
        writer.ids(ids)
        writer.text(event.name)
        writer.time(event.time)
        writer.byte(flags.rawValue)
        writer.byte(parts)
        if let message { message.write(to: &writer) }
        if let zone { writer.text(zone) }
        if let originalTime { writer.time(originalTime) }
        if !consent.isEmpty {
            writer.count(consent.count)
            for statement in consent {
                writer.text(statement.purpose)
                writer.byte(statement.isGiven ? 1 : 0)
            }
        }
        if let feedback {
            writer.number(feedback.record)
            writer.byte(feedback.kind.rawValue)
        }
        if let offset = event.zoneOffsetMinutes { writer.signed(Int64(offset)) }
        if let id = event.messageID { writer.text(id) }
        writer.optional(joined) {
            $0.number($1.number)
            $0.number($1.lastRecord)
        }
        writer.count(event.properties.count)
        for (name, value) in event.properties.sortedByKey {
            writer.text(name)
            writer.text(value)
        }
    }

    private var parts: UInt8 {
        (message == nil ? 0 : Part.message) | (zone == nil ? 0 : Part.zone)
            | (originalTime == nil ? 0 : Part.originalTime) | (consent.isEmpty ? 0 : Part.consent)
            | (feedback == nil ? 0 : Part.feedback) | (isAnswered ? Part.answered : 0)
            | (event.zoneOffsetMinutes == nil ? 0 : Part.offset)
            | (event.messageID == nil ? 0 : Part.messageID)
    }

    fileprivate init(_ reader: inout PackedReader) throws(PackedError) {
        let ids = try reader.ids()
        let name = try reader.text()
        let time = try reader.time()
        let flags = Flags(rawValue: try reader.byte())
        let parts = try reader.byte()
        self.init(ids: ids, event: Event(user: "", name: name, time: time), flags: flags)
        isAnswered = parts & Part.answered != 0
        if parts & Part.message != 0 { message = try MessageHash(&reader) }
        if parts & Part.zone != 0 { zone = try reader.text() }
        if parts & Part.originalTime != 0 { originalTime = try reader.time() }
        if parts & Part.consent != 0 {
            consent = try reader.list { reader throws(PackedError) in
                Statement(try reader.text(), try reader.byte(atMost: 1) == 1)
            }
        }
        if parts & Part.feedback != 0 {
            let record = try reader.number()
            guard let kind = DeliveryFeedback.Kind(rawValue: try reader.byte()) else { throw reader.damage }
            feedback = DeliveryFeedback(record: record, kind: kind)
        }
        if parts & Part.offset != 0 { event.zoneOffsetMinutes = Int(try reader.signed()) }
        if parts & Part.messageID != 0 { event.messageID = try reader.text() }
        joined = try reader.optional { reader throws(PackedError) in
            JoinedProfile(number: try reader.number(), lastRecord: try reader.number())
        }
        for _ in 0..<(try reader.count()) {
            let name = try reader.text()
            event.properties[name] = try reader.text()
        }
    }
}
