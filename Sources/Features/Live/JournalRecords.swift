import LimpetEvents

/// A bit layout of a record's head: from the lowest bits on, a bit for each of the first properties that is
/// set when it has a value, the offset from UTC in minutes, and the event's class.
protocol RecordLayout {
    /// The index of the head's word in a record: 0 when it also holds the time, in the bits above the class;
    /// 1 when it follows a word for the time.
    static var headWord: Int { get }
    static var slotBits: UInt64 { get }
    static var offsetBits: UInt64 { get }
    static var codeBits: UInt64 { get }
}

/// The layout with one word besides the values: fewer words to read than in ``WideRecord``.
enum CompactRecord: RecordLayout {
    static var headWord: Int { @inline(__always) get { 0 } }
    static var slotBits: UInt64 { @inline(__always) get { 7 } }
    static var offsetBits: UInt64 { @inline(__always) get { 11 } }
    static var codeBits: UInt64 { @inline(__always) get { 7 } }
}

/// The layout with two or more words besides the values, for any time and class and any number of properties.
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
    /// The number of bits below the time in its word.
    @inline(__always) static var timeShift: UInt64 { headWord == 0 ? codeShift + codeBits : 0 }
    /// The latest time that a record can hold, counted from its journal's base.
    @inline(__always) static var latestTime: UInt64 { .max >> timeShift }
    /// The largest offset east or west of UTC, in minutes.
    static var offsetLimit: Int { 1 << Int(offsetBits - 1) - 1 }
    /// The value that stands for an unknown offset.
    @inline(__always) static var noOffset: Int64 { -1 << Int64(offsetBits - 1) }

    /// Returns the time in a record's first word.
    @inline(__always)
    static func time(_ word: UInt64, _ base: UInt64) -> Int64 {
        Int64(bitPattern: base &+ word &>> timeShift)
    }

    /// Returns the class of an event.
    @inline(__always)
    static func code(_ head: UInt64) -> Int { Int(truncatingIfNeeded: head &>> codeShift & codeMask) }

    /// Returns the offset from UTC in minutes, or ``noOffset``.
    @inline(__always)
    static func offset(_ head: UInt64) -> Int64 {
        Int64(bitPattern: head &<< (64 - codeShift)) &>> Int64(64 - offsetBits)
    }

    /// Returns the position of a slot's bit: the word counted from the head, and the bit in it.
    static func bit(_ slot: Int) -> (word: Int, bit: UInt64) {
        let first = Int(slotBits)
        return slot < first ? (0, UInt64(slot)) : (1 + (slot - first) / 64, UInt64((slot - first) % 64))
    }

    /// Returns the mask of a slot's bit in the head; 0 when the bit is in another word.
    static func headBit(_ slot: Int) -> UInt64 { slot < Int(slotBits) ? 1 << UInt64(slot) : 0 }

    /// Returns the number of words of bits after the head, for a number of properties.
    static func maskWords(slots: Int) -> Int { (max(0, slots - Int(slotBits)) + 63) / 64 }
}

/// The records of a journal, each given by the index of its first word.
struct JournalRecords<Layout: RecordLayout> {
    let words: [UInt64]
    /// The origin of the records' times, as bits of milliseconds since 1970.
    let base: UInt64
    private let slots: Int
    /// The number of words of bits after a head.
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

    /// Returns the offset in minutes east of UTC; nil when the event does not give one.
    @inline(__always)
    func zoneOffset(_ start: Int) -> Int64? {
        let offset = Layout.offset(head(start))
        return offset == Layout.noOffset ? nil : offset
    }

    /// The index of a record's first value, counted from the record's first word.
    @inline(__always)
    var firstValue: Int { 1 &+ Layout.headWord &+ maskWords }

    /// Returns the number of words of a record.
    @inline(__always)
    func length(_ start: Int) -> Int { length(start, head: head(start)) }

    /// Returns the number of words of a record whose head was already read.
    @inline(__always)
    func length(_ start: Int, head: UInt64) -> Int {
        // With one slot, its bit is the count: the start of the next record depends on this result.
        if slots <= 1 { return firstValue &+ Int(truncatingIfNeeded: head & 1) }
        var length = firstValue &+ (head & Layout.slotMask).nonzeroBitCount
        if maskWords > 0 {
            for word in 1...maskWords { length += words[start + Layout.headWord + word].nonzeroBitCount }
        }
        return length
    }

    /// Returns the index of the value of a slot whose bit is in the head, if the record has one.
    @inline(__always)
    func place(_ start: Int, head: UInt64, slotBit: UInt64) -> Int {
        // No values precede the first slot.
        slotBit <= 1
            ? start &+ firstValue : start &+ firstValue &+ (head & (slotBit &- 1)).nonzeroBitCount
    }

    /// Returns the values of one slot.
    func column(_ slot: Int) -> JournalColumn<Layout> {
        let (word, bit) = Layout.bit(slot)
        return JournalColumn(records: self, word: word, bit: 1 << bit)
    }
}

/// The values of the records in one slot.
struct JournalColumn<Layout: RecordLayout> {
    fileprivate let records: JournalRecords<Layout>
    /// The word with the slot's bit, counted from the head.
    fileprivate let word: Int
    /// The mask of the slot's bit in it.
    fileprivate let bit: UInt64

    @inline(__always)
    private func bits(_ start: Int, _ word: Int) -> UInt64 {
        records.words[start &+ Layout.headWord &+ word]
    }

    @inline(__always)
    private func isThere(_ start: Int) -> Bool { bits(start, word) & bit != 0 }

    /// Returns the index of a record's value, if it has one.
    @inline(__always)
    private func place(_ start: Int) -> Int {
        let head = bits(start, 0)
        if word == 0 { return records.place(start, head: head, slotBit: bit) }
        var before = (head & Layout.slotMask).nonzeroBitCount
        for earlier in 1..<word { before += bits(start, earlier).nonzeroBitCount }
        before += (bits(start, word) & (bit &- 1)).nonzeroBitCount
        return start &+ records.firstValue &+ before
    }

    /// Returns the value; nil when there is none.
    func value(_ start: Int) -> UInt64? { isThere(start) ? records.words[place(start)] : nil }

    /// Returns the value as an amount; `NumberColumn.missing` when there is none. Branch-free, since
    /// branches on the presence of a value would be mispredicted.
    @inline(__always)
    func units(_ start: Int) -> Int64 {
        // If the last record has no value, its place is past the end.
        let value = records.words[min(place(start), records.words.count &- 1)]
        return isThere(start) ? Int64(bitPattern: value) : NumberColumn.missing
    }
}
