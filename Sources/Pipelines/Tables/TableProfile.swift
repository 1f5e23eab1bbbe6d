import LimpetFiles

/// The types that the columns of a flat table are read as.
package struct TableProfile: Sendable {
    /// The name of the file.
    package let file: String
    /// The number of rows.
    package let rows: Int
    /// The columns, in the order of the table.
    package let columns: [ColumnProfile]
    /// The values of the target; nil where none is named.
    package let target: TargetValues?

    /// Makes a profile.
    package init(file: String, rows: Int, columns: [ColumnProfile], target: TargetValues?) {
        (self.file, self.rows, self.columns, self.target) = (file, rows, columns, target)
    }

    /// True when all rows decided the types, false when the first ones did.
    package var isComplete: Bool { rows <= TableReader.sampleSize }

    /// Reads a table.
    ///
    /// - Throws: `FileError`, `InputError` or `TooManyBadRows`.
    package static func read(
        _ source: TableSource, threads: Int = Processors.count
    ) async throws -> TableProfile {
        let table = try await source.read(threads: threads)
        _ = try source.ids(of: table)
        source.warnOfLostMeaning(in: table)
        return TableProfile(
            file: table.file, rows: table.count,
            columns: ColumnProfile.all(of: table, source: source, countsNumbers: true),
            target: try source.target.map { try source.labels(of: table, target: $0).values })
    }
}
