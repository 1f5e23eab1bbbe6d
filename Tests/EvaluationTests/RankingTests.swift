import LimpetEvaluation
import Testing

@Suite struct RankingTests {
    /// The share of pairs in the right order, ties counting half.
    private func pairAUC(_ scores: [Double], _ labels: [Bool]) -> Double {
        var (right, pairs) = (0.0, 0.0)
        for (score, label) in zip(scores, labels) where label {
            for (other, isPositive) in zip(scores, labels) where !isPositive {
                pairs += 1
                right += score > other ? 1 : score == other ? 0.5 : 0
            }
        }
        return right / pairs
    }

    /// The expected lift when rows with equal scores come in any order: the mean over many orders.
    private func shuffledLift(_ scores: [Double], _ labels: [Bool], top: Int) -> Double {
        var generator = SystemRandomNumberGenerator()
        var sum = 0.0
        let repeats = 4_000
        for _ in 0..<repeats {
            let order = scores.indices.shuffled(using: &generator).sorted { scores[$0] > scores[$1] }
            sum += Double(order.prefix(top).count { labels[$0] }) / Double(top)
        }
        return sum / Double(repeats) / (Double(labels.count { $0 }) / Double(labels.count))
    }

    @Test("the AUC is the share of pairs in the right order", arguments: [2, 3, 10, 57, 200, 501])
    func theAUCIsTheShareOfPairsInTheRightOrder(rows: Int) throws {
        for seed in 1...5 {
            var sample = RandomScores(rows: rows, seed: UInt64(seed))
            (sample.labels[0], sample.labels[1]) = (true, false)
            let auc = try #require(Ranking.auc(scores: sample.scores, labels: sample.labels))
            #expect(abs(auc - pairAUC(sample.scores, sample.labels)) < 1e-13)
        }
    }

    @Test("the AUC is that of scikit-learn")
    func theAUCIsThatOfScikitLearn() throws {
        let sample = MetricsSample()
        let auc = try #require(Ranking.auc(scores: sample.logOdds, labels: sample.labels))
        #expect(abs(auc - MetricsSample.Peers.auc) < 1e-14)
    }

    @Test(
        "the AUC is known in simple cases",
        arguments: [
            ([0.1, 0.2, 0.3], [false, false, true], 1.0),
            ([0.3, 0.2, 0.1], [false, false, true], 0.0),
            ([0.5, 0.5, 0.5], [false, true, true], 0.5),
            ([-Double.infinity, 0, .infinity], [false, true, true], 1.0),
        ])
    func theAUCIsKnownInSimpleCases(scores: [Double], labels: [Bool], auc: Double) {
        #expect(Ranking.auc(scores: scores, labels: labels) == auc)
    }

    @Test("one class has no AUC", arguments: [[], [true], [false], [true, true], [false, false]])
    func oneClassHasNoAUC(labels: [Bool]) {
        #expect(Ranking.auc(scores: labels.map { _ in 0.5 }, labels: labels) == nil)
    }

    @Test("the lift is known in simple cases")
    func theLiftIsKnownInSimpleCases() {
        let scores = (0..<10).map(Double.init)
        let labels = scores.map { $0 >= 8 }
        #expect(Ranking.lift(scores: scores, labels: labels, share: 0.1) == 5)
        #expect(Ranking.lift(scores: scores, labels: labels, share: 0.4) == 2.5)
        #expect(Ranking.lift(scores: scores, labels: labels, share: 1) == 1)
        #expect(Ranking.lift(scores: scores.map { -$0 }, labels: labels, share: 0.1) == 0)
    }

    @Test("a share that cuts a row takes the part")
    func aShareThatCutsARowTakesThePart() throws {
        // A tenth of 15 rows: the first, and half of the second.
        let scores = (0..<15).map { -Double($0) }
        let labels = scores.indices.map { $0 == 1 || $0 > 11 }
        let lift = try #require(Ranking.lift(scores: scores, labels: labels))
        #expect(abs(lift - (0.5 / 1.5) / (4.0 / 15)) < 1e-14)
    }

    @Test("rows tied at the border count with their share")
    func rowsTiedAtTheBorderCountWithTheirShare() throws {
        let sample = RandomScores(rows: 200, seed: 3, steps: 4)
        let lift = try #require(Ranking.lift(scores: sample.scores, labels: sample.labels))
        #expect(abs(lift - shuffledLift(sample.scores, sample.labels, top: 20)) < 0.02)
    }

    @Test("equal scores lift nothing")
    func equalScoresLiftNothing() throws {
        let labels = (0..<40).map { $0 % 4 == 0 }
        let lift = try #require(Ranking.lift(scores: labels.map { _ in 1.5 }, labels: labels))
        #expect(abs(lift - 1) < 1e-14)
    }

    @Test("scores that are no numbers cannot be ranked")
    func scoresThatAreNoNumbersCannotBeRanked() {
        #expect(Ranking.auc(scores: [1, .nan, 2], labels: [true, false, false]) == nil)
        #expect(Ranking.lift(scores: [1, .nan, 2], labels: [true, false, false]) == nil)
    }

    @Test("without a label of one there is no lift")
    func withoutALabelOfOneThereIsNoLift() {
        #expect(Ranking.lift(scores: [], labels: []) == nil)
        #expect(Ranking.lift(scores: [1, 2], labels: [false, false]) == nil)
        #expect(Ranking.lift(scores: [1, 2], labels: [true, false], share: 0) == nil)
    }

    /// Precision and recall at each threshold by counting, summed from the highest.
    private func averagePrecisionByCounting(_ scores: [Double], _ labels: [Bool]) -> Double {
        var (sum, lastRecall) = (0.0, 0.0)
        let positives = Double(labels.count { $0 })
        for threshold in Set(scores).sorted(by: >) {
            let taken = scores.indices.filter { scores[$0] >= threshold }
            let hits = Double(taken.count { labels[$0] })
            sum += (hits / positives - lastRecall) * hits / Double(taken.count)
            lastRecall = hits / positives
        }
        return sum
    }

    @Test("average precision is the sum over thresholds", arguments: [1, 2, 10, 57, 501])
    func averagePrecisionIsTheSumOverThresholds(rows: Int) throws {
        for seed in 1...5 {
            var sample = RandomScores(rows: rows, seed: UInt64(seed))
            sample.labels[0] = true
            let ours = try #require(
                Ranking.averagePrecision(scores: sample.scores, labels: sample.labels))
            #expect(abs(ours - averagePrecisionByCounting(sample.scores, sample.labels)) < 1e-13)
        }
    }

    @Test("average precision is that of scikit-learn")
    func averagePrecisionIsThatOfScikitLearn() throws {
        let sample = MetricsSample()
        let ours = try #require(Ranking.averagePrecision(scores: sample.logOdds, labels: sample.labels))
        #expect(abs(ours - MetricsSample.Peers.prAuc) < 1e-14)
    }

    @Test(
        "average precision is known in simple cases",
        arguments: [
            ([0.3, 0.2, 0.1], [true, false, false], 1.0),
            ([0.3, 0.2, 0.1], [false, false, true], 1.0 / 3),
            ([0.5, 0.5, 0.5, 0.5], [false, true, false, false], 0.25),
            ([0.5, 0.1], [true, true], 1.0),
        ])
    func averagePrecisionIsKnownInSimpleCases(scores: [Double], labels: [Bool], expected: Double) {
        #expect(Ranking.averagePrecision(scores: scores, labels: labels) == expected)
    }

    @Test("without a label of one there is no precision")
    func withoutALabelOfOneThereIsNoPrecision() {
        #expect(Ranking.averagePrecision(scores: [], labels: []) == nil)
        #expect(Ranking.averagePrecision(scores: [1, 2], labels: [false, false]) == nil)
        #expect(Ranking.averagePrecision(scores: [1, .nan], labels: [true, false]) == nil)
        #expect(Ranking.averagePrecision(scores: [1, 2], labels: [true]) == nil)
    }
}
