/// The squares of the values of a window that moves forward, around one of them.
///
/// All sums are of whole numbers, so that they are those of the window looked at as a whole.
struct MovingSpread {
    private var pivot: Int64?
    private var squares: UInt128 = 0
    /// Whether a value lay so far from the pivot that the squares of many such might leave 128 bits.
    private(set) var isWide = false

    /// So far from each other values may lie: then squares of 2^30 of them fit.
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

    /// The spread of the values, whose number and sum are known; nil where ``isWide``.
    ///
    /// With the squares `Q` around the pivot `p` and `d = m − p`, those around `m` are `Q − 2d·Σ(v − p) + n·d²`.
    func spread(count: Int, sum: Int128) -> Spread? {
        guard !isWide, let pivot else { return nil }
        let (mean, rest) = Spread.wholeMean(count: count, sum: sum)
        let distance = mean - Int128(pivot)
        let aroundPivot = sum - Int128(count) * Int128(pivot)
        let moved = Int128(count) * distance * distance - 2 * distance * aroundPivot
        return Spread(squares: squares &+ UInt128(bitPattern: moved), rest: rest, count: count)
    }
}
