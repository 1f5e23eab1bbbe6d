import LimpetEvents
import LimpetParallel

/// A writer of consecutive blocks of sorted rows, which records the offset and checksum of each.
struct LogBlockWriter {
    /// A function that stores the bytes of a block and returns their offset.
    private let store: ([UInt8]) throws(FileError) -> Int
    let blockRows: Int
    /// The number of blocks that are packed in parallel.
    let threads: Int
    private var block: LogBlock
    /// Full blocks that are not packed yet.
    private var waiting: [LogBlock] = []
    private(set) var blocks: [LogFooter.Block] = []
    private(set) var users = 0
    private(set) var span: ClosedRange<Int64>?
    private var lastUser: String?

    init(
        columns: Int, blockRows: Int = ColumnarLogFormat.blockRows, threads: Int,
        store: @escaping ([UInt8]) throws(FileError) -> Int
    ) {
        self.store = store
        self.blockRows = blockRows
        self.threads = threads
        block = LogBlock(columns: columns)
    }

    /// Appends rows of a user, given by column.
    ///
    /// - Parameter order: the rows in their order; nil for all, as they are.
    mutating func append(user: String, columns: [[Int64]], order: [Int]?) throws(FileError) {
        let count = order?.count ?? columns[ColumnarLogFormat.time].count
        var next = 0
        while next < count {
            let part = next..<min(count, next + blockRows - block.count)
            block.append(user: user, rows: part.count)
            for (column, values) in columns.enumerated() {
                if let order {
                    block.columns[column].append(contentsOf: order[part].lazy.map { values[$0] })
                } else {
                    block.columns[column].append(contentsOf: values[part])
                }
            }
            next = part.upperBound
            if block.count == blockRows {
                waiting.append(block)
                block = LogBlock(columns: block.columns.count)
                if waiting.count == 2 * threads { try packWaiting() }
            }
        }
    }

    /// Writes the last rows.
    mutating func finish() throws(FileError) {
        if block.count > 0 { waiting.append(block) }
        block = LogBlock(columns: block.columns.count)
        try packWaiting()
    }

    private mutating func packWaiting() throws(FileError) {
        let packed = ConcurrentBlocks.map(waiting.count, threads: threads) { [waiting] in
            PackedLogBlock(waiting[$0])
        }
        waiting.removeAll(keepingCapacity: true)
        for block in packed { try write(block) }
    }

    /// Writes a block whose rows follow the last ones.
    mutating func write(_ block: PackedLogBlock) throws(FileError) {
        let isSame = lastUser.map { $0.utf8.elementsEqual(block.firstUser.utf8) } ?? false
        users += block.users - (isSame ? 1 : 0)
        lastUser = block.lastUser
        let (least, greatest) = (block.span.lowerBound, block.span.upperBound)
        span = min(least, span?.lowerBound ?? least)...max(greatest, span?.upperBound ?? greatest)
        let offset = try store(block.bytes)
        blocks.append(
            LogFooter.Block(
                offset: offset, length: block.bytes.count, rows: block.rows, checksum: block.checksum))
    }
}

/// A block's bytes as they are in the file, with the facts about it that the footer stores.
struct PackedLogBlock: Sendable {
    let bytes: [UInt8]
    let checksum: UInt64
    let rows: Int
    let users: Int
    let firstUser: String
    let lastUser: String
    /// The earliest and the latest time in milliseconds.
    let span: ClosedRange<Int64>

    /// Packs a block of one row or more.
    init(_ block: LogBlock) {
        bytes = block.packed()
        checksum = LimpetFiles.checksum(bytes)
        rows = block.count
        users = block.users.count
        firstUser = block.users.first ?? ""
        lastUser = block.users.last ?? ""
        let times = block.columns[ColumnarLogFormat.time]
        span = (times.min() ?? 0)...(times.max() ?? 0)
    }
}
