import Glibc
import LimpetDocuments
import LimpetNumerics

/// A dictionary of texts, numbered in the order in which they were added and compared byte by byte; no
/// `String` is made for each.
///
/// A hash table with open addressing, whose slots hold the hash beside the code, so that the bytes of a text
/// are rarely compared unless they are equal.
package struct TextDictionary: Sendable {
    /// The texts by code.
    package private(set) var list = TextList()
    /// The hash in the upper half, the code plus one in the lower; 0 when empty. Their count is a power of
    /// two.
    private var slots = [UInt64](repeating: 0, count: 16)

    /// Makes an empty dictionary.
    package init() {}

    /// A dictionary in which the empty text has code 0.
    package static var beginningWithEmpty: TextDictionary {
        var dictionary = TextDictionary()
        _ = dictionary.code(of: "")
        return dictionary
    }

    /// The number of texts.
    package var count: Int { list.count }

    /// The memory in bytes.
    var byteCount: Int { list.byteCount + 8 * slots.count }

    /// All texts in the order of their codes.
    package var texts: [String] { (0..<count).map { list.text($0) } }

    /// Returns the code of a text, a new one when it is new.
    package mutating func code(of text: String) -> UInt32 {
        var text = text
        return text.withUTF8 { bytes in
            let hash = list.hash(bytes.span)
            let slot = slot(of: bytes.span, hash)
            return number(in: slot) ?? add(bytes.span, hash, at: slot)
        }
    }

    /// Returns the code of a UTF-8 text, a new one when it is new and `isGood`; nil when it is new and not
    /// good.
    @inline(__always)
    package mutating func code(of text: Span<UInt8>, where isGood: (Span<UInt8>) -> Bool) -> UInt32? {
        let hash = list.hash(text)
        let slot = slot(of: text, hash)
        if let number = number(in: slot) { return number }
        return isGood(text) ? add(text, hash, at: slot) : nil
    }

    /// Returns the code of another list's text, a new one when it is new.
    package mutating func code(of other: borrowing TextList, _ code: Int) -> UInt32 {
        let hash = other.hashes[code]
        let slot = slot(of: other[code], hash)
        return number(in: slot) ?? add(other[code], hash, at: slot)
    }

    /// Returns the code of a text; nil when the dictionary does not have it.
    package func find(_ text: String) -> UInt32? {
        var text = text
        return text.withUTF8 { number(in: slot(of: $0.span, list.hash($0.span))) }
    }

    /// Returns the code of another list's text; nil when the dictionary does not have it.
    package func find(_ other: borrowing TextList, _ code: Int) -> UInt32? {
        number(in: slot(of: other[code], other.hashes[code]))
    }

    /// Reads the slots of `count` texts of another list, so that they are in the processor's cache when the
    /// texts are looked up: these cache misses overlap, so that all of them take about as long as one.
    ///
    /// - Returns: a value that depends on all reads.
    package func touch(_ other: borrowing TextList, from first: Int, _ count: Int) -> UInt64 {
        let codes = first..<min(first + count, other.count)
        let mask = slots.count - 1
        var (sum, seen): (UInt64, UInt64) = (0, 0)
        for code in codes { sum ^= slots[Int(other.hashes[code]) & mask] }
        for code in codes {
            let entry = slots[Int(other.hashes[code]) & mask]
            if entry != 0 { seen &+= list.touch(Int(UInt32(truncatingIfNeeded: entry)) - 1) }
        }
        return sum ^ seen
    }

    /// The codes in the order of their texts' bytes.
    package var ascending: [UInt32] {
        let common = commonPrefix
        var keys = (0..<count).map { Key(sortKey: Self.word(list[$0], from: common), code: UInt32($0)) }
        var spare: [Key] = []
        RadixSort.sort(&keys, count: keys.count, spare: &spare)
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, keys[end].sortKey == keys[start].sortKey { end += 1 }
            if end - start > 1 {
                keys[start..<end].sort { Self.precedes(list[Int($0.code)], list[Int($1.code)]) }
            }
            start = end
        }
        return keys.prefix(count).map(\.code)
    }

    private struct Key: RadixSortable {
        /// The first eight bytes in which texts differ.
        let sortKey: UInt64
        let code: UInt32
    }

    /// The number of bytes with which all texts begin.
    private var commonPrefix: Int {
        guard count > 0 else { return 0 }
        let first = list[0]
        var common = first.count
        for code in 0..<count {
            let text = list[code]
            var length = 0
            while length < min(common, text.count), text[length] == first[length] { length += 1 }
            common = length
        }
        return common
    }

    /// Returns eight bytes as a big-endian number, which sorts as they do.
    private static func word(_ text: Span<UInt8>, from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in start..<start + 8 { word = word << 8 | (place < text.count ? UInt64(text[place]) : 0) }
        return word
    }

    private static func precedes(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        let order = one.withUnsafeBufferPointer { one in
            other.withUnsafeBufferPointer { other in
                guard let first = one.baseAddress, let second = other.baseAddress else { return CInt(0) }
                return memcmp(first, second, min(one.count, other.count))
            }
        }
        return order == 0 ? one.count < other.count : order < 0
    }

    /// Returns the code in a slot; nil when it is empty.
    @inline(__always)
    private func number(in slot: Int) -> UInt32? {
        let entry = slots[slot]
        return entry == 0 ? nil : UInt32(truncatingIfNeeded: entry) - 1
    }

    /// Returns the slot of a text, or the empty slot where it belongs.
    @inline(__always)
    private func slot(of text: Span<UInt8>, _ hash: UInt32) -> Int {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return slot }
            if UInt32(truncatingIfNeeded: entry >> 32) == hash,
                list[Int(UInt32(truncatingIfNeeded: entry)) - 1].isVerbatim(text)
            {
                return slot
            }
            slot = (slot + 1) & mask
        }
    }

    private mutating func add(_ text: Span<UInt8>, _ hash: UInt32, at slot: Int) -> UInt32 {
        let code = list.append(text, hash: hash)
        slots[slot] = UInt64(hash) << 32 | UInt64(code + 1)
        if 2 * count > slots.count { grow() }
        return code
    }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: 2 * slots.count)
        let mask = larger.count - 1
        for (code, hash) in list.hashes.enumerated() {
            var slot = Int(hash) & mask
            while larger[slot] != 0 { slot = (slot + 1) & mask }
            larger[slot] = UInt64(hash) << 32 | UInt64(code + 1)
        }
        slots = larger
    }
}
