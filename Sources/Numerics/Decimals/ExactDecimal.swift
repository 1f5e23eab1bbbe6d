/// A decimal number as text wrote it: `significand × 10^−scale`. Money is read through this and never through
/// floating point, so that sums are exact and the same in every engine.
public struct ExactDecimal: Hashable, Sendable {
    /// The digits, with their sign.
    public let significand: Int64
    /// How many of them stand behind the decimal point; negative for trailing zeros.
    public let scale: Int

    /// Amounts in units stay below this, 2^53, so that each is exact as a `Double` too.
    public static let unitLimit: Int64 = 1 << 53

    /// Reads `-12.50`, `+3`, `.5`, `1e3` or `1.5E-2`; at most 18 significant digits. Nil for anything else.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ ExactDecimal(bytes: $0.span) }) else { return nil }
        self = value
    }

    /// Reads a number given as ASCII bytes, like ``init(_:)``.
    public init?(bytes: Span<UInt8>) {
        var index = 0
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if index < bytes.count, isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
        var digits: Int64 = 0
        var significant = 0
        var digitCount = 0
        var scale = 0
        var isFraction = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if byte >= 48, byte <= 57 {
                guard significant < 18 else { return nil }
                digits = digits * 10 + Int64(byte - 48)
                if digits != 0 { significant += 1 }
                digitCount += 1
                if isFraction { scale += 1 }
            } else {
                break
            }
            index += 1
        }
        guard digitCount > 0 else { return nil }
        if index < bytes.count {
            guard let exponent = Self.exponent(bytes, from: index) else { return nil }
            scale -= exponent
        }
        significand = isNegative ? -digits : digits
        self.scale = scale
    }

    private static func exponent(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start + 1
        guard bytes[start] | 0x20 == UInt8(ascii: "e"), index < bytes.count else { return nil }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative || bytes[index] == UInt8(ascii: "+") { index += 1 }
        guard index < bytes.count, bytes.count - index <= 3 else { return nil }
        var value = 0
        while index < bytes.count {
            guard bytes[index] >= 48, bytes[index] <= 57 else { return nil }
            value = value * 10 + Int(bytes[index] - 48)
            index += 1
        }
        return isNegative ? -value : value
    }

    /// The number in units of `10^−decimals`, rounded to the nearest unit with ties to even; nil when the
    /// result is not below 2^53 in size.
    public func units(decimals: Int) -> Int64? {
        var value = significand
        var shift = decimals - scale
        while shift > 0, value != 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
            shift -= 1
        }
        if shift < 0 { value = Self.divide(value, byTenToThe: -shift) }
        return value.magnitude < UInt64(Self.unitLimit) ? value : nil
    }

    private static func divide(_ value: Int64, byTenToThe power: Int) -> Int64 {
        guard power <= 18 else { return 0 }
        var divisor: Int64 = 1
        for _ in 0..<power { divisor *= 10 }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        // Half of the divisor is exact, since it is a power of ten above one.
        let twice = remainder.magnitude.multipliedReportingOverflow(by: 2)
        let isAbove = twice.overflow || twice.partialValue > divisor.magnitude
        let isTie = twice.partialValue == divisor.magnitude
        guard isAbove || (isTie && quotient % 2 != 0) else { return quotient }
        return quotient + (value < 0 ? -1 : 1)
    }

    /// How many decimals the number really needs: trailing zeros do not count.
    public var decimalsNeeded: Int {
        var (value, places) = (significand, scale)
        while places > 0, value % 10 == 0 {
            value /= 10
            places -= 1
        }
        return max(0, places)
    }
}
