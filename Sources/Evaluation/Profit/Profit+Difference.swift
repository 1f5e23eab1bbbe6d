extension Profit {
    /// Returns the standard error of the difference in profit per row between two models, each at the
    /// threshold that is optimal for it on these rows.
    ///
    /// Users are random, thresholds are fixed: with `D_u` the difference of user `u` over all its rows, `n_u`
    /// their weight and `d = ΣD / Σn`, the squared error is `G / (G − 1) · Σ (D_u − d n_u)² / (Σn)²` over the
    /// `G` users (the linearised error of a ratio of sums over clusters; W. Cochran, 1977, chapter 11.12). It
    /// does not include that each threshold was chosen on the same rows. Nil with fewer than two users, or
    /// where ``best(_:)`` is nil.
    ///
    /// - Precondition: both hold the same rows.
    package func standardErrorOfDifference(_ first: Outcomes, _ second: Outcomes) -> Double? {
        precondition(first.labels == second.labels && first.users == second.users)
        guard let one = best(first), let other = best(second) else { return nil }
        var sums: [Int32: (difference: Double, weight: Double)] = [:]
        for row in first.labels.indices {
            let weight = first.weights?[row] ?? 1
            guard weight > 0 else { continue }
            let isFirst = first.probabilities[row] >= one.threshold
            let isSecond = second.probabilities[row] >= other.threshold
            var sum = sums[first.users[row]] ?? (0, 0)
            sum.weight += weight
            if isFirst { sum.difference += weight * contacting(row, of: first) }
            if isSecond { sum.difference -= weight * contacting(row, of: second) }
            sums[first.users[row]] = sum
        }
        guard sums.count > 1 else { return nil }
        // In the order of users, so that the sum has the same bits in every run.
        let users = sums.sorted { $0.key < $1.key }.map(\.value)
        let weight = users.reduce(0) { $0 + $1.weight }
        let mean = users.reduce(0) { $0 + $1.difference } / weight
        let squares = users.reduce(0) { sum, user in
            let rest = user.difference - mean * user.weight
            return sum + rest * rest
        }
        let groups = Double(users.count)
        return (groups / (groups - 1) * squares).squareRoot() / weight
    }
}
