/// Limits on a number. NaN, which stands for a missing number, satisfies none.
public struct Bounds: Hashable, Sendable {
    /// The number must be greater than this limit.
    public var above: Double?
    /// The number must be at least this limit.
    public var atLeast: Double?
    /// The number must be less than this limit.
    public var below: Double?
    /// The number must be at most this limit.
    public var atMost: Double?

    /// Creates bounds.
    public init(
        above: Double? = nil, atLeast: Double? = nil, below: Double? = nil, atMost: Double? = nil
    ) {
        self.above = above
        self.atLeast = atLeast
        self.below = below
        self.atMost = atMost
    }

    /// True if there is no limit.
    public var isEmpty: Bool { above == nil && atLeast == nil && below == nil && atMost == nil }

    /// Returns true if a number satisfies all limits.
    public func contains(_ number: Double) -> Bool {
        guard !number.isNaN else { return false }
        return above.map { number > $0 } ?? true && atLeast.map { number >= $0 } ?? true
            && below.map { number < $0 } ?? true && atMost.map { number <= $0 } ?? true
    }
}
