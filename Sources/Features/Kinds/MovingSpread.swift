/// The sum of squares of the values of a window that moves forward, around one of them, the pivot.
///
/// All sums are of integers, so that they equal those of each window by itself.
struct MovingSpread {
    private var pivot: Int64?
    private var squares: UInt128 = 0
    /// True when a value was so far from the pivot that a sum of such squares might overflow 128 bits.
    private(set) var isWide = false

    /// The exclusive limit of a value's distance from the pivot: 2^30 squares of smaller ones fit into 128
    /// bits.
    private static let reach: UInt64 = 1 << 48

    mutating func removeAll() { self = MovingSpread() }

    mutating func append(_ value: Int64) { squares &+= square(value) }

    mutating func remove(_ value: Int64) { squares &-= square(value) }

    private mutating func square(_ value: Int64) -> UInt128 {
        guard let pivot else {
            pivot = value
            return 0
        }
        let distance = (Int128(value) - Int128(pivot)).magnitude
        if distance >= Self.reach { isWide = true }
        return distance &* distance
    }

    /// Returns the spread of the values, given their count and sum; nil when ``isWide``.
    ///
    /// With the squares `Q` around the pivot `p` and `d = m − p`, those around `m` are
    /// `Q − 2d·Σ(v − p) + n·d²`.
    func spread(count: Int, sum: Int128) -> Spread? {
        guard !isWide, let pivot else { return nil }
        let (mean, rest) = Spread.wholeMean(count: count, sum: sum)
        let distance = mean - Int128(pivot)
        let aroundPivot = sum - Int128(count) * Int128(pivot)
        let moved = Int128(count) * distance * distance - 2 * distance * aroundPivot
        return Spread(squares: squares &+ UInt128(bitPattern: moved), rest: rest, count: count)
    }
}
