/// Decimal numbers with few digits.
package enum ShortDecimal {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19, 1e20, 1e21, 1e22,
    ]

    /// Returns the number between `low` and `high` with the fewest significant digits, near their middle;
    /// `high` when there is no other.
    ///
    /// As a bin edge it separates the two, also when a reader rounds its inputs to nine digits.
    package static func between(_ low: Double, _ high: Double) -> Double {
        let middle = low + (high - low) / 2
        if low < 0, high > 0 { return 0 }
        guard middle != 0, middle.isFinite else { return high }
        let magnitude = decimalExponent(middle.magnitude)
        for digits in 0..<17 {
            let shift = digits - magnitude
            guard shift.magnitude < powers.count else { continue }
            let power = powers[Int(shift.magnitude)]
            let rounded =
                shift >= 0 ? (middle * power).rounded() / power : (middle / power).rounded() * power
            if rounded > low, rounded < high { return rounded }
        }
        return high
    }

    /// Returns the largest `e` with `10^e ≤ x` for a positive `x`; an error of one does no harm to the
    /// caller.
    private static func decimalExponent(_ x: Double) -> Int {
        Int((Double(x.exponent) * 0.30102999566398120).rounded(.down))
    }
}
