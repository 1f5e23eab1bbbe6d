/// The least number of users on either side of a split.
package struct LeastUsers: Sendable {
    private let least: Double

    /// Shares of users are added up in different orders, and rounded in each bin: sums of thousands of them
    /// are off by less than this, while one user more or less is a thousand times as much.
    private static let tolerance = 1e-3

    /// Makes the least number; even 0 asks for somebody on either side.
    package init(_ users: Double) { least = max(users - Self.tolerance, .leastNormalMagnitude) }

    /// Returns true where both sides have enough users.
    package func areMet(left: Double, right: Double) -> Bool { left >= least && right >= least }
}
