import LimpetDocuments

/// Attributes of users among their events.
extension EventLog {
    /// Returns the log with the rows of a log of attributes, each among its user's, after events of the same
    /// time; the times of those that count from the start are that of the user's first event.
    ///
    /// Both logs were read with the same columns of amounts. Attributes of users without an event are left
    /// out.
    package func adding(attributes: EventLog) -> EventLog {
        let rows = AttributedRows(self, attributes)
        let codes = TextCodes(eventNames, attributes.eventNames)
        var log = EventLog(
            sorted: users, userStarts: rows.userStarts, times: rows.times,
            events: rows.gathered(events, attributes.events.map { UInt16(codes.ofOther[Int($0)]) }),
            eventNames: codes.texts,
            zoneOffsets: zoneOffsets.map { offsets in
                rows.gathered(offsets, [Int16](repeating: Self.noZoneOffset, count: attributes.count))
            }, received: received.map { rows.gathered($0, with: rows.times) },
            numbers: numbers(with: attributes, rows), texts: texts(with: attributes, rows),
            resolution: resolution, duplicateCount: duplicateCount,
            arrivals: arrivals.map { arrivals in
                rows.gathered(arrivals, (0..<attributes.count).map { UInt32(count + $0) })
            }, aliases: aliases)
        log.messages = messages
        return log
    }

    /// Returns the number of users of a log of attributes that this log does not have.
    package func strangers(in attributes: EventLog) -> Int {
        attributes.users.count { index(ofUser: $0) == nil }
    }

    private func numbers(
        with attributes: EventLog, _ rows: AttributedRows
    ) -> VerbatimDictionary<NumberColumn> {
        var columns: VerbatimDictionary<NumberColumn> = [:]
        for name in VerbatimSet(Array(numbers.keys) + Array(attributes.numbers.keys)).sorted() {
            guard let either = numbers[name] ?? attributes.numbers[name] else { continue }
            func units(_ log: EventLog) -> [Int64] {
                log.numbers[name]?.units ?? [Int64](repeating: NumberColumn.missing, count: log.count)
            }
            columns[name] = NumberColumn(
                decimals: either.decimals, units: rows.gathered(units(self), units(attributes)),
                rounded: either.rounded)
            columns[name]?.others = either.others
        }
        return columns
    }

    private func texts(
        with attributes: EventLog, _ rows: AttributedRows
    ) -> VerbatimDictionary<TextColumn> {
        var columns: VerbatimDictionary<TextColumn> = [:]
        for name in VerbatimSet(Array(texts.keys) + Array(attributes.texts.keys)).sorted() {
            let (own, other) = (texts[name], attributes.texts[name])
            let codes = TextCodes(own?.dictionary ?? [""], other?.dictionary ?? [""])
            columns[name] = TextColumn(
                dictionary: codes.texts,
                codes: rows.gathered(
                    own?.codes ?? [UInt32](repeating: 0, count: count),
                    other?.codes.map { codes.ofOther[Int($0)] }
                        ?? [UInt32](repeating: 0, count: attributes.count)))
        }
        return columns
    }
}

/// A dictionary of texts that has those of another one too.
private struct TextCodes {
    private(set) var texts: [String]
    /// The code of each text of the other dictionary.
    private(set) var ofOther: [UInt32] = []

    init(_ own: [String], _ other: [String]) {
        texts = own
        var codes = VerbatimDictionary<UInt32>()
        for (code, text) in own.enumerated() { codes[text] = UInt32(code) }
        for text in other {
            if codes[text] == nil {
                codes[text] = UInt32(texts.count)
                texts.append(text)
            }
            ofOther.append(codes[text] ?? 0)
        }
    }
}

/// The order of a log's rows and of those of its users' attributes.
private struct AttributedRows {
    private(set) var userStarts = [0]
    private(set) var times: [Int64] = []
    /// The row at each position: of the log, or where negative, its complement of the attributes.
    private var rows: [Int] = []

    init(_ log: EventLog, _ attributes: EventLog) {
        let count = log.count + attributes.count
        times.reserveCapacity(count)
        rows.reserveCapacity(count)
        var next = 0
        for (user, id) in log.users.enumerated() {
            while next < attributes.users.count,
                attributes.users[next].utf8.lexicographicallyPrecedes(id.utf8)
            { next += 1 }
            let isKnown =
                next < attributes.users.count && attributes.users[next].utf8.elementsEqual(id.utf8)
            add(log.rows(ofUser: user), isKnown ? attributes.rows(ofUser: next) : 0..<0, log, attributes)
            userStarts.append(rows.count)
        }
    }

    private mutating func add(
        _ own: Range<Int>, _ others: Range<Int>, _ log: EventLog, _ attributes: EventLog
    ) {
        let start = own.isEmpty ? 0 : log.times[own.lowerBound]
        var place = own.lowerBound
        // Rows without a time come first in their log, and dated ones may lie before the user's first event.
        let timed = others.map { other -> (row: Int, counts: Int64) in
            let time = attributes.times[other]
            return (other, time == Event.fromStart.milliseconds ? start : time)
        }.sorted { ($0.counts, $0.row) < ($1.counts, $1.row) }
        for (other, counts) in timed {
            while place < own.upperBound, log.times[place] <= counts {
                append(place, log.times[place])
                place += 1
            }
            append(~other, counts)
        }
        while place < own.upperBound {
            append(place, log.times[place])
            place += 1
        }
    }

    private mutating func append(_ row: Int, _ time: Int64) {
        rows.append(row)
        times.append(time)
    }

    /// Returns a column of both logs in this order.
    func gathered<Value>(_ own: [Value], _ others: [Value]) -> [Value] {
        rows.map { $0 < 0 ? others[~$0] : own[$0] }
    }

    /// Returns a column of the log in this order, with the value at the position where a row is an
    /// attribute's.
    func gathered<Value>(_ own: [Value], with values: [Value]) -> [Value] {
        rows.enumerated().map { place, row in row < 0 ? values[place] : own[row] }
    }
}
