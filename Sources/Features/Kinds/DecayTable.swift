import LimpetEvents

/// Whole weights over an event's age: 2^20 at age 0, and half of it for each half-life, in steps of an eighth.
///
/// A sum of whole numbers does not depend on the order of the events, and comes out the same in every engine.
struct DecayTable: Hashable, Sendable {
    /// Milliseconds at which an event counts half.
    let halfLife: Int64

    /// What a weight of 1 is, in whole numbers.
    static let one: Int64 = 1 << 20
    /// `round(2^20 · 2^(−k/8))` for the eighths of a half-life.
    static let eighths: [Int64] = [1_048_576, 961_548, 881_744, 808_563, 741_455, 679_917, 623_487, 571_740]
    /// After so many half-lives an event counts nothing.
    static let halvings: Int64 = 20

    /// The weight of an event of this age, in milliseconds above 0.
    func weight(age: Int64) -> Int64 {
        let (halvings, rest) = age.quotientAndRemainder(dividingBy: halfLife)
        guard halvings < Self.halvings else { return 0 }
        return Self.eighths[Int(rest * 8 / halfLife)] >> halvings
    }

    /// How many steps there are before events count nothing.
    static let steps = 8 * halvings

    /// The weight of the events of a step, from 0.
    func weight(ofStep step: Int64) -> Int64 { Self.eighths[Int(step % 8)] >> (step / 8) }

    /// The least age of the events of a step.
    func age(ofStep step: Int64) -> Int64 { step / 8 * halfLife + (step % 8 * halfLife + 7) / 8 }

    /// Events of this age or more count nothing.
    var limit: Int64 { halfLife * Self.halvings }
}
