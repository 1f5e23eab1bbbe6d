import LimpetNumerics
import LimpetScoring

/// The rate of label 1 in each level of a category, shrunken towards the rate of all users as if each level
/// had some more users of that rate (D. Micci-Barreca, 2001).
struct LevelRates: Sendable {
    /// By level, then the one of all others. Levels that nobody has get the rate of all.
    let rates: [Double]

    /// The users of the rate of all that are added to each level.
    private static let prior = 20.0

    /// The users of each level, the one of all others last, and those of them with label 1.
    struct Tally: Sendable {
        var users: [Double]
        var positive: [Double]

        init(levels: Int) {
            users = [Double](repeating: 0, count: levels)
            positive = users
        }

        static func += (left: inout Tally, right: Tally) {
            for level in left.users.indices {
                left.users[level] += right.users[level]
                left.positive[level] += right.positive[level]
            }
        }
    }

    /// Returns the log-odds of a rate, in which it enters a logistic regression.
    static func logOdds(_ rate: Double) -> Double {
        guard !rate.isNaN else { return .nan }
        let inside = min(1 - 1e-6, max(1e-6, rate))
        return ElementaryFunctions.log(inside / (1 - inside))
    }

    init(_ tally: Tally) {
        let users = tally.users.reduce(0, +)
        let base = users > 0 ? tally.positive.reduce(0, +) / users : 0
        rates = zip(tally.users, tally.positive).map { ($1 + Self.prior * base) / ($0 + Self.prior) }
    }
}
