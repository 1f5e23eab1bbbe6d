import Foundation
import LimpetLinearAlgebra
import Testing

@Suite struct StandardiserTests {
    private static let numbers = (0..<700).map { $0 % 7 == 3 ? .nan : 40 * sin(Double($0)) }

    /// Rows side by side, with gaps, none and one.
    private static let rows: [[Int]] = [
        Array(5..<630), (0..<700).filter { $0 % 3 != 1 }, [], [3], Array(0..<256), Array(100..<357),
    ]

    @Test("numbers are shifted and scaled, and 0 where they are missing", arguments: rows, [false, true])
    func append(rows: [Int], takesLog: Bool) {
        let standardiser = Standardiser(takesLog: takesLog, mean: 1.25, deviation: 3)
        var values = [9.0]
        standardiser.append(Self.numbers, rows: rows, to: &values)
        #expect(values.count == rows.count + 1 && values[0] == 9)
        for (place, row) in rows.enumerated() {
            let x = Self.numbers[row]
            let value = takesLog ? (x < 0 ? -log1p(-x) : log1p(x)) : x
            let expected = x.isNaN ? 0 : (value - 1.25) / 3
            #expect(abs(values[place + 1] - expected) <= 1e-14 * (1 + abs(expected)))
        }
    }

    @Test(
        "in 32 bits they are the same numbers, rounded, and nothing beside them is written", arguments: rows,
        [false, true])
    func write(rows: [Int], takesLog: Bool) {
        let standardiser = Standardiser(takesLog: takesLog, mean: -0.5, deviation: 7)
        var wide: [Double] = []
        standardiser.append(Self.numbers, rows: rows, to: &wide)
        var narrow = [Float](repeating: 5, count: rows.count + 4)
        standardiser.write(Self.numbers, rows: rows, to: &narrow, at: 3)
        #expect(narrow == [5, 5, 5] + wide.map { Float($0) } + [5])
    }
}
