import LimpetNumerics

/// A deal of users to folds as they come: of users with an early label of 1, and of those without, every fold
/// gets one before any gets another.
struct FoldDeck: Sendable {
    private let count: Int
    private var generator: RandomGenerator
    private var decks: [[UInt8]] = [[], []]

    init(count: Int, seed: UInt64) {
        precondition(count >= 1 && count <= 256)
        self.count = count
        generator = RandomGenerator(seed: seed)
    }

    mutating func deal(isPositive: Bool) -> UInt8 {
        let deck = isPositive ? 1 : 0
        if decks[deck].isEmpty {
            decks[deck] = (0..<count).map { UInt8($0) }.shuffled(using: &generator)
        }
        return decks[deck].removeLast()
    }
}
