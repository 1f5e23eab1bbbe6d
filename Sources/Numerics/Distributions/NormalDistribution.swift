/// The standard normal distribution.
package enum NormalDistribution {
    /// Returns the probability of a value at least as far from 0 as `z`: `erfc(|z| / √2)`, to a relative
    /// error of 1e-12 down to 1e-300.
    package static func twoSided(_ z: Double) -> Double {
        guard !z.isNaN else { return z }
        return erfc(abs(z) / 2.0.squareRoot())
    }

    /// Returns the complement of the error function for `x` from 0 on.
    ///
    /// Below 2 by the series of `e^(x²)·erf(x)`, all of whose terms are positive; above by the continued
    /// fraction (M. Abramowitz and I. Stegun, 1964, 7.1.6 and 7.1.14).
    package static func erfc(_ x: Double) -> Double {
        guard x < 27.3 else { return 0 }
        return x < 2 ? 1 - erfBySeries(x) : erfcByFraction(x)
    }

    private static let twoOverRootPi = 1.1283791670955126

    private static func erfBySeries(_ x: Double) -> Double {
        var (term, sum, count) = (x, x, 1.0)
        while term > 1e-18 * sum {
            count += 2
            term *= 2 * x * x / count
            sum += term
        }
        return twoOverRootPi * expOfMinusSquare(x) * sum
    }

    private static func erfcByFraction(_ x: Double) -> Double {
        // Evaluated from the innermost level outwards; 150 levels are more than enough from x = 2 on.
        var tail = x
        for level in stride(from: 150, through: 1, by: -1) { tail = x + Double(level) / 2 / tail }
        return 0.5 * twoOverRootPi * expOfMinusSquare(x) / tail
    }

    /// Returns `e^(−x²)`, corrected for the rounding error of the square.
    private static func expOfMinusSquare(_ x: Double) -> Double {
        let square = x * x
        let lost = (-square).addingProduct(x, x)
        return ElementaryFunctions.exp(-square) * (1 - lost)
    }

    /// Returns the `z` that is exceeded with probability `tail`, which is above 0 and at most one half.
    package static func upperQuantile(_ tail: Double) -> Double {
        var (low, high) = (0.0, 38.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if twoSided(middle) / 2 > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
