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
        let index = UserIndex(first.users, weights: first.weights)
        var users = [(difference: Double, weight: Double)](repeating: (0, 0), count: index.count)
        for row in first.labels.indices where index.ofRow[row] >= 0 {
            let weight = first.weights?[row] ?? 1
            let user = Int(index.ofRow[row])
            let isFirst = first.probabilities[row] >= one.threshold
            let isSecond = second.probabilities[row] >= other.threshold
            users[user].weight += weight
            if isFirst { users[user].difference += weight * contacting(row, of: first) }
            if isSecond { users[user].difference -= weight * contacting(row, of: second) }
        }
        guard users.count > 1 else { return nil }
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
