/// The beta distribution.
package enum BetaDistribution {
    /// Returns the probability of a value up to `x`: the regularised incomplete beta function
    /// `I_x(alpha, beta)`.
    ///
    /// By its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), evaluated with W.
    /// Lentz's method (1976); where that converges slowly, by `1 − I_(1−x)(beta, alpha)`. The absolute error
    /// is below 1e-14 for parameters up to some tens, below 1e-12 up to a thousand. NaN when a parameter is
    /// not above 0 and finite, or when `x` is NaN.
    package static func cumulative(_ x: Double, alpha: Double, beta: Double) -> Double {
        guard alpha > 0, beta > 0, alpha < .infinity, beta < .infinity, !x.isNaN else { return .nan }
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logFront =
            alpha * ElementaryFunctions.log(x) + beta * ElementaryFunctions.log1p(-x)
            - logBeta(alpha, beta)
        let front = ElementaryFunctions.exp(logFront)
        return x < (alpha + 1) / (alpha + beta + 2)
            ? front * fraction(x, alpha, beta) / alpha
            : 1 - front * fraction(1 - x, beta, alpha) / beta
    }

    /// Returns the continued fraction of `I_x(a, b)`, without the factor before it.
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        // Lentz's method may divide by 0; a tiny number stands in for it.
        func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var product = d
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / nonzero(1 + even * d)
            c = nonzero(1 + even / c)
            product *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonzero(1 + odd * d)
            c = nonzero(1 + odd / c)
            product *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return product
    }

    /// Returns the logarithm of `B(a, b) = Γ(a)·Γ(b) / Γ(a + b)`.
    private static func logBeta(_ a: Double, _ b: Double) -> Double {
        logGamma(a) + logGamma(b) - logGamma(a + b)
    }

    /// Returns `ln Γ(x)` for x above 0: J. Stirling's series from 15 on, where its remainder is below 1e-16,
    /// and the recurrence `Γ(x) = Γ(x + 1) / x` below.
    package static func logGamma(_ x: Double) -> Double {
        var (z, product) = (x, 1.0)
        while z < 15 {
            product *= z
            z += 1
        }
        let inverse = 1 / (z * z)
        var series = 0.0
        for coefficient in stirling { series = series * inverse + coefficient }
        let halfLogTwoPi = 0.9189385332046727
        return (z - 0.5) * ElementaryFunctions.log(z) - z + halfLogTwoPi + series / z
            - ElementaryFunctions.log(product)
    }

    /// The coefficients `B_(2k) / (2k·(2k − 1))` with Bernoulli numbers, from k = 6 down to 1.
    private static let stirling: [Double] = [
        -691.0 / 360_360, 1.0 / 1_188, -1.0 / 1_680, 1.0 / 1_260, -1.0 / 360, 1.0 / 12,
    ]
}
