package import LimpetNumerics
import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel

/// A weighted sample of rows that represents all rows.
package struct CurvatureSample: Sendable {
    /// The rows' numbers, ascending.
    package var rows: [Int] = []
    /// The weight of each row, relative to a row of common bins.
    package var factors: [Float] = []
}

/// A sampler of the rows on which the curvature is summed.
///
/// A row of a rare bin is drawn with a higher probability than others, and has a smaller weight, so that sums
/// stay unbiased (D. Horvitz and D. Thompson, 1952). Otherwise one or none of the few rows on one side of a
/// split might be in the sample, and the model would overestimate how often the split may be repeated.
package struct CurvatureSampler: Sendable {
    /// The inputs whose rare bins are oversampled.
    package let inputs: [Int]
    private let rowCount: Int
    private let count: Int
    /// The rows of rare bins, ascending.
    private let rare: [RareRow]

    private struct RareRow: Sendable {
        var row: UInt32
        var chance: Float
    }

    /// The expected number of sampled rows from each bin that has as many.
    private static let rowsPerBin = 20.0
    /// The largest share of additional rows from rare bins; above it, fewer rows are expected of each bin.
    private static let mostRare = 0.5

    /// Computes the probabilities of rows.
    ///
    /// - Parameters:
    ///   - counts: the number of rows with a weight in each bin of an input.
    ///   - count: the number of rows of a sample, without those of rare bins.
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

    /// Returns the probability of a row by its bin, for inputs that have rare bins; 0 in other bins.
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

    /// Returns the expected number of rows of each bin for which the total is at most `most`.
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

    /// Returns rows of common bins, one at random from each of equally long runs, and the drawn rows of rare
    /// bins.
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
            // Runs have two lengths where the rows cannot be divided evenly.
            sample.factors.append(
                Float(RowSample.stratum(place, of: rowCount, count: count).count) * common)
        }
        takeRare(before: rowCount)
        return sample
    }
}
