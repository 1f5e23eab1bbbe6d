import LimpetNumerics

/// A parser of decimal numbers that reads bytes directly, eight at a time.
enum FastDecimal {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]
    private static let tens: [UInt64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]

    /// Returns the number at the start of the bytes from `start` on, correctly rounded, and where it ends. It
    /// accepts `-`, digits with or without a point, and an exponent; the value is nil where there is no such
    /// number, and for numbers of more than 19 digits or far from 1, which may still be numbers.
    ///
    /// Most numbers are of up to seven characters, which one word of eight bytes holds with what ends
    /// them, or have a point among the first eight, and end in the next word.
    @inline(__always)
    static func prefix(_ bytes: Span<UInt8>, from start: Int) -> (value: Double?, end: Int) {
        guard start + 9 <= bytes.count else { return long(bytes, from: start) }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let first = start + (isNegative ? 1 : 0)
        let word = Word(bytes, at: first)
        let whole = word.digits
        guard whole < 8 else { return long(bytes, from: start) }
        var (digits, bits, end) = (whole, word.bits, first + whole)
        if word.byte(whole) == Word.point {
            let behind = word.digitsBehindPoint(whole)
            guard whole + behind < 7 else {
                return longer(bytes, word, whole: whole, from: start, isNegative: isNegative)
            }
            (digits, bits, end) = (whole + behind, word.withoutPoint(whole), end + 1 + behind)
        }
        guard digits > 0, bytes[end] | 0x20 != UInt8(ascii: "e") else { return long(bytes, from: start) }
        let size = Double(Int64(Word.number(bits, digits: digits))) / powers[digits - whole]
        return (isNegative ? -size : size, end)
    }

    /// Returns the same for a number of which the first word holds seven digits and the point.
    @inline(__always)
    private static func longer(
        _ bytes: Span<UInt8>, _ word: Word, whole: Int, from start: Int, isNegative: Bool
    ) -> (value: Double?, end: Int) {
        let next = start + 8 + (isNegative ? 1 : 0)
        guard next + 8 < bytes.count else { return long(bytes, from: start) }
        let rest = Word(bytes, at: next)
        let digits = rest.digits
        guard digits < 8, bytes[next + digits] | 0x20 != UInt8(ascii: "e") else {
            return long(bytes, from: start)
        }
        let mantissa =
            Word.number(word.withoutPoint(whole), digits: 7) * tens[digits]
            + (digits == 0 ? 0 : Word.number(rest.bits, digits: digits))
        let size = Double(Int64(mantissa)) / powers[7 - whole + digits]
        return (isNegative ? -size : size, next + digits)
    }

    /// Returns the same for numbers of any length.
    @inline(never)
    private static func long(_ bytes: Span<UInt8>, from start: Int) -> (value: Double?, end: Int) {
        let isNegative = start < bytes.count && bytes[start] == UInt8(ascii: "-")
        let first = start + (isNegative ? 1 : 0)
        var mantissa: UInt64 = 0
        var end = first
        var digits = addDigits(bytes, &end, to: &mantissa)
        var scale = 0
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            end += 1
            scale = addDigits(bytes, &end, to: &mantissa)
            digits += scale
        }
        guard digits > 0 else { return (nil, end) }
        if digits > 19 {
            // Zeros before the first other digit do not count.
            var place = first
            while place < end, bytes[place] == UInt8(ascii: "0") || bytes[place] == UInt8(ascii: ".") {
                digits -= bytes[place] == UInt8(ascii: "0") ? 1 : 0
                place += 1
            }
            guard digits <= 19 else { return (nil, end) }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            guard let exponent = exponent(bytes, &end) else { return (nil, end) }
            scale -= exponent
        }
        guard let size = value(mantissa, scale: scale) else { return (nil, end) }
        return (isNegative ? -size : size, end)
    }

    /// A whole number up to 2^53 and a power of ten up to 10^22 are exact doubles, so that their quotient and
    /// their product are rounded once (W. Clinger, 1990).
    private static func value(_ mantissa: UInt64, scale: Int) -> Double? {
        guard mantissa <= 1 << 53, scale.magnitude <= 22 else {
            return NearestDouble.value(mantissa, scale: scale)
        }
        let power = powers[Int(scale.magnitude)]
        return scale >= 0 ? Double(mantissa) / power : Double(mantissa) * power
    }

    /// Appends digits to a whole number, and returns how many there are; more than 19 overflow it.
    private static func addDigits(_ bytes: Span<UInt8>, _ end: inout Int, to number: inout UInt64) -> Int {
        let start = end
        while end + 8 <= bytes.count {
            let word = Word(bytes, at: end)
            let digits = word.digits
            end += digits
            guard digits == 8 else {
                if digits > 0 {
                    number = number &* tens[digits] &+ Word.number(word.bits, digits: digits)
                }
                return end - start
            }
            number = number &* 100_000_000 &+ Word.number(word.bits, digits: 8)
        }
        while end < bytes.count, bytes[end] &- 48 < 10 {
            number = number &* 10 &+ UInt64(bytes[end] &- 48)
            end += 1
        }
        return end - start
    }

    /// Returns the exponent after an `e`, of at most three digits.
    private static func exponent(_ bytes: Span<UInt8>, _ end: inout Int) -> Int? {
        end += 1
        let isNegative = end < bytes.count && bytes[end] == UInt8(ascii: "-")
        if isNegative || (end < bytes.count && bytes[end] == UInt8(ascii: "+")) { end += 1 }
        var exponent: UInt64 = 0
        let digits = addDigits(bytes, &end, to: &exponent)
        guard digits > 0, digits <= 3 else { return nil }
        return isNegative ? -Int(exponent) : Int(exponent)
    }
}

/// Eight bytes as a number, the first in the lowest bits, each digit as its value.
private struct Word {
    let bits: UInt64
    /// The top bit of each byte that is no digit, of those up to the first that is not ASCII.
    private let others: UInt64

    /// The value of a point.
    static let point = UInt8(ascii: ".") ^ 48

    @inline(__always)
    init(_ bytes: Span<UInt8>, at place: Int) {
        // `unsafeLoadUnaligned` checks that the load lies within the bytes.
        let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        bits = UInt64(littleEndian: word) ^ 0x3030_3030_3030_3030
        others = (bits &+ 0x7676_7676_7676_7676 | bits) & 0x8080_8080_8080_8080
    }

    /// The number of digits at the start.
    @inline(__always)
    var digits: Int { others.trailingZeroBitCount >> 3 }

    /// Returns the number of digits after a point; those in the last byte of the word may go on.
    @inline(__always)
    func digitsBehindPoint(_ point: Int) -> Int {
        ((others & (others &- 1)).trailingZeroBitCount >> 3) - point - 1
    }

    @inline(__always)
    func byte(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits &>> UInt64(8 * place)) }

    /// Returns the bits without the byte of a point.
    @inline(__always)
    func withoutPoint(_ point: Int) -> UInt64 {
        let behind = UInt64.max &<< UInt64(8 * point)
        return bits & ~behind | bits >> 8 & behind
    }

    /// Returns the number of the first digits, of which there is at least one: neighbours are joined to
    /// numbers of two, four and eight digits, by factors of 10 × 2^8 + 1, 100 × 2^16 + 1 and
    /// 10,000 × 2^32 + 1.
    @inline(__always)
    static func number(_ bits: UInt64, digits: Int) -> UInt64 {
        var joined = (bits &<< UInt64(64 - 8 * digits)) &* 2_561
        joined = ((joined >> 8) & 0x00ff_00ff_00ff_00ff) &* 6_553_601
        joined = ((joined >> 16) & 0x0000_ffff_0000_ffff) &* 42_949_672_960_001
        return joined >> 32
    }
}
