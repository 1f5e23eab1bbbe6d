import LimpetDocuments
import LimpetEvents
import LimpetParallel

/// The rows of a log in memory, as the columns of a columnar log.
struct LogRows {
    let log: EventLog
    /// The number of rows that arrived before the first of these.
    let firstArrival: Int
    /// The properties, in the order of their columns.
    let columns: [String]
    private let codes: [[UInt32]]

    init(_ log: EventLog, firstArrival: Int, columns: [String]) {
        self.log = log
        self.firstArrival = firstArrival
        self.columns = columns
        codes = columns.map { log.texts[$0]?.codes ?? [] }
    }

    /// Writes all rows; `note` is called with the number of rows of each block written.
    func write(to writer: inout LogBlockWriter, note: (_ rows: Int) throws -> Void) throws {
        let length = writer.blockRows
        let starts = Array(stride(from: 0, to: log.count, by: length))
        for first in stride(from: 0, to: starts.count, by: 2 * writer.threads) {
            let some = Array(starts[first..<min(first + 2 * writer.threads, starts.count)])
            let packed = ConcurrentBlocks.map(some.count, threads: writer.threads) {
                PackedLogBlock(block(some[$0]..<min(some[$0] + length, log.count)))
            }
            for block in packed {
                try writer.write(block)
                try note(block.rows)
            }
        }
    }

    /// Returns a range of the rows as a block.
    private func block(_ rows: Range<Int>) -> LogBlock {
        var block = LogBlock(columns: ColumnarLogFormat.fixedColumns + codes.count)
        // The user to whom the first row belongs.
        var user = log.userStarts.partitioningIndex { $0 > rows.lowerBound } - 1
        var next = rows.lowerBound
        while next < rows.upperBound {
            let end = min(log.userStarts[user + 1], rows.upperBound)
            block.users.append(log.users[user])
            block.userRows.append(end - next)
            (next, user) = (end, user + 1)
        }
        block.columns[ColumnarLogFormat.time] = Array(log.times[rows])
        block.columns[ColumnarLogFormat.event] = log.events[rows].map { Int64($0) }
        block.columns[ColumnarLogFormat.arrival] = rows.map { row in
            Int64(firstArrival) + Int64(log.arrivals?[row] ?? 0)
        }
        block.columns[ColumnarLogFormat.zoneOffset] = rows.map { row in
            Int64(log.zoneOffsets?[row] ?? EventLog.noZoneOffset)
        }
        block.columns[ColumnarLogFormat.delay] = rows.map { row in
            log.received.map { $0[row] &- log.times[row] } ?? 0
        }
        for (place, codes) in codes.enumerated() {
            block.columns[ColumnarLogFormat.fixedColumns + place] = codes[rows].map { Int64($0) }
        }
        return block
    }
}
