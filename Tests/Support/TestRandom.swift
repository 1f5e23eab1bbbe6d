import LimpetNumerics

/// The random numbers of Numerics for tests: the same for the same seed on every machine.
package struct TestRandom: RandomNumberGenerator {
    private var generator: RandomGenerator

    package init(seed: UInt64) { generator = RandomGenerator(seed: seed) }

    package mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 to below the limit.
    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
