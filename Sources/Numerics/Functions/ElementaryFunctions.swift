/// `exp`, `log` and functions derived from them, in additions, multiplications and divisions of a stated
/// order.
///
/// Goals, in this order: the same bits on every machine; an error of a few units in the last place; speed.
/// The system's functions miss the first: glibc's differ in the last bit with and without fused multiply-add.
/// Swift never contracts a product and a sum into one operation by itself, so the order written here is the
/// order computed.
public enum ElementaryFunctions {
    /// Returns e to the power of `x`.
    ///
    /// Method: `x = k·ln 2 + r` with `|r| ≤ ln 2 / 2` (W. J. Cody and W. Waite, 1980), then the Taylor
    /// polynomial of degree 13, whose remainder is below 2^−57.
    @inlinable
    public static func exp(_ x: Double) -> Double {
        guard x <= 709.782712893384 else { return x.isNaN ? x : .infinity }
        guard x > -745.1332191019412 else { return 0 }
        let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
        let r = (x - k * Logarithm.ln2High) - k * Logarithm.ln2Low
        var sum = 1.0 / 6_227_020_800
        // Unrolled: a loop over a table of coefficients takes as long as all the rest.
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 0.5
        sum = sum * r + 1
        sum = sum * r + 1
        let power = Int(k)
        // Two steps, because 2^k itself can lie outside the normal numbers.
        let half = power / 2
        return sum * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: power - half, significand: 1)
    }

    /// Returns the natural logarithm.
    @inlinable
    public static func log(_ x: Double) -> Double { Logarithm.natural(x) }

    /// Returns `log(1 + x)`, accurate also near 0: corrected for the rounding error of `1 + x` (W. Kahan).
    @inlinable
    public static func log1p(_ x: Double) -> Double {
        let sum = 1 + x
        guard sum.isFinite, sum > 0 else { return log(sum) }
        return sum == 1 ? x : log(sum) + (x - (sum - 1)) / sum
    }

    /// Returns `sign(x)·log(1 + |x|)`, which evens out skewed counts and amounts and keeps 0 and the sign.
    @inlinable
    public static func signedLog(_ x: Double) -> Double {
        x < 0 ? -log1p(-x) : log1p(x)
    }

    /// Returns the probability of log-odds `x`, `1 / (1 + e^−x)`.
    @inlinable
    public static func logistic(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + exp(-x)) }
        let odds = exp(x)
        return odds / (1 + odds)
    }

    /// Returns the log-odds of a probability.
    @inlinable
    public static func logit(_ p: Double) -> Double { log(p) - log1p(-p) }

    /// Returns `log(1 + e^x)` without overflow: the negative log likelihood of a 0 at log-odds `x`.
    @inlinable
    public static func softplus(_ x: Double) -> Double {
        x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    }
}
