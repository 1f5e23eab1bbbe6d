import LimpetNumerics

/// The units that a bootstrap draws: users, or where these are many, clusters of users.
///
/// Users are independent, so the sum over a cluster of users that were put together at random has the
/// variance of its users, and a bootstrap over clusters has that over users: known to about `√(2 / clusters)`
/// of itself, which for ``clusters`` is less than what 200 replicates leave open (random groups; K. Wolter,
/// Introduction to Variance Estimation, 2007, chapter 2).
struct ResamplingUnits: Sendable {
    /// The unit of each row; −1 for rows of weight 0, which are ignored.
    let ofRow: [Int32]
    /// The number of units.
    let count: Int

    /// The number of clusters.
    static let clusters = 2_048
    /// The number of users up to which each is a unit of its own.
    static let fewUsers = 20_000

    /// Makes the units of one seed, whatever the scores: two models on the same rows have the same.
    init(_ users: UserIndex, seed: UInt64) {
        guard users.count > Self.fewUsers else {
            (ofRow, count) = (users.ofRow, users.count)
            return
        }
        // Other random numbers than those of the draws, which begin at the seed itself.
        var generator = RandomGenerator(seed: seed ^ 0x636c_7573_7465_7273)
        let ofUser = (0..<users.count).map { _ in
            Int32(truncatingIfNeeded: generator.next().multipliedFullWidth(by: UInt64(Self.clusters)).high)
        }
        ofRow = users.ofRow.map { $0 < 0 ? -1 : ofUser[Int($0)] }
        count = Self.clusters
    }
}
