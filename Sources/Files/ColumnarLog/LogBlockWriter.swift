import LimpetEvents

/// Collects sorted rows into blocks and hands out each when it is full.
struct LogBlockWriter {
    /// Takes a block's bytes and says where they begin.
    private let store: ([UInt8]) throws(FileError) -> Int
    private let blockRows: Int
    private var block: LogBlock
    private(set) var blocks: [LogFooter.Block] = []
    private(set) var users = 0
    private(set) var span: ClosedRange<Int64>?
    private var lastUser: String?

    init(
        columns: Int, blockRows: Int = ColumnarLogFormat.blockRows,
        store: @escaping ([UInt8]) throws(FileError) -> Int
    ) {
        self.store = store
        self.blockRows = blockRows
        block = LogBlock(columns: columns)
    }

    /// Adds rows of a user that follow the last ones; `value` gives what a column has at a place of `rows`.
    mutating func append(
        user: String, rows: Range<Int>, value: (_ column: Int, _ row: Int) -> Int64
    ) throws(FileError) {
        if lastUser.map({ !$0.utf8.elementsEqual(user.utf8) }) ?? true {
            users += 1
            lastUser = user
        }
        var next = rows.lowerBound
        while next < rows.upperBound {
            let part = next..<min(rows.upperBound, next + blockRows - block.count)
            block.append(user: user, rows: part.count)
            for column in block.columns.indices {
                for row in part { block.columns[column].append(value(column, row)) }
            }
            next = part.upperBound
            if block.count == blockRows { try flush() }
        }
    }

    /// Hands out the last block.
    mutating func finish() throws(FileError) {
        if block.count > 0 { try flush() }
    }

    private mutating func flush() throws(FileError) {
        let times = block.columns[ColumnarLogFormat.time]
        if let least = times.min(), let greatest = times.max() {
            span = min(least, span?.lowerBound ?? least)...max(greatest, span?.upperBound ?? greatest)
        }
        let bytes = block.packed()
        let offset = try store(bytes)
        blocks.append(
            LogFooter.Block(
                offset: offset, length: bytes.count, rows: block.count, checksum: checksum(bytes)))
        block.users.removeAll(keepingCapacity: true)
        block.userRows.removeAll(keepingCapacity: true)
        for column in block.columns.indices { block.columns[column].removeAll(keepingCapacity: true) }
    }
}
