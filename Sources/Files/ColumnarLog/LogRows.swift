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
    /// The rows that are kept, where others repeat a message id; nil for all.
    private let kept: [Int]?
    /// The rows that repeat a message id, by their order of arrival.
    private let repeats: RepeatedRows?
    /// The first kept row of each user, and their number at the end.
    private let starts: [Int]

    /// The number of rows that are kept.
    var count: Int { kept?.count ?? log.count }

    init(
        _ log: EventLog, firstArrival: Int, columns: [String], leavingOut repeats: RepeatedRows? = nil
    ) {
        self.log = log
        self.firstArrival = firstArrival
        self.columns = columns
        codes = columns.map { log.texts[$0]?.codes ?? [] }
        guard let repeats, !repeats.isEmpty else {
            (kept, self.repeats, starts) = (nil, nil, log.userStarts)
            return
        }
        let rows = (0..<log.count).filter { !repeats.contains(firstArrival + Int(log.arrivals?[$0] ?? 0)) }
        (kept, self.repeats) = (rows, repeats)
        starts = log.userStarts.map { start in rows.partitioningIndex { $0 >= start } }
    }

    /// Writes all rows; `note` is called with the number of rows of each block written.
    func write(to writer: inout LogBlockWriter, note: (_ rows: Int) throws -> Void) throws {
        let length = writer.blockRows
        let starts = Array(stride(from: 0, to: count, by: length))
        for first in stride(from: 0, to: starts.count, by: 2 * writer.threads) {
            let some = Array(starts[first..<min(first + 2 * writer.threads, starts.count)])
            let packed = ConcurrentBlocks.map(some.count, threads: writer.threads) {
                PackedLogBlock(block(some[$0]..<min(some[$0] + length, count)))
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
        var user = starts.partitioningIndex { $0 > rows.lowerBound } - 1
        var next = rows.lowerBound
        while next < rows.upperBound {
            let end = min(starts[user + 1], rows.upperBound)
            if end > next {
                block.users.append(log.users[user])
                block.userRows.append(end - next)
            }
            (next, user) = (end, user + 1)
        }
        block.columns[ColumnarLogFormat.time] = column(log.times, rows)
        block.columns[ColumnarLogFormat.event] = column(log.events, rows)
        let arrivals = log.arrivals.map { column($0, rows) } ?? rows.map { _ in 0 }
        block.columns[ColumnarLogFormat.arrival] = arrivals.map { arrival in
            let arrival = firstArrival + Int(arrival)
            return Int64(repeats?.place(of: arrival) ?? arrival)
        }
        block.columns[ColumnarLogFormat.zoneOffset] =
            log.zoneOffsets.map { column($0, rows) } ?? rows.map { _ in Int64(EventLog.noZoneOffset) }
        let received = log.received.map { column($0, rows) } ?? block.columns[ColumnarLogFormat.time]
        block.columns[ColumnarLogFormat.delay] = zip(received, block.columns[ColumnarLogFormat.time]).map {
            $0 &- $1
        }
        for (place, codes) in codes.enumerated() {
            block.columns[ColumnarLogFormat.fixedColumns + place] = column(codes, rows)
        }
        return block
    }

    /// Returns the values of kept rows.
    private func column<Value: FixedWidthInteger>(_ values: [Value], _ rows: Range<Int>) -> [Int64] {
        guard let kept else { return values[rows].map { Int64($0) } }
        return kept[rows].map { Int64(values[$0]) }
    }
}
