import LimpetEvaluation
import LimpetTestSupport
import Testing

@Suite struct ScoreOrderTests {
    /// Groups by comparing scores.
    private func groupsByComparing(_ scores: [Double], _ weights: [Double]?) -> [[Int32]] {
        let rows = scores.indices.filter { (weights?[$0] ?? 1) > 0 }
        return Set(rows.map { scores[$0] }).sorted(by: >).map { score in
            rows.filter { scores[$0] == score }.map { Int32($0) }
        }
    }

    private func groups(_ order: ScoreOrder) -> [[Int32]] {
        (0..<order.groupCount).map {
            Array(order.rows[Int(order.starts[$0])..<Int(order.starts[$0 + 1])])
        }
    }

    @Test(
        "groups hold equal scores from the highest", arguments: [0, 1, 2, 50, 2_047, 2_048, 5_000],
        [3.0, 400, 1e12])
    func groupsHoldEqualScoresFromTheHighest(rows: Int, steps: Double) throws {
        var uniforms = Uniforms(seed: UInt64(rows + 1))
        let scores = (0..<rows).map { _ in ((uniforms.next() - 0.4) * steps).rounded() * 1e-3 }
        let order = try #require(ScoreOrder(scores))
        if steps < 1e3 || rows < 100 { #expect(groups(order) == groupsByComparing(scores, nil)) }
        #expect(order.rows.map { scores[Int($0)] } == scores.sorted(by: >))
        #expect(Set(scores).count == order.groupCount)
    }

    @Test("many numbers are in order, however they are spread", arguments: 0..<7)
    func manyNumbersAreInOrderHoweverTheyAreSpread(spread: Int) throws {
        var uniforms = Uniforms(seed: UInt64(spread + 50))
        let rows = 40_000
        let scores = (0..<rows).map { row in
            switch spread {
            case 0: uniforms.normal()
            // One number is far from all others, which then share an interval.
            case 1: row == 17 ? 1e12 : uniforms.normal()
            // Intervals of many different numbers, and of many equal ones.
            case 2: row == 17 ? 1e3 : (uniforms.next() < 0.5 ? uniforms.next() * 1e-4 : 0.3)
            case 3: (uniforms.next() * 50).rounded()
            case 4: row % 2 == 0 ? 0 : -0.0
            case 5: row % 1_000 == 0 ? .infinity : uniforms.next()
            default: Double.greatestFiniteMagnitude * (uniforms.next() - 0.5) * 2
            }
        }
        let order = try #require(ScoreOrder(scores))
        #expect(order.rows.map { scores[Int($0)] } == scores.sorted(by: >))
        for group in 0..<order.groupCount {
            let rows = order.rows[Int(order.starts[group])..<Int(order.starts[group + 1])]
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
        }
        #expect(order.groupCount == Set(scores).count)
        let weights = scores.indices.map { $0 % 3 == 0 ? 0.0 : 2 }
        let some = try #require(ScoreOrder(scores, weights: weights))
        #expect(some.rows == order.rows.filter { $0 % 3 != 0 })
        var wrong = scores
        wrong[31_000] = .nan
        #expect(ScoreOrder(wrong) == nil)
    }

    @Test("numbers of all sizes are in order", arguments: [20, 4_000, 20_000])
    func numbersOfAllSizesAreInOrder(rows: Int) throws {
        let special = [
            0, -0.0, .infinity, -.infinity, Double.leastNonzeroMagnitude, -.leastNonzeroMagnitude,
            .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, 1, -1, 1.0.nextUp,
        ]
        let scores = (0..<rows).map { special[$0 * 7 % special.count] }
        let order = try #require(ScoreOrder(scores))
        #expect(groups(order) == groupsByComparing(scores, nil))
        // Both zeros are one score.
        #expect(order.groupCount == special.count - 1)
    }

    @Test("rows of weight zero do not exist")
    func rowsOfWeightZeroDoNotExist() throws {
        let order = try #require(ScoreOrder([3, .nan, 1, 3], weights: [1, 0, 2, 0.5]))
        #expect(groups(order) == [[0, 3], [2]])
        #expect(ScoreOrder([3, .nan, 1], weights: [1, 0.1, 1]) == nil)
    }

    @Test("bad weights have no order", arguments: [[1, -1], [1, .nan], [1, .infinity], [1], [1, 1, 1]])
    func badWeightsHaveNoOrder(weights: [Double]) {
        #expect(ScoreOrder([1, 2], weights: weights) == nil)
    }
}
