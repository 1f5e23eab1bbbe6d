import LimpetEvents

/// The rows of a log in memory as the columns of a columnar log.
struct LogRows {
    let log: EventLog
    /// How many rows arrived before the first of these.
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

    /// Writes all rows; `note` hears of how many were written.
    func write(to writer: inout LogBlockWriter, note: (_ rows: Int) throws -> Void) throws {
        var waiting = 0
        for user in log.users.indices {
            let range = log.rows(ofUser: user)
            try writer.append(user: log.users[user], rows: range, value: value)
            waiting += range.count
            guard waiting >= 1 << 14 else { continue }
            try note(waiting)
            waiting = 0
        }
        try note(waiting)
    }

    private func value(column: Int, row: Int) -> Int64 {
        switch column {
        case ColumnarLogFormat.time: log.times[row]
        case ColumnarLogFormat.event: Int64(log.events[row])
        case ColumnarLogFormat.arrival: Int64(firstArrival) + Int64(log.arrivals?[row] ?? 0)
        case ColumnarLogFormat.zoneOffset: Int64(log.zoneOffsets?[row] ?? EventLog.noZoneOffset)
        case ColumnarLogFormat.delay: log.received.map { $0[row] &- log.times[row] } ?? 0
        default: Int64(codes[column - ColumnarLogFormat.fixedColumns][row])
        }
    }
}
