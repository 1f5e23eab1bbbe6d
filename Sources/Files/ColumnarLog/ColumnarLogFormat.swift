import LimpetEvents

/// What all parts of a columnar log agree on; the article "Columnar log" holds the layout.
package enum ColumnarLogFormat {
    /// The first and the last bytes of a file.
    static let letters = Array("LIMPETLG".utf8)
    static let version: UInt64 = 2
    /// Files of this version have no column of delays.
    static let versionWithoutDelays: UInt64 = 1
    /// Letters and the version as 8 bytes.
    package static let headerLength = 16
    /// Where the footer starts, its length and its checksum as 8 bytes each, and the letters.
    package static let tailLength = 32

    /// The most rows of one block.
    static let blockRows = 65_536
    /// The longest block: every value of every column at its full width.
    static let blockLength = 1 << 30
    /// The years 1 to 9999, as readers of events take them.
    static let years: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// The columns that every block has, before those of the properties.
    static let fixedColumns = 5
    static let time = 0
    static let event = 1
    static let arrival = 2
    static let zoneOffset = 3
    /// How long after its time each row came in.
    static let delay = 4
}

/// Why bytes are no columnar log.
package enum ColumnarLogDamage: Error, Hashable {
    /// Something at an offset of the file is not what a writer writes.
    case at(offset: Int, String)
    /// A version that is newer than this reader.
    case version(UInt64)

    /// The error for a file's reader.
    func error(file: String) -> InputError {
        switch self {
        case .at(let offset, let problem):
            InputError(
                InputPlace(file: file),
                "the columnar log is damaged at byte \(offset): \(problem); import it again")
        case .version(let version):
            InputError(
                InputPlace(file: file),
                "is a columnar log of version \(version), expected \(ColumnarLogFormat.version); "
                    + "read it with the Limpet that wrote it, or import the events again")
        }
    }
}
