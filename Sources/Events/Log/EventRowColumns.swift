/// The columns that every row of a log has but for its user, in the order of arrival.
struct EventRowColumns: Sendable {
    var times: [Int64] = []
    var events: [UInt16] = []
    var zoneOffsets: [Int16] = []
    private(set) var namesZones = false
    /// The times of receipt; empty until the first row gives one.
    var received: [Int64] = []
    private(set) var namesReceipts = false
    /// The precision of the finest time.
    private(set) var resolution = TimeResolution.day
    /// True while no time is earlier than that of the row before.
    private(set) var isAscending = true

    /// Adds a row.
    @inline(__always)
    mutating func append(
        time: Int64, event: UInt16, offset: Int16?, received moment: Int64?, resolution: TimeResolution
    ) {
        if moment != nil { nameReceipts() }
        if namesReceipts { received.append(moment ?? time) }
        isAscending = isAscending && times.last.map { $0 <= time } ?? true
        times.append(time)
        events.append(event)
        zoneOffsets.append(offset ?? EventLog.noZoneOffset)
        namesZones = namesZones || offset != nil
        self.resolution = min(self.resolution, resolution)
    }

    /// Adds the rows of a block that are kept; `codes` are those of the block's event names.
    mutating func append(_ rows: [EventBlock.Row], codes: [Int], keeping isKept: [Bool]?) {
        guard isKept == nil else {
            for (place, row) in rows.enumerated() where isKept?[place] ?? true {
                append(
                    time: row.time, event: UInt16(codes[Int(row.name)]),
                    offset: row.zoneOffset == EventLog.noZoneOffset ? nil : row.zoneOffset,
                    received: row.received == EventBlock.unsaid ? nil : row.received,
                    resolution: row.resolution)
            }
            return
        }
        guard !rows.isEmpty else { return }
        note(rows.span)
        let (rows, codes) = (rows.span, codes.span)
        if namesReceipts {
            received.append(addingCapacity: rows.count) { column in
                for place in rows.indices {
                    let row = rows[place]
                    column.append(row.received == EventBlock.unsaid ? row.time : row.received)
                }
            }
        }
        times.append(addingCapacity: rows.count) { column in
            for place in rows.indices { column.append(rows[place].time) }
        }
        events.append(addingCapacity: rows.count) { column in
            for place in rows.indices { column.append(UInt16(codes[Int(rows[place].name)])) }
        }
        zoneOffsets.append(addingCapacity: rows.count) { column in
            for place in rows.indices { column.append(rows[place].zoneOffset) }
        }
    }

    /// Notes what the rows to be added give.
    private mutating func note(_ rows: Span<EventBlock.Row>) {
        var last = times.last ?? Int64.min
        var (ascends, zones, receipts, finest) = (true, false, false, resolution)
        for place in rows.indices {
            let row = rows[place]
            ascends = ascends && last <= row.time
            last = row.time
            zones = zones || row.zoneOffset != EventLog.noZoneOffset
            receipts = receipts || row.received != EventBlock.unsaid
            finest = min(finest, row.resolution)
        }
        isAscending = isAscending && ascends
        namesZones = namesZones || zones
        resolution = finest
        if receipts { nameReceipts() }
    }

    private mutating func nameReceipts() {
        guard !namesReceipts else { return }
        namesReceipts = true
        received = times
    }

    /// Reserves memory for a number of rows.
    mutating func reserve(_ count: Int) {
        times.reserveCapacity(count)
        events.reserveCapacity(count)
        zoneOffsets.reserveCapacity(count)
        if namesReceipts { received.reserveCapacity(count) }
    }

    /// Takes a column out.
    mutating func take<Value>(_ column: WritableKeyPath<EventRowColumns, [Value]>) -> [Value] {
        let values = self[keyPath: column]
        self[keyPath: column] = []
        return values
    }

    /// Takes the times out, after which there are no rows.
    mutating func takeTimes() -> [Int64] {
        isAscending = true
        return take(\.times)
    }
}
