/// A 128-bit key of a message id, the same on every machine: MurmurHash3 for 64-bit machines (A. Appleby,
/// 2011), seed 0.
///
/// Two of a billion ids have the same key by chance once in 10²¹ logs, so that equal keys are taken for equal
/// ids.
package struct MessageKey: Hashable, Comparable, BitwiseCopyable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// The key of "no message id".
    package static let none = MessageKey(high: 0, low: 0)

    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    /// Makes the key of a message id; that of the empty text is ``none``.
    package init(_ id: String) {
        var id = id
        self = id.withUTF8 { MessageKey(bytes: $0.span) }
    }

    /// Makes the key of a message id given as UTF-8; that of the empty text is ``none``.
    package init(bytes id: Span<UInt8>) {
        guard !id.isEmpty else {
            self = .none
            return
        }
        let bytes = id.bytes
        var (one, two): (UInt64, UInt64) = (0, 0)
        var place = 0
        while place + 16 <= bytes.byteCount {
            // `unsafeLoadUnaligned` checks that the load lies within the bytes.
            one ^= Self.first(bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
            one = (Self.turned(one, 27) &+ two) &* 5 &+ 0x52dc_e729
            two ^= Self.second(bytes.unsafeLoadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
            two = (Self.turned(two, 31) &+ one) &* 5 &+ 0x3849_5ab5
            place += 16
        }
        let (head, tail) = Self.rest(of: bytes, from: place)
        two ^= Self.second(tail)
        one ^= Self.first(head)
        one ^= UInt64(id.count)
        two ^= UInt64(id.count)
        one &+= two
        two &+= one
        one = Self.mixed(one)
        two = Self.mixed(two)
        one &+= two
        two &+= one
        (high, low) = (one, one == 0 && two == 0 ? 1 : two)
    }

    /// Returns the last 0 to 15 bytes as two little-endian numbers.
    @inline(__always)
    private static func rest(of bytes: RawSpan, from place: Int) -> (head: UInt64, tail: UInt64) {
        let count = bytes.byteCount - place
        guard bytes.byteCount >= 8, count > 0 else {
            var head: UInt64 = 0
            for index in stride(from: bytes.byteCount - 1, through: place, by: -1) {
                head = head << 8 | UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt8.self))
            }
            return (head, 0)
        }
        // The last eight bytes without those that were read before.
        let last = bytes.unsafeLoadUnaligned(fromByteOffset: bytes.byteCount - 8, as: UInt64.self)
        guard count > 8 else { return (last >> UInt64(8 * (8 - count)), 0) }
        let head = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        return (head, last >> UInt64(8 * (16 - count)))
    }

    @inline(__always)
    private static func first(_ word: UInt64) -> UInt64 {
        turned(word &* 0x87c3_7b91_1142_53d5, 31) &* 0x4cf5_ad43_2745_937f
    }

    @inline(__always)
    private static func second(_ word: UInt64) -> UInt64 {
        turned(word &* 0x4cf5_ad43_2745_937f, 33) &* 0x87c3_7b91_1142_53d5
    }

    @inline(__always)
    private static func turned(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        word << bits | word >> (64 - bits)
    }

    @inline(__always)
    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 33) &* 0xff51_afd7_ed55_8ccd
        word = (word ^ word >> 33) &* 0xc4ce_b9fe_1a85_ec53
        return word ^ word >> 33
    }

    @inline(__always)
    package static func == (left: MessageKey, right: MessageKey) -> Bool {
        left.high == right.high && left.low == right.low
    }

    @inline(__always)
    package static func < (left: MessageKey, right: MessageKey) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// The key is a hash already.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
