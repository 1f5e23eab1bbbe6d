import LimpetNumerics

/// A deal of users to folds as they come: of users with an early label of 1, of other users with early rows,
/// and of those with late rows alone, every fold gets one before any gets another.
struct FoldDeck: Sendable {
    /// The kinds of users by their early rows: later labels decide which late rows are kept, and so have no
    /// part in the folds of users with early ones.
    enum Suit: Int, CaseIterable {
        case stays, leaves, isLate
    }

    private let count: Int
    private var generators: [RandomGenerator]
    private var decks: [[UInt8]]

    init(count: Int, seed: UInt64) {
        precondition(count >= 1 && count <= 256)
        self.count = count
        var seeds = RandomGenerator(seed: seed)
        generators = Suit.allCases.map { _ in RandomGenerator(seed: seeds.next()) }
        decks = Suit.allCases.map { _ in [] }
    }

    mutating func deal(_ suit: Suit) -> UInt8 {
        let deck = suit.rawValue
        if decks[deck].isEmpty {
            decks[deck] = (0..<count).map { UInt8($0) }.shuffled(using: &generators[deck])
        }
        return decks[deck].removeLast()
    }
}
