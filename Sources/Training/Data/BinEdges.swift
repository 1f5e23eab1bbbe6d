import LimpetNumerics
import LimpetEvents
import LimpetEvaluation

/// Where the bins of numbers begin.
package struct BinEdges {
    /// Numbers that are looked at; of more, as many are drawn, evenly spread over the rows.
    static let sampleLimit = 100_000

    /// Memory that one column after the other is sorted in.
    private var sorted = SortedNumbers()

    package init() {}

    /// Edges between distinct values while there are few, so that counts keep theirs; else between groups of
    /// about equal size.
    package static func edges(of numbers: [Double], maximumBins: Int) -> [Double] {
        var edges = BinEdges()
        return edges.edges(of: numbers, maximumBins: maximumBins)
    }

    /// As the static function, for one column of many.
    package mutating func edges(of numbers: [Double], maximumBins: Int) -> [Double] {
        collectSample(of: numbers)
        sorted.sort()
        var distinct = 0
        sorted.forEachGroup { _, _ in distinct += 1 }
        return groupEdges(maximumBins: maximumBins, isExact: distinct <= maximumBins)
    }

    /// The known numbers, or one at random from each of equal stretches of rows.
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

    /// Closes a bin after each value, or when it holds its share of the rows that are left, so that heavy values
    /// get their own.
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
