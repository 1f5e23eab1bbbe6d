/// A decimal number as a text writes it: `significand × 10^−scale`.
///
/// Money is read as this and never as floating point, so that sums are exact and the same in every engine.
public struct ExactDecimal: Hashable, Sendable {
    /// The digits as a signed whole number.
    public let significand: Int64
    /// The number of digits after the decimal point; negative for trailing zeros.
    public let scale: Int

    /// The exclusive bound of amounts in units, 2^53: below it each is exact as a `Double` too.
    public static let unitLimit: Int64 = 1 << 53

    /// Parses `-12.50`, `+3`, `.5`, `1e3` or `1.5E-2`; nil for anything else, and for more than 18
    /// significant digits.
    public init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ ExactDecimal(bytes: $0.span) }) else { return nil }
        self = value
    }

    /// Parses a number given as ASCII bytes, like ``init(_:)``.
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

    /// The number of decimals without which digits are lost: 1 for `12.50`, 0 for `1e3`.
    public var decimals: Int {
        var (value, places) = (significand, scale)
        guard value != 0 else { return 0 }
        while places > 0, value % 10 == 0 { (value, places) = (value / 10, places - 1) }
        return max(0, places)
    }

    /// Returns the number in units of `10^−decimals`, rounded to the nearest unit with ties to even; nil when
    /// the magnitude of the result is not below 2^53.
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
        // Twice the remainder is compared with the divisor, which avoids fractions.
        let twice = remainder.magnitude.multipliedReportingOverflow(by: 2)
        let isAbove = twice.overflow || twice.partialValue > divisor.magnitude
        let isTie = twice.partialValue == divisor.magnitude
        guard isAbove || (isTie && quotient % 2 != 0) else { return quotient }
        return quotient + (value < 0 ? -1 : 1)
    }

    /// The number of decimals without trailing zeros.
    public var decimalsNeeded: Int {
        var (value, places) = (significand, scale)
        while places > 0, value % 10 == 0 {
            value /= 10
            places -= 1
        }
        return max(0, places)
    }

    /// Returns a number of units of `10^−decimals` as decimal text.
    package static func text(units: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return String(units) }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return (units < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
