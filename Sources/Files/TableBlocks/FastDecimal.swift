/// A parser of plain decimal numbers that reads bytes directly.
enum FastDecimal {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    /// Returns the number at the start of a range of bytes, correctly rounded, and where it ends. It accepts
    /// `-`, digits and a point: at most 2^53 without the point, and at most 22 digits after it. The value is
    /// nil for all others, which may still be numbers.
    ///
    /// A whole number up to 2^53 and a power of ten up to 10^22 are exact doubles, so that their quotient is
    /// rounded once (W. Clinger, 1990).
    @inline(__always)
    static func prefix(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (value: Double?, end: Int) {
        var index = range.lowerBound
        let isNegative = index < range.upperBound && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var (mantissa, digits, point): (UInt64, Int, Int) = (0, 0, -1)
        while index < range.upperBound {
            let digit = bytes[index] &- 48
            if digit < 10 {
                mantissa = mantissa &* 10 &+ UInt64(digit)
                digits += 1
            } else if bytes[index] == UInt8(ascii: "."), point < 0 {
                point = digits
            } else {
                break
            }
            index += 1
        }
        let fraction = point < 0 ? 0 : digits - point
        guard digits > 0, digits < 20, mantissa <= 1 << 53, fraction <= 22 else { return (nil, index) }
        let size = Double(mantissa) / powers[fraction]
        return (isNegative ? -size : size, index)
    }
}
