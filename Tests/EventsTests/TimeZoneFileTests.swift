import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TimeZoneFileTests {
    private static let moments = [
        Int64.min / 2, -2_208_988_800_000, 0, 1_751_328_000_000, 4_118_083_200_000, 1 << 52,
    ].map { Timestamp(milliseconds: $0) }

    /// Calls all functions of a zone.
    private static func ask(_ zone: TimeZoneRules) {
        for moment in moments {
            _ = zone.offsetSeconds(at: moment)
            _ = zone.dayNumber(at: moment)
            _ = zone.timestamp(ofLocal: moment.milliseconds)
        }
    }

    @Test(
        "every truncation of a real file is refused until only the rule at its end is cut off",
        arguments: ["Europe/Amsterdam", "America/New_York"])
    func truncations(name: String) throws {
        let bytes = try TestZones.bytes(name)
        let footer = try #require(bytes.dropLast().lastIndex(of: 10))
        for length in 0..<bytes.count {
            let cut = Array(bytes.prefix(length))
            if length < footer {
                #expect(throws: TimeZoneFileError.self, "\(length) bytes") {
                    try TimeZoneRules(name: name, compiledFile: cut)
                }
            } else {
                Self.ask(try TimeZoneRules(name: name, compiledFile: cut))
            }
        }
    }

    @Test(
        "a file with any byte changed is refused or read, and answers",
        arguments: [0x00, 0x7f, 0x80, 0xff] as [UInt8])
    func changedBytes(value: UInt8) throws {
        let bytes = try TestZones.bytes("America/New_York")
        for index in bytes.indices {
            var changed = bytes
            changed[index] = value
            if let zone = try? TimeZoneRules(name: "changed", compiledFile: changed) { Self.ask(zone) }
        }
    }

    @Test("counts below zero in the header are refused", arguments: [0, 1, 2, 3, 4, 5])
    func negativeCounts(count: Int) throws {
        var header = TestZones.header(version: "\0", transitions: 1, types: 1, designationBytes: 200)
        header.replaceSubrange(20 + count * 4..<24 + count * 4, with: [0xff, 0xff, 0xff, 0xff])
        #expect(throws: TimeZoneFileError.self) {
            try TimeZoneRules(name: "negative", compiledFile: header + [UInt8](repeating: 0, count: 300))
        }
    }

    @Test(
        "counts that promise more than the file holds are refused",
        arguments: [UInt32(1), 1_000, 0x7fff_ffff])
    func hugeCounts(count: UInt32) {
        let header = TestZones.header(transitions: count, types: count, designationBytes: count)
        #expect(throws: TimeZoneFileError.malformed(zone: "huge", byte: 44)) {
            try TimeZoneRules(name: "huge", compiledFile: header)
        }
    }

    @Test(
        "bytes that are no zone file are refused at the first byte",
        arguments: [
            [], Array("TZif".utf8), Array("TZig2".utf8) + [UInt8](repeating: 0, count: 100),
            Array("<html>".utf8),
        ]
            as [[UInt8]])
    func notAZoneFile(bytes: [UInt8]) {
        #expect(throws: TimeZoneFileError.malformed(zone: "x", byte: 0)) {
            try TimeZoneRules(name: "x", compiledFile: bytes)
        }
    }

    @Test("a transition to a type that is not there is refused")
    func unknownType() {
        let header = TestZones.header(version: "\0", transitions: 1, types: 1, designationBytes: 4)
        let body: [UInt8] = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(throws: TimeZoneFileError.self) { try TimeZoneRules(name: "x", compiledFile: header + body) }
        var fitting = body
        fitting[4] = 0
        #expect(throws: Never.self) { try TimeZoneRules(name: "x", compiledFile: header + fitting) }
    }

    @Test("a file of version 1 is read through its 32-bit block")
    func versionOne() throws {
        let header = TestZones.header(version: "\0", transitions: 2, types: 3, designationBytes: 4)
        let times: [UInt8] = [0xff, 0xff, 0xff, 0x9c, 0, 0, 0, 100]
        let types: [UInt8] = [1, 2, 0, 0, 0, 60, 0, 0, 0, 0, 0, 120, 1, 0, 0xff, 0xff, 0xff, 0xc4, 0, 0]
        let zone = try TimeZoneRules(name: "old", compiledFile: header + times + types + Array("UTC\0".utf8))
        let offsets = [-100_001, -100_000, 99_999, 100_000].map {
            zone.offsetSeconds(at: Timestamp(milliseconds: $0))
        }
        #expect(offsets == [60, 120, 120, -60])
        #expect(zone.name == "old")
    }
}
