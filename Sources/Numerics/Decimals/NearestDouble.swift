/// The double nearest to a decimal number.
package enum NearestDouble {
    /// The largest magnitude of a scale: 5^27 is the largest power of five below 2^63.
    package static let scaleLimit = 27

    private static let powersOfFive: [UInt64] = (0...scaleLimit).map { exponent in
        (0..<exponent).reduce(1) { power, _ in power * 5 }
    }

    /// Returns `digits × 10^−scale`, correctly rounded with ties to even; nil when the scale is beyond
    /// ``scaleLimit``.
    ///
    /// The power of two in `10^−scale` shifts the point alone. The quotient by the power of five, or the
    /// product with it, is calculated to 62 bits or more. Where bits after these are not 0, the last of them
    /// is set: it is never one of the 53 that a double keeps, and so tells a number from a tie without
    /// changing how it is rounded otherwise.
    package static func value(_ digits: UInt64, scale: Int) -> Double? {
        guard scale.magnitude <= scaleLimit else { return nil }
        guard digits > 0 else { return 0 }
        let five = powersOfFive[Int(scale.magnitude)]
        guard scale > 0 else {
            let product = digits.multipliedFullWidth(by: five)
            guard product.high > 0 else { return scaled(product.low, by: -scale) }
            let shift = UInt64(product.high.leadingZeroBitCount)
            let bits = product.high << shift | (product.low >> 1) >> (63 - shift)
            return scaled(bits | (product.low << shift == 0 ? 0 : 1), by: 64 - Int(shift) - scale)
        }
        let (shift, fiveShift) = (digits.leadingZeroBitCount, five.leadingZeroBitCount)
        // Half of a number with its top bit set is below another with its top bit set: the quotient fits.
        let dividend = digits << UInt64(shift)
        let (quotient, remainder) = (five << UInt64(fiveShift)).dividingFullWidth(
            (dividend >> 1, dividend << 63))
        return scaled(quotient | (remainder == 0 ? 0 : 1), by: fiveShift - shift - 63 - scale)
    }

    /// Returns `bits × 2^exponent`, rounded once, for exponents that keep the number normal.
    private static func scaled(_ bits: UInt64, by exponent: Int) -> Double {
        Double(bits) * Double(sign: .plus, exponent: exponent, significand: 1)
    }
}
