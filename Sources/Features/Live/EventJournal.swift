import LimpetEvents

/// A user's events in the order of their times, reduced to what a plan reads and packed into one array of
/// words.
///
/// A record is a head and the values that the event carries. The head holds the event's time, its class, its
/// offset from UTC and a bit for each property that has a value. Where that does not fit into one word (times
/// too far apart, offsets too large, too many classes or properties), the time has a word of its own, and a
/// plan with very many properties has words of further bits after the head. A journal has records of one
/// layout: ``CompactRecord`` as long as all its events fit, ``WideRecord`` from then on.
struct EventJournal: Sendable {
    /// One event of the journal.
    struct Record {
        let time: Int64
        let code: Int
        /// The offset in minutes east of UTC; nil when the event does not give one.
        let zoneOffset: Int?
        /// The index of the record's first word.
        let start: Int
    }

    /// The fields of an event's head.
    private struct Arrival {
        let time: Int64
        let code: Int
        /// The offset in minutes east of UTC; nil when the event does not give one.
        let offset: Int64?
    }

    private(set) var words: [UInt64] = []
    private(set) var count = 0
    private(set) var lastTime: Int64?
    /// True when the records are ``compactRecords``, false when they are ``wideRecords``.
    private(set) var isCompact: Bool
    /// The origin of the records' times, as bits of milliseconds since 1970.
    private var base: UInt64 = 0
    /// The start of the last late record. Events are rarely late by much, so the search for the next place
    /// begins here.
    private var lateStart = 0
    private let slots: Int

    /// Makes an empty journal.
    ///
    /// - Parameter slots: the number of values that an event may carry.
    init(slots: Int) {
        self.slots = slots
        isCompact = slots <= Int(CompactRecord.slotBits)
    }

    /// The largest offset east or west of UTC in minutes.
    static var offsetLimit: Int { WideRecord.offsetLimit }

    // MARK: Writing

    /// Inserts an event in the order of time, after those of the same time, and returns true if it is the
    /// latest.
    ///
    /// - Parameter value: returns the value in a slot; nil when the event carries none.
    @inline(__always)
    mutating func insert(time: Int64, code: Int, zoneOffset: Int?, value: (Int) -> UInt64?) -> Bool {
        let offset = zoneOffset.map { Int64(max(-Self.offsetLimit, min(Self.offsetLimit, $0))) }
        let arrival = Arrival(time: time, code: code, offset: offset)
        // Later arrivals may lie before the first event, by up to an eighth of the range of compact times.
        if isCompact, count == 0 { base = UInt64(bitPattern: time) &- (CompactRecord.latestTime + 1) / 8 }
        guard isCompact, fitsCompact(arrival) else { return insertWide(arrival, value) }
        return insert(CompactRecord.self, arrival, value)
    }

    private func fitsCompact(_ arrival: Arrival) -> Bool {
        UInt64(bitPattern: arrival.time) &- base <= CompactRecord.latestTime
            && arrival.code <= CompactRecord.codeMask
            && (arrival.offset ?? 0).magnitude <= CompactRecord.offsetLimit
    }

    @inline(never)
    private mutating func insertWide(_ arrival: Arrival, _ value: (Int) -> UInt64?) -> Bool {
        if isCompact { widen() }
        return insert(WideRecord.self, arrival, value)
    }

    @inline(__always)
    private mutating func insert<Layout: RecordLayout>(
        _ layout: Layout.Type, _ arrival: Arrival, _ value: (Int) -> UInt64?
    ) -> Bool {
        count += 1
        if let lastTime, arrival.time < lastTime {
            insertLate(layout, arrival, value)
            return false
        }
        reserve(1 + Layout.headWord + Layout.maskWords(slots: slots) + slots)
        Self.pack(layout, arrival, value, base: base, slots: slots, into: &words)
        lastTime = arrival.time
        return true
    }

    @inline(never)
    private mutating func insertLate<Layout: RecordLayout>(
        _ layout: Layout.Type, _ arrival: Arrival, _ value: (Int) -> UInt64?
    ) {
        var record: [UInt64] = []
        Self.pack(layout, arrival, value, base: base, slots: slots, into: &record)
        lateStart = place(after: arrival.time, layout)
        words.insert(contentsOf: record, at: lateStart)
    }

    /// Grows the capacity by a quarter, since doubling would leave half of the memory of many small states
    /// unused.
    private mutating func reserve(_ more: Int) {
        let needed = words.count + more
        if needed > words.capacity { words.reserveCapacity(max(needed, words.capacity + words.capacity / 4)) }
    }

    /// Appends a record to an array.
    ///
    /// Static, without access to a journal: reading one while its words grow would copy the array for each
    /// event.
    @inline(__always)
    private static func pack<Layout: RecordLayout>(
        _ layout: Layout.Type, _ arrival: Arrival, _ value: (Int) -> UInt64?, base: UInt64, slots: Int,
        into list: inout [UInt64]
    ) {
        precondition(arrival.code <= Layout.codeMask, "too many classes of events to be told apart")
        let counted = (UInt64(bitPattern: arrival.time) &- base) << Layout.timeShift
        let offset = UInt64(bitPattern: arrival.offset ?? Layout.noOffset) & Layout.offsetMask
        if Layout.headWord > 0 { list.append(counted) }
        let head = list.count
        list.append(
            (Layout.headWord > 0 ? 0 : counted) | UInt64(arrival.code) << Layout.codeShift
                | offset << Layout.slotBits)
        for _ in 0..<Layout.maskWords(slots: slots) { list.append(0) }
        for slot in 0..<slots {
            guard let value = value(slot) else { continue }
            let (word, bit) = Layout.bit(slot)
            list[head + word] |= 1 << bit
            list.append(value)
        }
    }

    /// Rewrites all records in the wide layout.
    private mutating func widen() {
        let records = compactRecords
        let columns = (0..<slots).map { records.column($0) }
        var wide: [UInt64] = []
        wide.reserveCapacity(words.count + count)
        var start = 0
        while start < words.count {
            let arrival = Arrival(
                time: records.time(start), code: records.code(start), offset: records.zoneOffset(start))
            Self.pack(
                WideRecord.self, arrival, { columns[$0].value(start) }, base: 0, slots: slots, into: &wide)
            start += records.length(start)
        }
        (words, base, lateStart, isCompact) = (wide, 0, 0, false)
    }

    private func place<Layout: RecordLayout>(after time: Int64, _ layout: Layout.Type) -> Int {
        let records = records(layout)
        var place = lateStart < words.count && records.time(lateStart) <= time ? lateStart : 0
        while place < words.count, records.time(place) <= time { place += records.length(place) }
        return place
    }

    // MARK: Reading

    private func records<Layout: RecordLayout>(_ layout: Layout.Type) -> JournalRecords<Layout> {
        assert(isCompact == (Layout.headWord == 0), "a journal has records of one layout")
        return JournalRecords(words: words, base: base, slots: slots)
    }

    /// The records, for loops that read only some fields of each; only while the journal is compact.
    var compactRecords: JournalRecords<CompactRecord> { records(CompactRecord.self) }
    /// The records of a journal that is not compact.
    var wideRecords: JournalRecords<WideRecord> { records(WideRecord.self) }

    /// Calls `body` with each event in the order of their times, until it returns false.
    func forEach(_ body: (Record) -> Bool) {
        if isCompact { forEach(in: compactRecords, body) } else { forEach(in: wideRecords, body) }
    }

    private func forEach<Layout: RecordLayout>(
        in records: JournalRecords<Layout>, _ body: (Record) -> Bool
    ) {
        var start = 0
        while start < words.count {
            let record = Record(
                time: records.time(start), code: records.code(start),
                zoneOffset: records.zoneOffset(start).map { Int($0) }, start: start)
            guard body(record) else { return }
            start += records.length(start)
        }
    }

    /// Returns the value of a record in a slot; nil when there is none.
    func value(_ record: Record, slot: Int) -> UInt64? {
        isCompact
            ? compactRecords.column(slot).value(record.start) : wideRecords.column(slot).value(record.start)
    }
}
