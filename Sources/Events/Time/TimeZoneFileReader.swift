/// The reason why a compiled time-zone file could not be read.
public enum TimeZoneFileError: Error, Equatable, CustomStringConvertible {
    /// The bytes do not start with `TZif`, or end before the sizes in the header are used up.
    case malformed(zone: String, byte: Int)

    /// The zone and the offset of the error.
    public var description: String {
        switch self {
        case .malformed(let zone, let byte):
            "time zone \(zone): not a TZif file of RFC 8536 at byte \(byte)"
        }
    }
}

extension TimeZoneRules {
    /// Reads a compiled zone file: the 64-bit block of version 2 or later, or the 32-bit block of version 1.
    ///
    /// - Throws: ``TimeZoneFileError`` when the bytes are not a whole TZif file.
    public init(name: String, compiledFile bytes: [UInt8]) throws(TimeZoneFileError) {
        var reader = TimeZoneFileReader(name: name, bytes: bytes)
        let first = try reader.header()
        guard first.version >= 2 else {
            self = try reader.block(first, timeWidth: 4)
            return
        }
        try reader.skip(first.blockLength(timeWidth: 4))
        let second = try reader.header()
        let rules = try reader.block(second, timeWidth: 8)
        self.init(
            name: name, transitions: rules.transitions, offsets: rules.offsets,
            firstOffset: rules.firstOffset, rule: reader.footer())
    }
}

private struct TimeZoneFileHeader {
    var version: Int
    var utcIndicators: Int
    var standardIndicators: Int
    var leapSeconds: Int
    var transitions: Int
    var types: Int
    var designationBytes: Int

    func blockLength(timeWidth: Int) -> Int {
        transitions * (timeWidth + 1) + types * 6 + designationBytes + leapSeconds * (timeWidth + 4)
            + standardIndicators + utcIndicators
    }
}

private struct TimeZoneFileReader {
    let name: String
    let bytes: [UInt8]
    var position = 0

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    mutating func header() throws(TimeZoneFileError) -> TimeZoneFileHeader {
        guard position + 44 <= bytes.count, Array(bytes[position..<position + 4]) == Array("TZif".utf8) else {
            throw .malformed(zone: name, byte: position)
        }
        let version = bytes[position + 4] == 0 ? 1 : Int(bytes[position + 4]) - 48
        try skip(20)
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(Int(try integer(width: 4))) }
        guard counts.allSatisfy({ $0 >= 0 }) else { throw .malformed(zone: name, byte: position) }
        return TimeZoneFileHeader(
            version: version, utcIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
            transitions: counts[3], types: counts[4], designationBytes: counts[5])
    }

    /// The largest distance of a transition from 1970, in seconds.
    private static let timeLimit = Int64(1) << 50

    mutating func block(
        _ header: TimeZoneFileHeader, timeWidth: Int
    ) throws(TimeZoneFileError) -> TimeZoneRules {
        guard header.types > 0, position + header.blockLength(timeWidth: timeWidth) <= bytes.count else {
            throw .malformed(zone: name, byte: position)
        }
        var times: [Int64] = []
        for _ in 0..<header.transitions {
            // Old files begin with a transition so early that its milliseconds do not fit into 64 bits.
            times.append(max(-Self.timeLimit, min(Self.timeLimit, try integer(width: timeWidth))))
        }
        guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .malformed(zone: name, byte: position)
        }
        var typeIndices: [Int] = []
        for _ in 0..<header.transitions { typeIndices.append(Int(try integer(width: 1)) & 0xff) }
        var typeOffsets: [Int32] = []
        for _ in 0..<header.types {
            typeOffsets.append(Int32(try integer(width: 4)))
            try skip(2)
        }
        guard typeIndices.allSatisfy({ $0 < typeOffsets.count }) else {
            throw .malformed(zone: name, byte: position)
        }
        try skip(
            header.designationBytes + header.leapSeconds * (timeWidth + 4) + header.standardIndicators
                + header.utcIndicators)
        return TimeZoneRules(
            name: name, transitions: times, offsets: typeIndices.map { typeOffsets[$0] },
            firstOffset: typeOffsets[0], rule: nil)
    }

    /// Returns the POSIX rule between two line feeds at the end of the file; nil when there is none that can
    /// be parsed.
    mutating func footer() -> PosixTimeZone? {
        guard position < bytes.count, bytes[position] == 10,
            let end = bytes[(position + 1)...].firstIndex(of: 10)
        else { return nil }
        return PosixTimeZone(String(decoding: bytes[(position + 1)..<end], as: UTF8.self))
    }

    mutating func skip(_ count: Int) throws(TimeZoneFileError) {
        guard count >= 0, position + count <= bytes.count else {
            throw .malformed(zone: name, byte: position)
        }
        position += count
    }

    /// Reads a signed big-endian integer of `width` bytes.
    mutating func integer(width: Int) throws(TimeZoneFileError) -> Int64 {
        let start = position
        try skip(width)
        let unsigned = bytes[start..<position].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = UInt64(64 - width * 8)
        return Int64(bitPattern: unsigned << unused) >> Int64(unused)
    }
}
