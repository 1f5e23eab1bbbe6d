package import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel

/// Rows that stand for all: each for as many as its factor says.
package struct CurvatureSample: Sendable {
    /// The rows' numbers, ascending.
    package var rows: [Int] = []
    /// What each row counts, in units of what a row of common bins does.
    package var factors: [Float] = []
}

/// Draws the rows that the curvature is summed up on.
///
/// A row of a rare bin is drawn with a higher chance than others, and counts less for it, so that sums stay unbiased
/// (M. Hansen and W. Hurwitz, 1943). A split that has a handful of rows on one side would otherwise meet one of them or
/// none, and the model would think that it may be taken again and again.
package struct CurvatureSampler: Sendable {
    /// The inputs whose rare bins are looked after.
    package let inputs: [Int]
    private let rowCount: Int
    private let count: Int
    /// The rows of rare bins, ascending.
    private let rare: [RareRow]

    private struct RareRow: Sendable {
        var row: Int
        var chance: Float
    }

    /// The rows that are hoped for from each bin.
    private static let rowsPerBin = 20.0
    /// The share by which rows of rare bins may make a sample larger.
    private static let mostRare = 0.5

    /// - Parameters:
    ///   - users: the users in each bin of an input, which tell how rare it is.
    ///   - count: the rows of a sample, beside those of rare bins.
    package init(_ data: BinnedData, inputs: [Int], users: (Int) -> [Double], count: Int, threads: Int) {
        self.inputs = inputs
        self.count = count
        rowCount = data.rowCount
        let tables =
            data.rowCount > count
            ? Self.chances(inputs.map { ($0, users($0)) }, rows: data.rowCount, count: count) : []
        rare = ConcurrentBlocks.map(tables.isEmpty ? 0 : data.blocks.count, threads: threads) {
            Self.rareRows(data.blocks[$0], tables)
        }.flatMap { $0 }
    }

    /// The chance of a row by its bin, for inputs that have rare bins; 0 in others.
    private static func chances(
        _ users: [(input: Int, users: [Double])], rows: Int, count: Int
    ) -> [(input: Int, chances: [Float])] {
        let allUsers = users.first?.users.reduce(0, +) ?? 0
        guard allUsers > 0 else { return [] }
        let rowsPerUser = Double(rows) / allUsers
        let common = Double(count) / Double(rows)
        let isRare = { (users: Double) in users > 0 && users * rowsPerUser * common < rowsPerBin }
        let expected = users.reduce(0.0) { sum, input in
            input.users.filter(isRare).reduce(sum) { $0 + min($1 * rowsPerUser, rowsPerBin) }
        }
        let wanted = rowsPerBin * min(1, mostRare * Double(count) / max(expected, 1))
        return users.compactMap { input, users in
            guard users.contains(where: isRare) else { return nil }
            let chances = users.map { users -> Float in
                let chance = isRare(users) ? min(1, wanted / (users * rowsPerUser)) : 0
                return chance > common ? Float(chance) : 0
            }
            return (input, chances + [Float](repeating: 0, count: StumpKernels.places - chances.count))
        }
    }

    private static func rareRows(
        _ block: BinnedData.Block, _ tables: [(input: Int, chances: [Float])]
    ) -> [RareRow] {
        var best = [Float](repeating: 0, count: block.rowCount)
        var span = best.mutableSpan
        for (input, chances) in tables {
            let table = chances.span
            let bins = block.bins.span.extracting(
                (input * block.rowCount)..<((input + 1) * block.rowCount))
            for row in bins.indices { span[row] = max(span[row], table[Int(bins[row])]) }
        }
        return best.indices.compactMap {
            best[$0] > 0 ? RareRow(row: block.firstRow + $0, chance: best[$0]) : nil
        }
    }

    /// Rows of common bins, one at random from each of equal stretches, and those of rare bins that are drawn.
    package func sample(using generator: inout RandomGenerator) -> CurvatureSample {
        var sample = CurvatureSample()
        let common = Float(count) / Float(max(1, rowCount))
        var next = 0
        func takeRare(before row: Int) {
            while next < rare.count, rare[next].row < row {
                let (row, chance) = (rare[next].row, rare[next].chance)
                next += 1
                guard Float(generator.next() >> 40) < chance * Float(1 << 24) else { continue }
                sample.rows.append(row)
                sample.factors.append(common / chance)
            }
        }
        for row in RowSample.rows(of: rowCount, count: count, using: &generator) {
            takeRare(before: row)
            if next < rare.count, rare[next].row == row { continue }
            sample.rows.append(row)
            sample.factors.append(1)
        }
        takeRare(before: rowCount)
        return sample
    }
}
