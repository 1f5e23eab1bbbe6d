import LimpetDocuments
import LimpetEvents

/// The serialised form of a live state, version 1.
///
/// Numbers are unsigned LEB128 unless stated otherwise; signed ones are folded to unsigned (0, −1, 1, −2, …
/// to 0, 1, 2, 3, …). In order:
///
/// - 4 bytes: the letters `LLST`.
/// - 1 byte: the version, 1.
/// - 8 bytes: ``LiveFeatures/fingerprint``, little endian.
/// - A number: the count of event classes; then each class as the count and the indices of its patterns.
/// - A number: the count of events; then each event as
///   - the milliseconds since the event before; for the first event since 1970, signed,
///   - the index of its class,
///   - the offset from UTC plus 2,048, or 0 when there is none,
///   - a number for every 64 slots, whose bits are set for the values that follow,
///   - the values: amounts as signed numbers, keys as 8 bytes.
/// - 8 bytes: the `TextKey` of all bytes before, little endian.
extension LiveState {
    private static let letters = Array("LLST".utf8)
    private static let version: UInt8 = 1
    /// The times of the years 1 to 9999, which readers of events accept.
    private static let years: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// Returns the state as bytes.
    public func serialized() -> [UInt8] {
        var writer = PackedWriter()
        writer.bytes = Self.letters + [Self.version]
        writer.fixed(features.fingerprint)
        let classes = features.known
        var codes: [Int: Int] = [:]
        var used: [Int] = []
        journal.forEach { record in
            if codes.updateValue(codes[record.code] ?? used.count, forKey: record.code) == nil {
                used.append(record.code)
            }
            return true
        }
        writer.count(used.count)
        for code in used {
            writer.count(classes[code].matches.count)
            for place in classes[code].matches { writer.count(place) }
        }
        writer.count(count)
        var last: Int64?
        journal.forEach { record in
            if let last {
                writer.number(UInt64(bitPattern: record.time &- last))
            } else {
                writer.signed(record.time)
            }
            last = record.time
            writer.count(codes[record.code] ?? 0)
            writer.count(record.zoneOffset.map { $0 + 2_048 } ?? 0)
            writeValues(record, to: &writer)
            return true
        }
        writer.fixed(TextKey(bytes: writer.bytes.span).rawValue)
        return writer.bytes
    }

    private func writeValues(_ record: EventJournal.Record, to writer: inout PackedWriter) {
        let values = (0..<features.slots).map { journal.value(record, slot: $0) }
        for first in stride(from: 0, to: values.count, by: 64) {
            writer.number(
                values[first..<min(first + 64, values.count)].enumerated().reduce(UInt64(0)) {
                    $0 | ($1.element == nil ? 0 : 1 << UInt64($1.offset))
                })
        }
        for (slot, value) in values.enumerated() {
            guard let value else { continue }
            if slot < features.plan.amountProperties.count {
                writer.signed(Int64(bitPattern: value))
            } else {
                writer.fixed(value)
            }
        }
    }

    /// Reads a serialised state.
    ///
    /// - Throws: ``LiveStateError`` when the bytes are damaged, or those of a plan that keeps other parts of
    ///   events.
    public init(_ features: LiveFeatures, serialized bytes: [UInt8]) throws(LiveStateError) {
        self.init(features)
        guard bytes.starts(with: Self.letters) else { throw .notAState }
        guard bytes.count > 21 else { throw .damaged(offset: bytes.count) }
        guard bytes[4] == Self.version else { throw .version(Int(bytes[4])) }
        var reader = PackedReader(bytes, from: 5, to: bytes.count - 8)
        var tail = PackedReader(bytes, from: bytes.count - 8)
        do {
            guard try tail.fixed() == TextKey(bytes: bytes.span.extracting(first: bytes.count - 8)).rawValue
            else { throw PackedError(offset: bytes.count - 8) }
            let fingerprint = try reader.fixed()
            guard fingerprint == features.fingerprint else { throw LiveStateError.otherPlan }
            let codes = try reader.classes(features)
            // An event takes at least three bytes: the time since the one before, its class, and its offset.
            let events = try reader.count(limit: bytes.count / 3)
            var time: Int64 = 0
            for place in 0..<events { try take(&reader, codes, isFirst: place == 0, &time) }
            guard reader.isAtEnd else { throw reader.damage }
        } catch let error as PackedError {
            throw .damaged(offset: error.offset)
        } catch {
            throw .otherPlan
        }
    }

    private mutating func take(
        _ reader: inout PackedReader, _ codes: [Int], isFirst: Bool, _ time: inout Int64
    ) throws(PackedError) {
        let start = reader.offset
        let next = isFirst ? try reader.signed() : time &+ Int64(bitPattern: try reader.number())
        guard isFirst || next >= time, Self.years.contains(next) else { throw PackedError(offset: start) }
        time = next
        let code = try reader.count(limit: codes.count - 1)
        let offset = try reader.count(limit: 2_048 + EventJournal.offsetLimit)
        let values = try reader.values(features)
        append(time: time, code: codes[code], zoneOffset: offset == 0 ? nil : offset - 2_048) { values[$0] }
    }
}

/// The reason why bytes are not a live state of a plan.
public enum LiveStateError: Error, Equatable, CustomStringConvertible {
    /// The bytes do not begin with the letters `LLST`.
    case notAState
    /// The bytes have a version that this release does not read.
    case version(Int)
    /// The state was kept for a plan that reads other events or other properties.
    case otherPlan
    /// The content at an offset is invalid or does not match the checksum.
    case damaged(offset: Int)

    /// A description of the error, with its remedy.
    public var description: String {
        switch self {
        case .notAState: "these bytes are no live state: they do not begin with LLST"
        case .version(let version): "a live state of version \(version); this Limpet reads version 1"
        case .otherPlan:
            "this live state was kept for a feature set that looks at other events or properties: "
                + "build it anew from the events"
        case .damaged(let offset):
            "the live state is damaged at byte \(offset): build it anew from the events"
        }
    }
}

extension PackedReader {
    /// Reads classes of events and returns their codes.
    fileprivate mutating func classes(_ features: LiveFeatures) throws(PackedError) -> [Int] {
        var codes: [Int] = []
        for _ in 0..<(try count()) {
            var matches: [Int] = []
            for _ in 0..<(try count(limit: features.patterns.count)) {
                let start = offset
                let place = try count(limit: features.patterns.count - 1)
                guard matches.last.map({ $0 < place }) ?? true else { throw PackedError(offset: start) }
                matches.append(place)
            }
            codes.append(features.code(ofMatches: matches))
        }
        return codes
    }

    /// Reads the values of an event, by slot.
    fileprivate mutating func values(_ features: LiveFeatures) throws(PackedError) -> [UInt64?] {
        let (slots, amounts) = (features.slots, features.plan.amountProperties.count)
        var masks: [UInt64] = []
        for first in stride(from: 0, to: slots, by: 64) {
            let start = offset
            masks.append(try number())
            let unused = 64 - min(64, slots - first)
            if unused > 0, masks[first / 64] >> UInt64(64 - unused) != 0 { throw PackedError(offset: start) }
        }
        var values = [UInt64?](repeating: nil, count: slots)
        for slot in 0..<slots where masks[slot / 64] & (1 << UInt64(slot % 64)) != 0 {
            values[slot] = slot < amounts ? UInt64(bitPattern: try signed()) : try fixed()
        }
        return values
    }
}
