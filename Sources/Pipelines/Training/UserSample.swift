/// The users from whose snapshots bins are chosen: runs of consecutive ones, evenly spread over all.
package struct UserSample {
    /// The number of users of a run.
    private let runUsers: Int
    /// The distance of the first users of two runs.
    private let stride: Int

    /// The number of users of a run, and the number of snapshots that runs are to have together, of users who
    /// are in the population at all times.
    private static let (usualRun, usualRows) = (128, 200_000)
    /// The least and the largest number of runs.
    private static let runs = 64...256
    /// The largest number of values of a sample: 268 MB of numbers.
    package static let mostValues = 1 << 25

    /// Chooses runs.
    ///
    /// - Parameters:
    ///   - users: the number of all users.
    ///   - times: the number of snapshot times.
    ///   - inputs: the number of values of a snapshot.
    package init(users: Int, times: Int, inputs: Int) {
        let wanted = Self.usualRows / (Self.usualRun * max(1, times))
        let mostUsers = max(1, Self.mostValues / max(1, times * inputs))
        let runs = min(Self.runs.upperBound, max(Self.runs.lowerBound, wanted), mostUsers)
        // Where users have many snapshots, runs are shorter, not fewer.
        runUsers = min(Self.usualRun, mostUsers / runs)
        stride = max(runUsers, users / runs)
    }

    /// Returns the runs, or the parts of them, that are of some users.
    ///
    /// - Parameter first: the index of the first of all users that `some` count from.
    package func runs(of some: Range<Int>, from first: Int = 0) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var run = (first + some.lowerBound) / stride * stride - first
        while run < some.upperBound {
            let users = (run..<run + runUsers).clamped(to: some)
            if !users.isEmpty { runs.append(users) }
            run += stride
        }
        return runs
    }
}
