/// Bins of equal weight over groups of rows in the order of their scores.
///
/// A group that crosses a border is divided between both bins, each part with the group's shares of labels:
/// so bins never depend on the order of tied rows, and a weight of 2 is the row twice.
package struct EqualCountBins: Sendable {
    /// One bin.
    package struct Bin: Hashable, Sendable {
        /// The weight of its rows with label 1.
        package var positives = 0.0
        /// The weight of its rows.
        package var weight = 0.0
        /// The sum of its rows' probabilities, times their weights.
        package var expected = 0.0

        /// The share of label 1.
        package var rate: Double { positives / weight }
        /// The mean probability.
        package var meanProbability: Double { expected / weight }
    }

    /// The bins, in the order of the groups; each has weight.
    package var bins: [Bin]

    /// Fills `count` bins; `expected` gives the sum of weighted probabilities of a group. Nil without weight.
    package init?(_ groups: ScoreGroups, count: Int, expected: (Int) -> Double) {
        let totals = groups.totals()
        let total = totals.positives + totals.negatives
        guard total > 0, count > 0 else { return nil }
        var bins = [Bin](repeating: Bin(), count: count)
        var (current, taken) = (0, 0.0)
        var border = Self.border(0, of: count, total: total)
        for group in groups.positives.indices {
            let weight = groups.positives[group] + groups.negatives[group]
            guard weight > 0 else { continue }
            let sum = expected(group)
            var left = weight
            if weight < border - taken {
                bins[current].weight += weight
                bins[current].positives += groups.positives[group]
                bins[current].expected += sum
                taken += weight
                continue
            }
            while left > 0 {
                let capacity = border - taken
                guard capacity > 0 else {
                    current += 1
                    border = Self.border(current, of: count, total: total)
                    continue
                }
                let part = min(left, capacity)
                bins[current].weight += part
                bins[current].positives += groups.positives[group] * (part / weight)
                bins[current].expected += sum * (part / weight)
                // Set rather than added: rounding must not leave a sliver of capacity.
                taken = part == capacity ? border : taken + part
                left -= part
            }
        }
        self.bins = bins.filter { $0.weight > 0 }
    }

    /// Returns the weight at which a bin ends; the last one takes all that is left.
    private static func border(_ bin: Int, of count: Int, total: Double) -> Double {
        bin == count - 1 ? .infinity : total * Double(bin + 1) / Double(count)
    }
}
