/// The documented generator of scripts/peers/metrics_constants.py: numbers in [0, 1).
package struct Uniforms {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> Double {
        state = (1_103_515_245 &* state &+ 12_345) % (1 << 31)
        return Double(state) / Double(1 << 31)
    }

    /// About normal: the sum of twelve numbers, less its mean.
    package mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += next() }
        return sum
    }
}
