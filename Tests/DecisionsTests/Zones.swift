import LimpetEvents

/// Zones built by hand, so that no test needs the machine's files.
enum Zones {
    /// Amsterdam by its POSIX rule alone, in a zone file of version 2 without transitions.
    static func amsterdam() throws -> TimeZoneRules {
        func header(types: UInt8) -> [UInt8] {
            let counts = [0, 0, 0, 0, types, 4].flatMap { [0, 0, 0, $0] as [UInt8] }
            return Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts
        }
        let body: [UInt8] = [0, 0, 14, 16, 0, 0] + Array("CET\0".utf8)
        let footer = Array("\nCET-1CEST,M3.5.0,M10.5.0/3\n".utf8)
        return try TimeZoneRules(
            name: "Europe/Amsterdam", compiledFile: header(types: 1) + body + header(types: 1) + body + footer
        )
    }
}
