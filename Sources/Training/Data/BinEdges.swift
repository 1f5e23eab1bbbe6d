import LimpetNumerics
import LimpetEvents
import LimpetEvaluation

/// A search for the edges between bins of numbers.
package struct BinEdges {
    /// The largest number of values that are used; of more, as many are drawn, evenly spread over the rows.
    static let sampleLimit = 100_000

    /// Memory for sorting, reused from column to column.
    private var sorted = SortedNumbers()

    package init() {}

    /// Returns edges between distinct values where these are few, so that counts keep a bin each, and
    /// otherwise between groups of about equal size.
    package static func edges(of numbers: [Double], maximumBins: Int) -> [Double] {
        var edges = BinEdges()
        return edges.edges(of: numbers, maximumBins: maximumBins)
    }

    /// Returns the same edges as the static function, and reuses the memory for the next column.
    package mutating func edges(of numbers: [Double], maximumBins: Int) -> [Double] {
        collectSample(of: numbers)
        sorted.sort()
        var distinct = 0
        sorted.forEachGroup { _, _ in distinct += 1 }
        return groupEdges(maximumBins: maximumBins, isExact: distinct <= maximumBins)
    }

    /// Collects the known numbers, or one at random from each of equally long runs of rows.
    private mutating func collectSample(of numbers: [Double]) {
        sorted.removeAll()
        guard numbers.count > Self.sampleLimit else {
            for number in numbers where !number.isNaN { sorted.append(number) }
            return
        }
        var generator = RandomGenerator(seed: UInt64(numbers.count))
        for place in 0..<Self.sampleLimit {
            let first = place * numbers.count / Self.sampleLimit
            let next = (place + 1) * numbers.count / Self.sampleLimit
            let number = numbers[first + Int(generator.next() % UInt64(next - first))]
            if !number.isNaN { sorted.append(number) }
        }
    }

    /// Closes a bin after each value, or when it holds its share of the remaining rows, so that frequent
    /// values get their own.
    private func groupEdges(maximumBins: Int, isExact: Bool) -> [Double] {
        var edges: [Double] = []
        var (rowsLeft, binsLeft, inBin) = (sorted.count, maximumBins, 0)
        var last: (value: Double, count: Int)?
        sorted.forEachGroup { value, count in
            defer { last = (value, count) }
            guard let group = last else { return }
            inBin += group.count
            let share = Double(rowsLeft) / Double(binsLeft)
            let isFull = Double(inBin) >= share || Double(inBin) + Double(count) / 2 > share
            guard isExact || (isFull && edges.count < maximumBins - 1) else { return }
            edges.append(ShortDecimal.between(group.value, value))
            rowsLeft -= inBin
            binsLeft -= 1
            inBin = 0
        }
        return edges
    }
}
