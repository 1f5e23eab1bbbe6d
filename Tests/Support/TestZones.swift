import Foundation
package import LimpetEvents

/// Zones from the machine's files, and zones that follow one POSIX rule.
package enum TestZones {
    /// The compiled file of a zone of this machine, from the package tzdata.
    package static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
    }

    package static func zone(_ name: String) throws -> TimeZoneRules {
        try TimeZoneRules(name: name, compiledFile: bytes(name))
    }

    /// A zone without transitions, whose file ends with that rule.
    package static func following(_ rule: String) throws -> TimeZoneRules {
        let block = header(types: 1, designationBytes: 4) + [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
        return try TimeZoneRules(name: rule, compiledFile: block + block + Array("\n\(rule)\n".utf8))
    }

    /// Amsterdam as it has been since 1996, by its rule alone.
    package static func amsterdam() throws -> TimeZoneRules {
        let block = header(types: 1, designationBytes: 4) + [0, 0, 14, 16, 0, 0] + Array("CET\0".utf8)
        let footer = Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        return try TimeZoneRules(name: "Europe/Amsterdam", compiledFile: block + block + footer)
    }

    /// The 44 bytes before a block, with small counts.
    package static func header(
        version: Character = "2", leapSeconds: UInt32 = 0, transitions: UInt32 = 0, types: UInt32,
        designationBytes: UInt32
    ) -> [UInt8] {
        let counts = [0, 0, leapSeconds, transitions, types, designationBytes]
        return Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
            + counts.flatMap { count in (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } }
    }
}
