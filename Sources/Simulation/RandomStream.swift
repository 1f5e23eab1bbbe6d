import LimpetNumerics

/// The purpose of a random stream, so that no two purposes of one user share random numbers.
package enum StreamPurpose: UInt64, Sendable {
    /// Traits and daily behaviour: everything that the hazard can depend on.
    case behaviour = 1
    /// Clock times, pages and dwell times, which only the written log shows.
    case detail = 2
    /// Simulated futures (forks) from a snapshot.
    case forks = 3
}

/// A stream of pseudo-random numbers: xoshiro256** of D. Blackman and S. Vigna, seeded through SplitMix64.
///
/// Every stream belongs to one (seed, user, purpose, index), so that no result depends on the thread that
/// simulates a user.
package struct RandomStream: Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    package init(seed: UInt64, user: Int, purpose: StreamPurpose, index: Int = 0) {
        var mixer = RandomGenerator(seed: seed)
        for part in [UInt64(user), purpose.rawValue, UInt64(index)] {
            mixer = RandomGenerator(seed: mixer.next() ^ (part &* 0xd1b5_4a32_d192_ed03))
        }
        (s0, s1, s2, s3) = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        let product = s1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3 << 45 | s3 >> 19
        return result
    }

    /// Returns a number in [0, 1) on a grid of 2^-53.
    @inline(__always)
    mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    @inline(__always)
    mutating func isTrue(withProbability probability: Double) -> Bool {
        uniform() < probability
    }

    /// Returns a whole number in `0..<bound`, the high half of a product; the bias is below bound / 2^64.
    mutating func integer(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Returns a bell-shaped number of mean 0 and variance 1, within ±3: the sum of three uniform numbers.
    ///
    /// It is close enough to normal for traits, and needs only additions, so that its bits are the same
    /// everywhere.
    mutating func bell() -> Double {
        (uniform() + uniform() + uniform() - 1.5) * 2
    }
}
