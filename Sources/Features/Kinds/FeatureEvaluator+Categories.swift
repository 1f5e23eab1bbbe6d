import LimpetNumerics
import LimpetEvents

extension FeatureEvaluator {
    /// Returns the value of a kind that reads the variety of a property's texts; missing above the limit of
    /// distinct ones.
    func diversity(_ categories: borrowing CategorySeries, from start: Int64?, to now: Int64) -> Double {
        let range = categories.times.range(from: start, to: now)
        if kind == .distinct {
            return diversity(distinct: categories.distinctCount(range), most: 0, all: 0, counts: [])
        }
        let counts = categories.counts(range)
        return diversity(
            distinct: counts.count, most: counts.max() ?? 0, all: range.count, counts: counts)
    }

    /// Returns the value of such a kind from the counts of the texts.
    ///
    /// - Parameters:
    ///   - distinct: the number of distinct texts.
    ///   - most: the count of the most frequent text.
    ///   - all: the sum of the counts.
    ///   - counts: the count of each text.
    func diversity(
        distinct: Int, most: @autoclosure () -> Int, all: Int, counts: @autoclosure () -> [Int]
    ) -> Double {
        guard distinct <= distinctLimit else { return .nan }
        if kind == .distinct { return Double(distinct) }
        guard distinct > 0 else { return .nan }
        return kind == .affinity ? Self.share(most(), of: all) : Self.entropy(counts(), of: all)
    }

    /// Returns `log2 n − Σ c·log2 c / n` over the counts `c` in ascending order, so that the sum has one
    /// order.
    static func entropy(_ counts: [Int], of all: Int) -> Double {
        guard counts.count > 1 else { return 0 }
        let sum = counts.sorted().reduce(0.0) { $0 + Double($1) * Logarithm.natural(Double($1)) }
        return (Logarithm.natural(Double(all)) - sum / Double(all)) / Logarithm.ln2
    }
}

extension FeatureScan {
    mutating func diversities(
        _ evaluator: FeatureEvaluator, _ series: CategorySeries, _ snapshotTimes: [Int64],
        write: (Int, Double) -> Void
    ) {
        var moving = MovingWindow()
        levels.removeAll(levels: series.levelCount)
        for (index, now) in snapshotTimes.enumerated() {
            let range = series.times.range(of: evaluator.window, at: now)
            moving.move(to: range) {
                levels.removeAll()
            } come: {
                levels.append(series.level($0))
            } leave: {
                levels.remove(series.level($0))
            }
            write(
                index,
                evaluator.diversity(
                    distinct: levels.distinct, most: levels.most, all: range.count, counts: levels.all))
        }
    }
}
