import LimpetNumerics
import LimpetEvents

/// Outcomes in a form in which replicates of the bootstrap are computed fast: users are drawn with
/// replacement, and every row counts as often as its user was drawn.
///
/// Nothing is sorted again: sums over rows become sums over users, and labels by score one pass over the rows
/// in their sorted order.
struct UserResampling: Sendable {
    private let prepared: PreparedOutcomes
    /// The data of the rows as they are.
    var sample: MetricSample { prepared.sample }
    /// The number of users.
    let userCount: Int
    private let metrics: Set<ReportMetric>
    private let userSums: [MetricSums]
    private let ranking: Column?
    private let probability: Column?

    /// The rows in a sorted order: for each the user's number, with the label in the lowest bit.
    private struct Column: Sendable {
        var codes: [UInt32]
        /// The weights of the rows; nil where all are 1.
        var weights: [Double]?
        var starts: [Int32]

        init(_ order: ScoreOrder, _ users: UserIndex, _ outcomes: Outcomes) {
            codes = order.rows.map { row in
                UInt32(users.ofRow[Int(row)]) << 1 | (outcomes.labels[Int(row)] ? 1 : 0)
            }
            weights = outcomes.weights.map { weights in order.rows.map { weights[Int($0)] } }
            starts = order.starts
        }
    }

    init(_ prepared: PreparedOutcomes, _ users: UserIndex, metrics: Set<ReportMetric>) {
        let outcomes = prepared.outcomes
        self.prepared = prepared.started(metrics)
        self.metrics = metrics
        userCount = users.count
        userSums = MetricSums.byUnit(prepared, users.ofRow, count: users.count)
        ranking = prepared.ranking.map { Column($0, users, outcomes) }
        probability =
            if case .own(let order) = prepared.grouping { Column(order, users, outcomes) } else { nil }
    }

    /// Counts how often each user is drawn in one replicate: as many draws as there are users.
    static func draws(seed: UInt64, into counts: inout [UInt32]) {
        for user in counts.indices { counts[user] = 0 }
        var generator = RandomGenerator(seed: seed)
        let users = UInt64(counts.count)
        for _ in counts.indices {
            // The upper half of the product is uniform over the users to 1 part in 2^64 / users.
            counts[Int(truncatingIfNeeded: generator.next().multipliedFullWidth(by: users).high)] += 1
        }
    }

    /// Returns the values of one replicate; `sample` and `counts` are buffers that the replicates of one task
    /// reuse.
    func values(
        seed: UInt64, counts: inout [UInt32], sample: inout MetricSample
    ) -> [ReportMetric: Double] {
        Self.draws(seed: seed, into: &counts)
        fill(&sample, counts)
        return sample.values(metrics, settings: prepared.settings)
    }

    private func fill(_ sample: inout MetricSample, _ counts: [UInt32]) {
        var sums = MetricSums()
        for user in userSums.indices { sums.add(userSums[user], times: Double(counts[user])) }
        sample.sums = sums
        if let ranking { sample.ranking?.fill(ranking.codes, ranking.weights, ranking.starts, counts) }
        switch prepared.grouping {
        case .merged(let starts):
            if let ranking = sample.ranking { sample.ownGroups?.fill(merging: ranking, starts: starts) }
        case .own:
            guard let probability else { return }
            sample.ownGroups?.fill(probability.codes, probability.weights, probability.starts, counts)
        case .same, nil: break
        }
    }
}

extension ScoreGroups {
    /// Counts each row as often as its user was drawn.
    fileprivate mutating func fill(
        _ codes: [UInt32], _ weights: [Double]?, _ starts: [Int32], _ counts: [UInt32]
    ) {
        for group in positives.indices {
            var (positive, negative) = (0.0, 0.0)
            for place in Int(starts[group])..<Int(starts[group + 1]) {
                let code = codes[place]
                let count = Double(counts[Int(code >> 1)])
                let weight = weights.map { $0[place] * count } ?? count
                if code & 1 == 1 { positive += weight } else { negative += weight }
            }
            (positives[group], negatives[group]) = (positive, negative)
        }
    }
}
