/// Limits that a number must keep. NaN, which stands for a missing number, keeps none.
public struct Bounds: Hashable, Sendable {
    /// The number must be greater than this.
    public var above: Double?
    /// The number must be this or greater.
    public var atLeast: Double?
    /// The number must be less than this.
    public var below: Double?
    /// The number must be this or less.
    public var atMost: Double?

    /// Makes bounds.
    public init(
        above: Double? = nil, atLeast: Double? = nil, below: Double? = nil, atMost: Double? = nil
    ) {
        self.above = above
        self.atLeast = atLeast
        self.below = below
        self.atMost = atMost
    }

    /// Whether there is no limit at all.
    public var isEmpty: Bool { above == nil && atLeast == nil && below == nil && atMost == nil }

    /// Whether a number keeps all limits.
    public func contains(_ number: Double) -> Bool {
        guard !number.isNaN else { return false }
        return above.map { number > $0 } ?? true && atLeast.map { number >= $0 } ?? true
            && below.map { number < $0 } ?? true && atMost.map { number <= $0 } ?? true
    }
}
