import Foundation
import LimpetEvents
import Testing

/// Zones from the machine's files, and zones that follow one POSIX rule.
enum TestZones {
    /// The compiled file of a zone of this machine.
    static func bytes(_ name: String) throws -> [UInt8] {
        let contents = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")
        return Array(try #require(contents, "the tests need the package tzdata"))
    }

    static func zone(_ name: String) throws -> TimeZoneRules {
        try TimeZoneRules(name: name, compiledFile: bytes(name))
    }

    /// A zone without transitions, whose file ends with that rule.
    static func following(_ rule: String) throws -> TimeZoneRules {
        let block = header(types: 1, designationBytes: 4) + [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
        return try TimeZoneRules(name: rule, compiledFile: block + block + Array("\n\(rule)\n".utf8))
    }

    /// The 44 bytes before a block, with small counts.
    static func header(
        version: Character = "2", leapSeconds: UInt32 = 0, transitions: UInt32 = 0, types: UInt32,
        designationBytes: UInt32
    ) -> [UInt8] {
        let counts = [0, 0, leapSeconds, transitions, types, designationBytes]
        return Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
            + counts.flatMap { count in (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } }
    }
}
