/// A sorted run of rows in a scratch file.
struct LogRun {
    /// The file, which is removed with the last of its runs.
    let file: ScratchFile
    let blocks: [LogFooter.Block]
    let columns: [String]

    /// The rows of a block of a run. Few, since one block of each run is in memory while runs are merged.
    static let blockRows = 4_096

    /// The memory in bytes of a block while runs are merged, with its users.
    static func blockBytes(columns: Int) -> Int {
        blockRows * (8 * (ColumnarLogFormat.fixedColumns + columns) + 80)
    }

    /// The number of rows.
    var rows: Int { blocks.reduce(0) { $0 + $1.rows } }
}
