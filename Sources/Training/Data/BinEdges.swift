import LimpetNumerics
import LimpetEvents
import LimpetEvaluation

/// A search for the edges between bins of numbers.
package struct BinEdges {
    /// The largest number of values that are used; of more, as many are drawn, evenly spread over the rows.
    static let sampleLimit = 100_000

    /// Memory for sorting, reused from column to column.
    private var sorted = SortedNumbers()
    private var groups: [Group] = []

    package init() {}

    /// Returns edges between distinct values where these are few, so that counts keep a bin each, and
    /// otherwise between groups of about equal size.
    ///
    /// - Parameter weights: how often each number counts, 0 or more; nil for once.
    package static func edges(
        of numbers: [Double], weights: [Double]? = nil, maximumBins: Int
    ) -> [Double] {
        var edges = BinEdges()
        return edges.edges(of: numbers, weights: weights, maximumBins: maximumBins)
    }

    /// Returns the same edges as the static function, and reuses the memory for the next column.
    package mutating func edges(
        of numbers: [Double], weights: [Double]? = nil, maximumBins: Int
    ) -> [Double] {
        if let weights {
            return Self.edges(
                between: Self.groups(of: numbers, weights: weights), maximumBins: maximumBins)
        }
        group(numbers)
        return Self.edges(between: groups, maximumBins: maximumBins)
    }

    /// Returns some of the edges between bins, so that groups of bins hold about as many rows each.
    ///
    /// - Parameters:
    ///   - known: the edges between all bins.
    ///   - counts: the rows in each bin; what follows is of missing values.
    package static func edges(among known: [Double], counts: [Double], maximumBins: Int) -> [Double] {
        let groups = (0...known.count).filter { counts[$0] > 0 }.map { (Double($0), counts[$0]) }
        // An edge between two bins' numbers lies right of the one on the left.
        return edges(between: groups, maximumBins: maximumBins).map { known[Int($0.nextDown)] }
    }

    /// A distinct value with the rows that have it.
    private typealias Group = (value: Double, rows: Double)

    /// Finds the distinct values among the known numbers, in ascending order.
    private mutating func group(_ numbers: [Double]) {
        sorted.removeAll()
        sorted.append(contentsOf: Self.sampledRows(of: numbers).map { $0.map { numbers[$0] } } ?? numbers)
        sorted.sort()
        groups.removeAll(keepingCapacity: true)
        sorted.forEachGroup { groups.append(($0, Double($1))) }
    }

    /// Returns the distinct values among the known numbers with their weights, in ascending order.
    private static func groups(of numbers: [Double], weights: [Double]) -> [Group] {
        var rows: [Group] = []
        for row in sampledRows(of: numbers) ?? Array(numbers.indices)
        where !numbers[row].isNaN && weights[row] > 0 {
            rows.append((numbers[row] == 0 ? 0 : numbers[row], weights[row]))
        }
        rows.sort { $0.value < $1.value }
        var groups: [Group] = []
        for row in rows {
            if let last = groups.last, last.value == row.value {
                groups[groups.count - 1].rows += row.rows
            } else {
                groups.append(row)
            }
        }
        return groups
    }

    /// Returns a row at random from each of equally long runs of rows; nil where there are so few that all
    /// are used.
    private static func sampledRows(of numbers: [Double]) -> [Int]? {
        guard numbers.count > sampleLimit else { return nil }
        var generator = RandomGenerator(seed: UInt64(numbers.count))
        return (0..<sampleLimit).map { place in
            let first = place * numbers.count / sampleLimit
            let next = (place + 1) * numbers.count / sampleLimit
            return first + Int(generator.next() % UInt64(next - first))
        }
    }

    /// Closes a bin after each value, or when it holds its share of the remaining rows, so that frequent
    /// values get their own.
    private static func edges(between groups: [Group], maximumBins: Int) -> [Double] {
        let isExact = groups.count <= maximumBins
        var edges: [Double] = []
        var (rowsLeft, binsLeft, inBin) = (groups.reduce(0) { $0 + $1.rows }, maximumBins, 0.0)
        for (group, next) in zip(groups, groups.dropFirst()) {
            inBin += group.rows
            let share = rowsLeft / Double(binsLeft)
            let isFull = inBin >= share || inBin + next.rows / 2 > share
            guard isExact || (isFull && edges.count < maximumBins - 1) else { continue }
            edges.append(ShortDecimal.between(group.value, next.value))
            rowsLeft -= inBin
            binsLeft -= 1
            inBin = 0
        }
        return edges
    }
}
