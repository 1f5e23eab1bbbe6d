import LimpetEvents

/// How the bits of a record's head are shared out: from the lowest, a bit for each of the first properties that says
/// whether there is a value, the clock's distance from UTC in minutes, and the event's class.
protocol RecordLayout {
    /// Where the head stands in a record: 0 where it holds the time too, in the bits above the class; 1 behind a word for
    /// the time.
    static var headWord: Int { get }
    static var slotBits: UInt64 { get }
    static var offsetBits: UInt64 { get }
    static var codeBits: UInt64 { get }
}

/// An event in one word beside its values: a word less to go through in each read.
enum CompactRecord: RecordLayout {
    static var headWord: Int { @inline(__always) get { 0 } }
    static var slotBits: UInt64 { @inline(__always) get { 7 } }
    static var offsetBits: UInt64 { @inline(__always) get { 11 } }
    static var codeBits: UInt64 { @inline(__always) get { 7 } }
}

/// An event in two words and more beside its values, whatever its time, its class and the number of properties.
enum WideRecord: RecordLayout {
    static var headWord: Int { @inline(__always) get { 1 } }
    static var slotBits: UInt64 { @inline(__always) get { 28 } }
    static var offsetBits: UInt64 { @inline(__always) get { 12 } }
    static var codeBits: UInt64 { @inline(__always) get { 24 } }
}

extension RecordLayout {
    @inline(__always) static var codeShift: UInt64 { slotBits + offsetBits }
    @inline(__always) static var codeMask: UInt64 { (1 << codeBits) - 1 }
    @inline(__always) static var offsetMask: UInt64 { (1 << offsetBits) - 1 }
    @inline(__always) static var slotMask: UInt64 { (1 << slotBits) - 1 }
    /// How far the time stands above the lowest bit of its word.
    @inline(__always) static var timeShift: UInt64 { headWord == 0 ? codeShift + codeBits : 0 }
    /// The latest time that a record can hold, counted from its journal's base.
    @inline(__always) static var latestTime: UInt64 { .max >> timeShift }
    /// The most that a clock may be east or west of UTC, in minutes.
    static var offsetLimit: Int { 1 << Int(offsetBits - 1) - 1 }
    /// Stands for a clock of which the event does not say.
    @inline(__always) static var noOffset: Int64 { -1 << Int64(offsetBits - 1) }

    /// The time that stands in a record's first word.
    @inline(__always)
    static func time(_ word: UInt64, _ base: UInt64) -> Int64 {
        Int64(bitPattern: base &+ word &>> timeShift)
    }

    /// The class of an event.
    @inline(__always)
    static func code(_ head: UInt64) -> Int { Int(truncatingIfNeeded: head &>> codeShift & codeMask) }

    /// The clock's distance from UTC in minutes, or ``noOffset``.
    @inline(__always)
    static func offset(_ head: UInt64) -> Int64 {
        Int64(bitPattern: head &<< (64 - codeShift)) &>> Int64(64 - offsetBits)
    }

    /// The place of a slot's bit: the word counted from the head, and the bit in it.
    static func bit(_ slot: Int) -> (word: Int, bit: UInt64) {
        let first = Int(slotBits)
        return slot < first ? (0, UInt64(slot)) : (1 + (slot - first) / 64, UInt64((slot - first) % 64))
    }

    /// A slot's bit in the head; 0 for a slot whose bit stands in another word.
    static func headBit(_ slot: Int) -> UInt64 { slot < Int(slotBits) ? 1 << UInt64(slot) : 0 }

    /// How many words of bits follow the head, for so many properties.
    static func maskWords(slots: Int) -> Int { (max(0, slots - Int(slotBits)) + 63) / 64 }
}

/// The records of a journal, each given by where it begins.
struct JournalRecords<Layout: RecordLayout> {
    let words: [UInt64]
    /// What the time of a record is counted from, as bits of milliseconds since 1970.
    let base: UInt64
    private let slots: Int
    /// How many words of bits follow a head.
    private let maskWords: Int

    init(words: [UInt64], base: UInt64, slots: Int) {
        (self.words, self.base, self.slots) = (words, base, slots)
        maskWords = Layout.maskWords(slots: slots)
    }

    @inline(__always)
    private func head(_ start: Int) -> UInt64 { words[start &+ Layout.headWord] }

    @inline(__always)
    func time(_ start: Int) -> Int64 { Layout.time(words[start], base) }

    @inline(__always)
    func code(_ start: Int) -> Int { Layout.code(head(start)) }

    /// Minutes east of UTC; nil where the event does not say.
    @inline(__always)
    func zoneOffset(_ start: Int) -> Int64? {
        let offset = Layout.offset(head(start))
        return offset == Layout.noOffset ? nil : offset
    }

    /// Where the first value of a record stands, counted from where the record begins.
    @inline(__always)
    var firstValue: Int { 1 &+ Layout.headWord &+ maskWords }

    /// The number of words.
    @inline(__always)
    func length(_ start: Int) -> Int { length(start, head: head(start)) }

    /// The number of words of a record whose head is at hand.
    @inline(__always)
    func length(_ start: Int, head: UInt64) -> Int {
        // One slot needs no counting, and where the next record begins waits for it.
        if slots <= 1 { return firstValue &+ Int(truncatingIfNeeded: head & 1) }
        var length = firstValue &+ (head & Layout.slotMask).nonzeroBitCount
        if maskWords > 0 {
            for word in 1...maskWords { length += words[start + Layout.headWord + word].nonzeroBitCount }
        }
        return length
    }

    /// Where the value of a slot stands whose bit is in the head, if the record has one.
    @inline(__always)
    func place(_ start: Int, head: UInt64, slotBit: UInt64) -> Int {
        // Before the first slot there is nothing to count.
        slotBit <= 1
            ? start &+ firstValue : start &+ firstValue &+ (head & (slotBit &- 1)).nonzeroBitCount
    }

    /// The values of one slot.
    func column(_ slot: Int) -> JournalColumn<Layout> {
        let (word, bit) = Layout.bit(slot)
        return JournalColumn(records: self, word: word, bit: 1 << bit)
    }
}

/// What records carry in one slot.
struct JournalColumn<Layout: RecordLayout> {
    fileprivate let records: JournalRecords<Layout>
    /// The word of bits that holds the slot's, counted from the head.
    fileprivate let word: Int
    /// The slot's bit in it.
    fileprivate let bit: UInt64

    @inline(__always)
    private func bits(_ start: Int, _ word: Int) -> UInt64 {
        records.words[start &+ Layout.headWord &+ word]
    }

    @inline(__always)
    private func isThere(_ start: Int) -> Bool { bits(start, word) & bit != 0 }

    /// Where the value of a record stands that has one.
    @inline(__always)
    private func place(_ start: Int) -> Int {
        let head = bits(start, 0)
        if word == 0 { return records.place(start, head: head, slotBit: bit) }
        var before = (head & Layout.slotMask).nonzeroBitCount
        for earlier in 1..<word { before += bits(start, earlier).nonzeroBitCount }
        before += (bits(start, word) & (bit &- 1)).nonzeroBitCount
        return start &+ records.firstValue &+ before
    }

    /// The value; nil for none.
    func value(_ start: Int) -> UInt64? { isThere(start) ? records.words[place(start)] : nil }

    /// The value as an amount; ``NumberColumn/missing`` for none. Without branches: whether there is one is anybody's
    /// guess.
    @inline(__always)
    func units(_ start: Int) -> Int64 {
        // A record without one may be the last.
        let value = records.words[min(place(start), records.words.count &- 1)]
        return isThere(start) ? Int64(bitPattern: value) : NumberColumn.missing
    }
}
