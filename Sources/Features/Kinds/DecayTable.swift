import LimpetEvents

/// Integer weights of events by age: 2^20 at age 0, halved for each half-life, in steps of an eighth of a
/// half-life.
///
/// A sum of integers does not depend on the order of the events, and is the same in every engine.
struct DecayTable: Hashable, Sendable {
    /// The age in milliseconds at which an event counts half.
    let halfLife: Int64

    /// The integer that stands for a weight of 1.
    static let one: Int64 = 1 << 20
    /// The weights `round(2^20 · 2^(−k/8))` of the eighths of a half-life.
    static let eighths: [Int64] = [1_048_576, 961_548, 881_744, 808_563, 741_455, 679_917, 623_487, 571_740]
    /// The number of half-lives after which an event has no weight.
    static let halvings: Int64 = 20

    /// Returns the weight of an event of an age in milliseconds, which is above 0.
    func weight(age: Int64) -> Int64 {
        let (halvings, rest) = age.quotientAndRemainder(dividingBy: halfLife)
        guard halvings < Self.halvings else { return 0 }
        return Self.eighths[Int(rest * 8 / halfLife)] >> halvings
    }

    /// The number of steps before events have no weight.
    static let steps = 8 * halvings

    /// Returns the weight of the events of a step, from 0.
    func weight(ofStep step: Int64) -> Int64 { Self.eighths[Int(step % 8)] >> (step / 8) }

    /// Returns the least age of the events of a step.
    func age(ofStep step: Int64) -> Int64 { step / 8 * halfLife + (step % 8 * halfLife + 7) / 8 }

    /// The age from which on events have no weight.
    var limit: Int64 { halfLife * Self.halvings }
}
