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
        var bytes = Self.letters + [Self.version]
        bytes.append(fixed: features.fingerprint)
        let classes = features.known
        var codes: [Int: Int] = [:]
        var used: [Int] = []
        journal.forEach { record in
            if codes.updateValue(codes[record.code] ?? used.count, forKey: record.code) == nil {
                used.append(record.code)
            }
            return true
        }
        bytes.append(number: UInt64(used.count))
        for code in used {
            bytes.append(number: UInt64(classes[code].matches.count))
            for place in classes[code].matches { bytes.append(number: UInt64(place)) }
        }
        bytes.append(number: UInt64(count))
        var last: Int64?
        journal.forEach { record in
            bytes.append(number: last.map { UInt64(bitPattern: record.time &- $0) } ?? record.time.folded)
            last = record.time
            bytes.append(number: UInt64(codes[record.code] ?? 0))
            bytes.append(number: record.zoneOffset.map { UInt64($0 + 2_048) } ?? 0)
            appendValues(record, to: &bytes)
            return true
        }
        bytes.append(fixed: TextKey(bytes: bytes.span).rawValue)
        return bytes
    }

    private func appendValues(_ record: EventJournal.Record, to bytes: inout [UInt8]) {
        let values = (0..<features.slots).map { journal.value(record, slot: $0) }
        for first in stride(from: 0, to: values.count, by: 64) {
            let word = values[first..<min(first + 64, values.count)].enumerated().reduce(UInt64(0)) {
                $0 | ($1.element == nil ? 0 : 1 << UInt64($1.offset))
            }
            bytes.append(number: word)
        }
        for (slot, value) in values.enumerated() {
            guard let value else { continue }
            if slot < features.plan.amountProperties.count {
                bytes.append(number: Int64(bitPattern: value).folded)
            } else {
                bytes.append(fixed: value)
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
        var reader = StateBytes(bytes, end: bytes.count - 8, from: 5)
        var tail = StateBytes(bytes, end: bytes.count, from: bytes.count - 8)
        guard try tail.fixed() == TextKey(bytes: bytes.span.extracting(first: bytes.count - 8)).rawValue
        else {
            throw .damaged(offset: bytes.count - 8)
        }
        let fingerprint = try reader.fixed()
        guard fingerprint == features.fingerprint else { throw .otherPlan }
        let codes = try reader.classes(features)
        // An event takes at least three bytes: the time since the one before, its class, and its offset.
        let events = try reader.count(limit: bytes.count / 3)
        var time: Int64 = 0
        for place in 0..<events { try take(&reader, codes, isFirst: place == 0, &time) }
        guard reader.isAtEnd else { throw .damaged(offset: reader.offset) }
    }

    private mutating func take(
        _ reader: inout StateBytes, _ codes: [Int], isFirst: Bool, _ time: inout Int64
    ) throws(LiveStateError) {
        let start = reader.offset
        let number = try reader.number()
        let next = isFirst ? Int64(folded: number) : time &+ Int64(bitPattern: number)
        guard isFirst || next >= time, Self.years.contains(next) else { throw .damaged(offset: start) }
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

/// A reader of the bytes of a state.
private struct StateBytes {
    private let bytes: [UInt8]
    private let end: Int
    private(set) var offset: Int

    init(_ bytes: [UInt8], end: Int, from offset: Int) {
        (self.bytes, self.end, self.offset) = (bytes, end, offset)
    }

    var isAtEnd: Bool { offset == end }

    mutating func fixed() throws(LiveStateError) -> UInt64 {
        guard end - offset >= 8 else { throw .damaged(offset: offset) }
        defer { offset += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    mutating func number() throws(LiveStateError) -> UInt64 {
        var (number, shift): (UInt64, UInt64) = (0, 0)
        while offset < end {
            let byte = bytes[offset]
            guard shift < 63 || byte <= 1 else { throw .damaged(offset: offset) }
            number |= UInt64(byte & 0x7f) << shift
            offset += 1
            if byte < 0x80 { return number }
            shift += 7
        }
        throw .damaged(offset: offset)
    }

    /// Reads a number from 0 to a limit.
    mutating func count(limit: Int) throws(LiveStateError) -> Int {
        let start = offset
        guard let number = Int(exactly: try number()), number <= limit else { throw .damaged(offset: start) }
        return number
    }

    /// Reads classes of events and returns their codes.
    mutating func classes(_ features: LiveFeatures) throws(LiveStateError) -> [Int] {
        var codes: [Int] = []
        for _ in 0..<(try count(limit: end - offset)) {
            var matches: [Int] = []
            for _ in 0..<(try count(limit: features.patterns.count)) {
                let start = offset
                let place = try count(limit: features.patterns.count - 1)
                guard matches.last.map({ $0 < place }) ?? true else { throw .damaged(offset: start) }
                matches.append(place)
            }
            codes.append(features.code(ofMatches: matches))
        }
        return codes
    }

    /// Reads the values of an event, by slot.
    mutating func values(_ features: LiveFeatures) throws(LiveStateError) -> [UInt64?] {
        let (slots, amounts) = (features.slots, features.plan.amountProperties.count)
        var masks: [UInt64] = []
        for first in stride(from: 0, to: slots, by: 64) {
            let start = offset
            masks.append(try number())
            let unused = 64 - min(64, slots - first)
            if unused > 0, masks[first / 64] >> UInt64(64 - unused) != 0 { throw .damaged(offset: start) }
        }
        var values = [UInt64?](repeating: nil, count: slots)
        for slot in 0..<slots where masks[slot / 64] & (1 << UInt64(slot % 64)) != 0 {
            values[slot] = slot < amounts ? UInt64(bitPattern: Int64(folded: try number())) : try fixed()
        }
        return values
    }
}

extension [UInt8] {
    fileprivate mutating func append(fixed number: UInt64) {
        for place in 0..<8 { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
    }

    fileprivate mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

extension Int64 {
    /// The number with its sign folded into the lowest bit.
    fileprivate var folded: UInt64 { UInt64(bitPattern: (self << 1) ^ (self >> 63)) }

    fileprivate init(folded number: UInt64) {
        self = Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1)))
    }
}
