/// Two inputs, by number; the first is the smaller.
public struct InputPair: Hashable, Sendable {
    /// The input with the smaller number.
    public let first: Int
    /// The other input.
    public let second: Int

    /// Makes a pair of two inputs in any order.
    public init(_ one: Int, _ other: Int) { (first, second) = (min(one, other), max(one, other)) }
}
