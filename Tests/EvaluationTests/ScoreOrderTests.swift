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

    @Test("numbers of all sizes are in order", arguments: [20, 4_000])
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
