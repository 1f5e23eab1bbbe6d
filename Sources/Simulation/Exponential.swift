/// Returns e to the power `x`, for `x` within ±700, with additions and multiplications only.
///
/// The last bits of the C library's function differ between machines; with this function the same settings
/// give the same log everywhere. x = n ln 2 + r with |r| <= ln 2 / 2; the series for e^r is cut after r^13 /
/// 13!, which leaves a relative error below 1e-15.
func exponential(_ x: Double) -> Double {
    let n = (x * 1.4426950408889634).rounded()
    let r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10
    var sum = 1.0
    for index in stride(from: 13.0, through: 1, by: -1) { sum = 1 + sum * r / index }
    return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
}
