import LimpetEvents

/// A user's events as far as a plan reads them, in the order of their times, packed into one list of words.
///
/// A record is the time, a head, and the values that the event carries. The head holds the event's class, its clock's
/// distance from UTC in minutes, and one bit for each of the first properties that says whether there is a value; a plan
/// with more properties adds words of such bits.
struct EventJournal: Sendable {
    /// How the bits of a record's head are shared out.
    fileprivate enum Head {
        static let classBits: UInt64 = 24
        static let offsetBits: UInt64 = 12
        static let slots = 28
        static let noOffset: Int64 = -2_048
    }

    /// One event as it stands in the journal.
    struct Record {
        let time: Int64
        let code: Int
        /// Minutes east of UTC; nil where the event does not say.
        let zoneOffset: Int?
        /// Where the record begins.
        let start: Int
    }

    private(set) var words: [UInt64] = []
    private(set) var count = 0
    private(set) var lastTime: Int64?
    /// Where the last late event stands: events are late by little, and the place of the next is looked for from there.
    private var lateStart = 0
    private let slots: Int
    /// How many words of bits follow a head.
    private let maskWords: Int

    /// An empty journal.
    ///
    /// - Parameter slots: how many values an event may carry.
    init(slots: Int) {
        self.slots = slots
        maskWords = (max(0, slots - Head.slots) + 63) / 64
    }

    /// The most minutes that a clock may be east or west of UTC.
    static let offsetLimit = 2_047
    /// The most classes that there may be.
    static let classLimit = 1 << Int(Head.classBits)

    // MARK: Writing

    /// Puts an event where its time belongs, behind those of the same time. Says whether it was the latest.
    ///
    /// - Parameter value: by slot; nil where the event carries none.
    @inline(__always)
    mutating func insert(time: Int64, code: Int, zoneOffset: Int?, value: (Int) -> UInt64?) -> Bool {
        let isLatest = lastTime.map { time >= $0 } ?? true
        if isLatest {
            reserve(2 + maskWords + slots)
            Self.pack(
                time: time, code: code, zoneOffset: zoneOffset, value: value, slots: slots,
                maskWords: maskWords,
                into: &words)
            lastTime = time
        } else {
            var record: [UInt64] = []
            Self.pack(
                time: time, code: code, zoneOffset: zoneOffset, value: value, slots: slots,
                maskWords: maskWords,
                into: &record)
            lateStart = place(after: time)
            words.insert(contentsOf: record, at: lateStart)
        }
        count += 1
        return isLatest
    }

    /// Grows by a quarter, since doubling would leave half of the memory of many small states unused.
    private mutating func reserve(_ more: Int) {
        let needed = words.count + more
        if needed > words.capacity { words.reserveCapacity(max(needed, words.capacity + words.capacity / 4)) }
    }

    /// Writes a record at the end of a list.
    ///
    /// It looks at no journal: one that is looked at while its words grow would be copied for each event.
    @inline(__always)
    private static func pack(
        time: Int64, code: Int, zoneOffset: Int?, value: (Int) -> UInt64?, slots: Int, maskWords: Int,
        into list: inout [UInt64]
    ) {
        precondition(code < Self.classLimit)
        let offset =
            zoneOffset.map { Int64(max(-Self.offsetLimit, min(Self.offsetLimit, $0))) } ?? Head.noOffset
        let head = list.count + 1
        list.append(UInt64(bitPattern: time))
        list.append(
            UInt64(code) << (64 - Head.classBits)
                | (UInt64(bitPattern: offset) & (1 << Head.offsetBits - 1)) << UInt64(Head.slots))
        for _ in 0..<maskWords { list.append(0) }
        for slot in 0..<slots {
            guard let value = value(slot) else { continue }
            let (word, bit) = Self.bit(slot)
            list[head + word] |= 1 << UInt64(bit)
            list.append(value)
        }
    }

    /// The place of a slot's bit: the word counted from the head, and the bit in it.
    fileprivate static func bit(_ slot: Int) -> (word: Int, bit: Int) {
        slot < Head.slots ? (0, slot) : (1 + (slot - Head.slots) / 64, (slot - Head.slots) % 64)
    }

    private func place(after time: Int64) -> Int {
        let isBehind = lateStart < words.count && Int64(bitPattern: words[lateStart]) <= time
        var place = isBehind ? lateStart : 0
        while place < words.count, Int64(bitPattern: words[place]) <= time {
            place += records.length(place)
        }
        return place
    }

    // MARK: Reading

    fileprivate static let slotMask = UInt64(1) << UInt64(Head.slots) - 1

    /// The records, for loops that read some of what stands in each.
    var records: Records { Records(words: words, maskWords: maskWords, slots: slots) }

    /// Calls `body` with one event after the other, in the order of their times, as long as it says so.
    func forEach(_ body: (Record) -> Bool) {
        let records = records
        var start = 0
        while start < words.count {
            let record = Record(
                time: records.time(start), code: records.code(start),
                zoneOffset: records.zoneOffset(start).map { Int($0) }, start: start)
            guard body(record) else { return }
            start += records.length(start)
        }
    }

    /// What a record carries in a slot; nil for nothing.
    func value(_ record: Record, slot: Int) -> UInt64? { records.column(slot).value(record.start) }
}

extension EventJournal {
    /// The records of a journal, each given by where it begins.
    struct Records {
        fileprivate let words: [UInt64]
        fileprivate let maskWords: Int
        fileprivate let slots: Int

        @inline(__always)
        func time(_ start: Int) -> Int64 { Int64(bitPattern: words[start]) }

        @inline(__always)
        func code(_ start: Int) -> Int { Int(words[start &+ 1] >> (64 - Head.classBits)) }

        /// Minutes east of UTC; nil where the event does not say.
        @inline(__always)
        func zoneOffset(_ start: Int) -> Int64? {
            let offset =
                Int64(bitPattern: words[start &+ 1] << Head.classBits) >> Int64(64 - Head.offsetBits)
            return offset == Head.noOffset ? nil : offset
        }

        /// The number of words.
        @inline(__always)
        func length(_ start: Int) -> Int {
            let bits = words[start &+ 1] & EventJournal.slotMask
            // One slot needs no counting, and where the next record begins waits for it.
            var length =
                2 &+ maskWords &+ (slots <= 1 ? Int(truncatingIfNeeded: bits) : bits.nonzeroBitCount)
            if maskWords > 0 {
                for word in 0..<maskWords { length += words[start + 2 + word].nonzeroBitCount }
            }
            return length
        }

        /// The values of one slot.
        func column(_ slot: Int) -> Column {
            let (word, bit) = EventJournal.bit(slot)
            return Column(words: words, maskWords: maskWords, word: word, bit: UInt64(1) << UInt64(bit))
        }
    }

    /// What records carry in one slot.
    struct Column {
        fileprivate let words: [UInt64]
        fileprivate let maskWords: Int
        /// The word of bits that holds the slot's, counted from the head.
        fileprivate let word: Int
        /// The slot's bit in it.
        fileprivate let bit: UInt64

        @inline(__always)
        private func isThere(_ start: Int) -> Bool { words[start &+ 1 &+ word] & bit != 0 }

        /// Where the value of a record stands that has one.
        @inline(__always)
        private func place(_ start: Int) -> Int {
            let first = start &+ 2 &+ maskWords
            // Before the first slot there is nothing to count.
            guard word > 0 || bit > 1 else { return first }
            let mask = word == 0 ? EventJournal.slotMask : .max
            var before = (words[start &+ 1 &+ word] & mask & (bit &- 1)).nonzeroBitCount
            if word > 0 {
                before += (words[start &+ 1] & EventJournal.slotMask).nonzeroBitCount
                for earlier in 1..<word { before += words[start &+ 1 &+ earlier].nonzeroBitCount }
            }
            return first &+ before
        }

        /// The value; nil for none.
        func value(_ start: Int) -> UInt64? { isThere(start) ? words[place(start)] : nil }

        /// The value as an amount; ``NumberColumn/missing`` for none. Without branches: whether there is one is anybody's
        /// guess.
        @inline(__always)
        func units(_ start: Int) -> Int64 {
            // A record without one may be the last.
            let value = words[min(place(start), words.count &- 1)]
            return isThere(start) ? Int64(bitPattern: value) : NumberColumn.missing
        }
    }
}
