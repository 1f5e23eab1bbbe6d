import LimpetEvents

extension FeatureEvaluator {
    /// Kinds of the variety of a property's texts; missing above the limit of different ones.
    func diversity(_ categories: borrowing CategoryTrack, from start: Int64?, to now: Int64) -> Double {
        let range = categories.times.range(from: start, to: now)
        if kind == .distinct {
            let count = categories.distinctCount(range)
            return count <= distinctLimit ? Double(count) : .nan
        }
        let counts = categories.counts(range)
        guard !counts.isEmpty, counts.count <= distinctLimit else { return .nan }
        if kind == .affinity { return Self.share(counts.max() ?? 0, of: range.count) }
        return Self.entropy(counts, of: range.count)
    }

    /// `log2 n − Σ c·log2 c / n` over the counts `c`, the smallest first, so that the sum has one order.
    static func entropy(_ counts: [Int], of all: Int) -> Double {
        guard counts.count > 1 else { return 0 }
        let sum = counts.sorted().reduce(0.0) { $0 + Double($1) * Logarithm.natural(Double($1)) }
        return (Logarithm.natural(Double(all)) - sum / Double(all)) / Logarithm.ln2
    }
}
