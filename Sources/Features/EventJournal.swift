import LimpetEvents

/// A user's events as far as a plan reads them, in the order of their times, packed into one list of words.
///
/// A record is the time, a head, and the values that the event carries. The head holds the event's class, its clock's
/// distance from UTC in minutes, and one bit for each of the first properties that says whether there is a value; a plan
/// with more properties adds words of such bits.
struct EventJournal: Sendable {
    /// How the bits of a record's head are shared out.
    private enum Head {
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
        fileprivate let start: Int
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
    /// - Parameter values: by slot; nil where the event carries none.
    mutating func insert(time: Int64, code: Int, zoneOffset: Int?, values: borrowing [UInt64?]) -> Bool {
        precondition(values.count == slots)
        let isLatest = lastTime.map { time >= $0 } ?? true
        if isLatest {
            reserve(2 + maskWords + slots)
            Self.pack(
                time: time, code: code, zoneOffset: zoneOffset, values: values, maskWords: maskWords,
                into: &words)
            lastTime = time
        } else {
            var record: [UInt64] = []
            Self.pack(
                time: time, code: code, zoneOffset: zoneOffset, values: values, maskWords: maskWords,
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
        time: Int64, code: Int, zoneOffset: Int?, values: borrowing [UInt64?], maskWords: Int,
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
        for slot in 0..<values.count {
            guard let value = values[slot] else { continue }
            let (word, bit) = Self.bit(slot)
            list[head + word] |= 1 << UInt64(bit)
            list.append(value)
        }
    }

    /// The place of a slot's bit: the word counted from the head, and the bit in it.
    private static func bit(_ slot: Int) -> (word: Int, bit: Int) {
        slot < Head.slots ? (0, slot) : (1 + (slot - Head.slots) / 64, (slot - Head.slots) % 64)
    }

    private func place(after time: Int64) -> Int {
        let isBehind = lateStart < words.count && Int64(bitPattern: words[lateStart]) <= time
        var place = isBehind ? lateStart : 0
        while place < words.count, Int64(bitPattern: words[place]) <= time {
            place += length(at: place, words)
        }
        return place
    }

    // MARK: Reading

    private static let slotMask = UInt64(1) << UInt64(Head.slots) - 1

    /// The number of words of the record at a place.
    @inline(__always)
    private func length(at place: Int, _ words: borrowing [UInt64]) -> Int {
        var length = 2 + maskWords + (words[place + 1] & Self.slotMask).nonzeroBitCount
        if maskWords > 0 {
            for word in 0..<maskWords { length += words[place + 2 + word].nonzeroBitCount }
        }
        return length
    }

    /// Calls `body` with one event after the other, in the order of their times, as long as it says so.
    @inline(__always)
    func forEach(_ body: (Record) -> Bool) {
        // A local copy: a property is read anew at each access.
        let words = words
        var place = 0
        while place < words.count {
            let head = words[place + 1]
            let offset = Int64(bitPattern: head << Head.classBits) >> Int64(64 - Head.offsetBits)
            let record = Record(
                time: Int64(bitPattern: words[place]), code: Int(head >> (64 - Head.classBits)),
                zoneOffset: offset == Head.noOffset ? nil : Int(offset), start: place)
            guard body(record) else { return }
            place += length(at: place, words)
        }
    }

    /// What a record carries in a slot; nil for nothing.
    @inline(__always)
    func value(_ record: Record, slot: Int) -> UInt64? {
        let (word, bit) = Self.bit(slot)
        let first = record.start + 1
        let mask = word == 0 ? words[first] & Self.slotMask : words[first + word]
        guard mask & (1 << UInt64(bit)) != 0 else { return nil }
        var before = (mask & (1 << UInt64(bit) - 1)).nonzeroBitCount
        if word > 0 {
            before += (words[first] & Self.slotMask).nonzeroBitCount
            for earlier in 1..<word { before += words[first + earlier].nonzeroBitCount }
        }
        return words[first + 1 + maskWords + before]
    }
}
