package import LimpetNumerics
import LimpetEvents
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
/// (D. Horvitz and D. Thompson, 1952). A split that has a handful of rows on one side would otherwise meet one of them or
/// none, and the model would think that it may be taken again and again.
package struct CurvatureSampler: Sendable {
    /// The inputs whose rare bins are looked after.
    package let inputs: [Int]
    private let rowCount: Int
    private let count: Int
    /// The rows of rare bins, ascending.
    private let rare: [RareRow]

    private struct RareRow: Sendable {
        var row: UInt32
        var chance: Float
    }

    /// The rows that are hoped for from each bin that has as many.
    private static let rowsPerBin = 20.0
    /// The share by which rows of rare bins may make a sample larger; fewer are hoped for where they would exceed it.
    private static let mostRare = 0.5

    /// - Parameters:
    ///   - counts: the rows in each bin of an input that have a weight.
    ///   - count: the rows of a sample, beside those of rare bins.
    package init(_ data: BinnedData, inputs: [Int], counts: (Int) -> [Int], count: Int, threads: Int) {
        precondition(data.rowCount <= Int(UInt32.max))
        self.inputs = inputs
        self.count = count
        rowCount = data.rowCount
        let tables =
            data.rowCount > count
            ? Self.chances(inputs.map { ($0, counts($0)) }, rows: data.rowCount, count: count) : []
        rare = ConcurrentBlocks.map(tables.isEmpty ? 0 : data.blocks.count, threads: threads) {
            Self.rareRows(data.blocks[$0], tables)
        }.flatMap { $0 }
    }

    /// The chance of a row by its bin, for inputs that have rare bins; 0 in others.
    private static func chances(
        _ counts: [(input: Int, counts: [Int])], rows: Int, count: Int
    ) -> [(input: Int, chances: [Float])] {
        let common = Double(count) / Double(rows)
        let isRare = { (rows: Int) in rows > 0 && Double(rows) * common < rowsPerBin }
        let wanted = wanted(of: counts.flatMap { $0.counts.filter(isRare) }, most: mostRare * Double(count))
        return counts.compactMap { input, counts in
            guard counts.contains(where: isRare) else { return nil }
            let chances = counts.map { rows -> Float in
                let chance = isRare(rows) ? min(1, wanted / Double(rows)) : 0
                return chance > common ? Float(chance) : 0
            }
            return (input, chances + [Float](repeating: 0, count: StumpKernels.places - chances.count))
        }
    }

    /// How many rows of each bin may be hoped for, so that no more than `most` come of it.
    private static func wanted(of rows: [Int], most: Double) -> Double {
        var wanted = rowsPerBin
        while rows.reduce(0.0, { $0 + min(Double($1), wanted) }) > most { wanted *= 0.9 }
        return wanted
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
            best[$0] > 0 ? RareRow(row: UInt32(block.firstRow + $0), chance: best[$0]) : nil
        }
    }

    /// Rows of common bins, one at random from each of equal stretches, and those of rare bins that are drawn.
    package func sample(using generator: inout RandomGenerator) -> CurvatureSample {
        let drawn = RowSample.rows(of: rowCount, count: count, using: &generator)
        guard drawn.count < rowCount else {
            return CurvatureSample(rows: drawn, factors: [Float](repeating: 1, count: drawn.count))
        }
        var sample = CurvatureSample()
        let common = Float(count) / Float(rowCount)
        var next = 0
        func takeRare(before row: Int) {
            while next < rare.count, rare[next].row < row {
                let (row, chance) = (Int(rare[next].row), rare[next].chance)
                next += 1
                guard Float(generator.next() >> 40) < chance * Float(1 << 24) else { continue }
                sample.rows.append(row)
                sample.factors.append(common / chance)
            }
        }
        for (place, row) in drawn.enumerated() {
            takeRare(before: row)
            if next < rare.count, rare[next].row == row { continue }
            sample.rows.append(row)
            // Stretches are of two lengths where the rows cannot be shared out evenly.
            sample.factors.append(
                Float(RowSample.stretch(place, of: rowCount, count: count).count) * common)
        }
        takeRare(before: rowCount)
        return sample
    }
}
