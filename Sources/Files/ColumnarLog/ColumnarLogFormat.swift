import LimpetEvents

/// The constants of the columnar log's format; the article "Columnar log" describes the layout.
package enum ColumnarLogFormat {
    /// The letters at the start and at the end of a file.
    static let letters = Array("LIMPETLG".utf8)
    static let version: UInt64 = 3
    /// The version of files without aliases and message ids.
    static let versionWithoutMessages: UInt64 = 2
    /// Returns the version of a file. One without aliases and message ids is written as before, so that older
    /// readers take it.
    static func version(hasAliases: Bool, hasMessages: Bool) -> UInt64 {
        hasAliases || hasMessages ? version : versionWithoutMessages
    }
    /// The version of files without a column of delays.
    static let versionWithoutDelays: UInt64 = 1
    /// The length of the header: the letters and the version as 8 bytes.
    package static let headerLength = 16
    /// The length of the tail: the footer's offset, length and checksum as 8 bytes each, and the letters.
    package static let tailLength = 32

    /// The maximum number of rows of a block.
    static let blockRows = 65_536
    /// The maximum length of a block in bytes: every value of every column at its full width.
    static let blockLength = 1 << 30
    /// The times of the years 1 to 9999 in milliseconds, the range that readers of events accept.
    static let years: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// The number of columns that every block has, before those of the properties.
    static let fixedColumns = 5
    static let time = 0
    static let event = 1
    static let arrival = 2
    static let zoneOffset = 3
    /// The column of the milliseconds between each row's time and its receipt.
    static let delay = 4
}

/// The reason why bytes are not a valid columnar log.
package enum ColumnarLogDamage: Error, Hashable {
    /// Contents at an offset of the file that no writer produces.
    case at(offset: Int, String)
    /// A version that this reader does not know.
    case version(UInt64)

    /// Returns the error to report for a file.
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
