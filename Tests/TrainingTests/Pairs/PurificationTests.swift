import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct PurificationTests {
    /// A table with weights, and what must hold of its purification.
    private struct Table {
        let rows: Int
        let columns: Int
        var values: [Double]
        var weights: [Double]

        init(rows: Int, columns: Int, value: (Int, Int) -> Double, weight: (Int, Int) -> Double) {
            self.rows = rows
            self.columns = columns
            values = (0..<rows).flatMap { row in (0..<columns).map { value(row, $0) } }
            weights = (0..<rows).flatMap { row in (0..<columns).map { weight(row, $0) } }
        }

        var purified: Purification {
            Purification(values: values, weights: weights, rows: rows, columns: columns)
        }

        /// The largest change of the function in a cell.
        func change(_ result: Purification) -> Double {
            values.indices.map { cell in
                let alone = result.mean + result.rows[cell / columns] + result.columns[cell % columns]
                return abs(alone + result.interaction[cell] - values[cell])
            }.max() ?? 0
        }

        /// The largest weighted mean of a row or a column of a table.
        func largestMean(_ table: [Double]) -> Double {
            let lines =
                (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
                + (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
            return lines.map { cells in
                let total = cells.reduce(0.0) { $0 + weights[$1] }
                guard total > 0 else { return 0 }
                return abs(cells.reduce(0.0) { $0 + weights[$1] * table[$1] } / total)
            }.max() ?? 0
        }
    }

    private static func random(
        rows: Int, columns: Int, using random: inout TestRandom,
        weight: (Int, Int, inout TestRandom) -> Double
    ) -> Table {
        var values: [Double] = []
        var weights: [Double] = []
        for row in 0..<rows {
            for column in 0..<columns {
                values.append(Double.random(in: -5...5, using: &random))
                weights.append(weight(row, column, &random))
            }
        }
        return Table(
            rows: rows, columns: columns, value: { values[$0 * columns + $1] },
            weight: { weights[$0 * columns + $1] })
    }

    /// A weight from 1e-12 to 1e12.
    private static func extreme(_ random: inout TestRandom) -> Double {
        var weight = Double.random(in: 1...10, using: &random)
        let exponent = Int.random(in: -12...11, using: &random)
        for _ in 0..<exponent.magnitude { weight = exponent < 0 ? weight / 10 : weight * 10 }
        return weight
    }

    static let patterns: [(name: String, weight: @Sendable (Int, Int, inout TestRandom) -> Double)] = [
        ("all cells", { _, _, random in Double.random(in: 0.1...1, using: &random) }),
        ("counts with empty cells", { _, _, random in Double(max(0, random.below(9) - 5)) }),
        ("from 1e-12 to 1e12", { _, _, random in extreme(&random) }),
        ("extreme and mostly empty", { _, _, random in random.below(8) == 0 ? extreme(&random) : 0 }),
        (
            "a thin stair",
            { row, column, random in row == column || row == column + 1 ? extreme(&random) : 0 }
        ),
        ("strong ties and weak", { _, _, random in random.below(2) == 0 ? 1e12 : 1e-12 }),
        ("three blocks", { row, column, random in row % 3 == column % 3 ? extreme(&random) : 0 }),
        (
            "empty rows and columns",
            { row, column, random in row % 3 == 1 || column % 4 == 2 ? 0 : extreme(&random) }
        ),
        ("correlated", { row, column, _ in row == column ? 1_000 : abs(row - column) < 2 ? 1 : 0 }),
        ("no weight at all", { _, _, _ in 0 }),
    ]

    @Test("no cell changes and weighted means become 0", arguments: patterns.indices)
    func exact(pattern: Int) {
        var random = TestRandom(seed: UInt64(100 + pattern))
        for _ in 0..<60 {
            let (rows, columns) = (1 + random.below(34), 1 + random.below(34))
            let table = Self.random(
                rows: rows, columns: columns, using: &random, weight: Self.patterns[pattern].weight)
            let result = table.purified
            #expect(table.change(result) < 1e-12, "\(Self.patterns[pattern].name)")
            #expect(table.largestMean(result.interaction) < 1e-12, "\(rows) × \(columns)")
        }
    }

    @Test("row and column effects have weighted mean 0, so that the constant is the weighted mean")
    func effects() {
        var random = TestRandom(seed: 120)
        let table = Self.random(rows: 9, columns: 7, using: &random) { _, _, random in Self.extreme(&random) }
        let result = table.purified
        let total = table.weights.reduce(0, +)
        let mean = zip(table.values, table.weights).reduce(0.0) { $0 + $1.0 * $1.1 } / total
        #expect(abs(result.mean - mean) < 1e-12)
        let rows = (0..<63).reduce(0.0) { $0 + table.weights[$1] * result.rows[$1 / 7] } / total
        let columns = (0..<63).reduce(0.0) { $0 + table.weights[$1] * result.columns[$1 % 7] } / total
        #expect(abs(rows) < 1e-12 && abs(columns) < 1e-12)
    }

    @Test("solving gives the limit of centring rows and columns in turn")
    func alternatingCentring() {
        var random = TestRandom(seed: 121)
        for _ in 0..<20 {
            let (rows, columns) = (2 + random.below(8), 2 + random.below(8))
            let table = Self.random(rows: rows, columns: columns, using: &random) { _, _, random in
                Double(1 + random.below(5))
            }
            var left = table.values
            for pass in 0..<2_000 {
                let lines =
                    pass % 2 == 0
                    ? (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
                    : (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
                for cells in lines {
                    let total = cells.reduce(0.0) { $0 + table.weights[$1] }
                    let mean = cells.reduce(0.0) { $0 + table.weights[$1] * left[$1] } / total
                    for cell in cells { left[cell] -= mean }
                }
            }
            for (one, other) in zip(table.purified.interaction, left) { #expect(abs(one - other) < 1e-11) }
        }
    }

    @Test("purifying twice is purifying once")
    func idempotent() {
        var random = TestRandom(seed: 122)
        let once = Self.random(rows: 12, columns: 20, using: &random) { _, _, random in
            Double(max(0, random.below(6) - 2))
        }
        let result = once.purified
        var again = once
        again.values = result.interaction
        #expect(abs(again.purified.mean) < 1e-13)
        for (one, other) in zip(again.purified.interaction, result.interaction) {
            #expect(abs(one - other) < 1e-13)
        }
    }

    @Test("an exclusive or stays as it is")
    func exclusiveOr() {
        let table = Table(rows: 2, columns: 2, value: { $0 == $1 ? 1 : -1 }, weight: { _, _ in 25 })
        let result = table.purified
        #expect(result.interaction == table.values)
        #expect(result.mean == 0 && result.rows == [0, 0] && result.columns == [0, 0])
    }

    @Test("what is additive goes to the inputs' own terms, also where its cells are unevenly filled")
    func additive() {
        var random = TestRandom(seed: 123)
        let table = Table(
            rows: 6, columns: 5, value: { 2 + Double($0 * $0) / 7 - 0.3 * Double($1) },
            weight: { _, _ in Self.extreme(&random) })
        let result = table.purified
        #expect(result.interaction.allSatisfy { abs($0) < 1e-12 })
        for row in 1..<6 {
            #expect(abs(result.rows[row] - result.rows[0] - Double(row * row) / 7) < 1e-12)
        }
        for column in 1..<5 {
            #expect(abs(result.columns[column] - result.columns[0] + 0.3 * Double(column)) < 1e-12)
        }
    }

    @Test("a side of one bin leaves no interaction")
    func oneBin() {
        for (rows, columns) in [(1, 6), (6, 1), (1, 1)] {
            let table = Table(
                rows: rows, columns: columns, value: { Double($0 * 3 + $1) - 1.5 },
                weight: { Double($0 + $1 + 1) })
            #expect(table.purified.interaction.allSatisfy { abs($0) < 1e-14 })
            #expect(table.change(table.purified) < 1e-14)
        }
    }

    @Test("rows and columns without weight have no effect of their own")
    func emptyRows() {
        let table = Table(
            rows: 3, columns: 3, value: { Double($0 * $0 + 2 * $1 + $0 * $1) },
            weight: { $0 == 1 || $1 == 2 ? 0 : 1 })
        let result = table.purified
        #expect(result.rows[1] == 0 && result.columns[2] == 0)
        #expect(result.rows[0] != 0 && result.columns[0] != 0)
        #expect(table.change(result) < 1e-14)
    }

    @Test("of blocks that share nothing, the smallest effects are taken")
    func blocks() {
        // Two blocks of one cell each: 4 and −2, of equal weight, around the mean of 1.
        let table = Table(
            rows: 2, columns: 2, value: { $0 == $1 ? ($0 == 0 ? 4 : -2) : 9 }, weight: { $0 == $1 ? 1 : 0 })
        let result = table.purified
        #expect(result.mean == 1)
        #expect(result.rows == [1.5, -1.5] && result.columns == [1.5, -1.5])
        #expect(result.interaction == [0, 8, 8, 0])
    }

    @Test("the order of rows and columns, and which is which, changes nothing")
    func symmetric() {
        var random = TestRandom(seed: 124)
        let table = Self.random(rows: 5, columns: 9, using: &random) { _, _, random in Self.extreme(&random) }
        let turned = Table(
            rows: 9, columns: 5, value: { table.values[$1 * 9 + $0] }, weight: { table.weights[$1 * 9 + $0] })
        let (one, other) = (table.purified, turned.purified)
        for row in 0..<5 {
            #expect(abs(one.rows[row] - other.columns[row]) < 1e-12)
            for column in 0..<9 {
                let difference = one.interaction[row * 9 + column] - other.interaction[column * 5 + row]
                #expect(abs(difference) < 1e-12)
            }
        }
    }
}
