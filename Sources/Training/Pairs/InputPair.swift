/// Two inputs, by number; the first is the smaller.
struct InputPair: Hashable, Sendable {
    let first: Int
    let second: Int

    init(_ one: Int, _ other: Int) { (first, second) = (min(one, other), max(one, other)) }
}
