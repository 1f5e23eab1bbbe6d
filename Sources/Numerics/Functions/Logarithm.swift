/// The natural logarithm with the same bits on every machine, for features and scores.
///
/// See ``ElementaryFunctions`` for the goals and for why the order of operations is written out.
@usableFromInline
package enum Logarithm {
    /// The leading part of ln 2, with 32 trailing zero bits, so that its product with a small integer is
    /// exact.
    @inlinable package static var ln2High: Double { 0x1.62e42feep-1 }
    /// The rest of ln 2 after ``ln2High``.
    @inlinable package static var ln2Low: Double { 0x1.a39ef35793c76p-33 }
    /// ln 2, rounded once.
    package static let ln2 = 0x1.62e42fefa39efp-1

    /// Returns the natural logarithm.
    ///
    /// Method: `x = 2^k·m` with `m` in `[√½, √2)`, then the series of the inverse hyperbolic tangent in
    /// `s = (m − 1)/(m + 1)`, `|s| ≤ 0.1716`, up to `s^21`.
    @usableFromInline
    package static func natural(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return x == 0 ? -.infinity : (x > 0 ? x : .nan) }
        var exponent = Double(x.exponent)
        var mantissa = x.significand
        if mantissa > 1.4142135623730951 {
            mantissa *= 0.5
            exponent += 1
        }
        let f = mantissa - 1
        let s = f / (2 + f)
        let square = s * s
        var sum = 1.0 / 21
        for denominator in denominators { sum = sum * square + 1 / denominator }
        // 2·atanh(s) = f − s·(f − tail): the leading term is exact, which keeps the sum accurate near 1.
        let tail = 2 * square * sum
        return exponent * ln2High + (f - (s * (f - tail) - exponent * ln2Low))
    }

    private static let denominators: [Double] = [19, 17, 15, 13, 11, 9, 7, 5, 3]
}
