import LimpetEvents

/// Zones that follow one POSIX rule, so that no test needs the machine's files.
enum TestZones {
    /// Amsterdam as it has been since 1996.
    static func amsterdam() throws -> TimeZoneRules {
        let counts: [UInt8] = [0, 0, 0, 0, 1, 4].flatMap { [0, 0, 0, $0] }
        let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts
        let block = header + [0, 0, 14, 16, 0, 0] + Array("CET\0".utf8)
        let footer = Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        return try TimeZoneRules(name: "Europe/Amsterdam", compiledFile: block + block + footer)
    }
}
