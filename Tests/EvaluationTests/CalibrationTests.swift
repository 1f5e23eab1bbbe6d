import Foundation
import LimpetEvaluation
import Testing

@Suite struct CalibrationTests {
    @Test("the line is that of statsmodels")
    func theLineIsThatOfStatsmodels() throws {
        let sample = MetricsSample()
        let line = try #require(Calibration.line(logOdds: sample.logOdds, labels: sample.labels))
        #expect(abs(line.slope - MetricsSample.Peers.calibrationSlope) < 1e-12)
        #expect(abs(line.intercept - MetricsSample.Peers.calibrationIntercept) < 1e-12)
    }

    @Test("observed to expected is that of scikit-learn")
    func observedToExpectedIsThatOfScikitLearn() throws {
        let sample = MetricsSample()
        let ratio = try #require(
            Calibration.observedToExpected(probabilities: sample.probabilities, labels: sample.labels))
        #expect(abs(ratio - MetricsSample.Peers.observedToExpected) < 1e-14)
    }

    @Test(
        "a line follows the scale of the log-odds",
        arguments: [(1.0, 0.0), (0.3, -4.0), (7.0, 2.0), (1e-3, 500.0)])
    func aLineFollowsTheScaleOfTheLogOdds(scale: Double, shift: Double) throws {
        let sample = MetricsSample()
        let first = try #require(Calibration.line(logOdds: sample.logOdds, labels: sample.labels))
        let moved = sample.logOdds.map { $0 * scale + shift }
        let line = try #require(Calibration.line(logOdds: moved, labels: sample.labels))
        #expect(abs(line.slope * scale - first.slope) < 1e-9)
        #expect(abs(line.intercept + line.slope * shift - first.intercept) < 1e-9)
    }

    @Test("the gradient is zero at the line")
    func theGradientIsZeroAtTheLine() throws {
        let sample = RandomScores(rows: 400, seed: 4, steps: 1e6)
        let line = try #require(Calibration.line(logOdds: sample.scores, labels: sample.labels))
        var gradient = (intercept: 0.0, slope: 0.0)
        for (x, label) in zip(sample.scores, sample.labels) {
            let residual = (label ? 1 : 0) - 1 / (1 + exp(-line.intercept - line.slope * x))
            gradient.intercept += residual
            gradient.slope += residual * x
        }
        #expect(abs(gradient.intercept) < 1e-9)
        #expect(abs(gradient.slope) < 1e-9)
    }

    @Test("the line of many rows has a gradient of zero", arguments: [0.0, 1e3, 1e7], [false, true])
    func theLineOfManyRowsHasAGradientOfZero(outlier: Double, weighted: Bool) throws {
        let sample = RandomScores(rows: 60_000, seed: 4, steps: 1e6)
        var logOdds = sample.scores
        // All but one of the log-odds share a group, from whose line no start comes.
        if outlier > 0 { logOdds[5] = -outlier }
        let weights = weighted ? logOdds.indices.map { Double($0 % 3) } : nil
        let line = try #require(Calibration.line(logOdds: logOdds, labels: sample.labels, weights: weights))
        let shift = try #require(
            Calibration.intercept(logOdds: logOdds, labels: sample.labels, weights: weights))
        var gradient = (intercept: 0.0, slope: 0.0, shift: 0.0)
        for row in logOdds.indices {
            let (x, weight, y) = (logOdds[row], weights?[row] ?? 1, sample.labels[row] ? 1.0 : 0)
            let residual = weight * (y - 1 / (1 + exp(-line.intercept - line.slope * x)))
            gradient.intercept += residual
            gradient.slope += residual * x
            gradient.shift += weight * (y - 1 / (1 + exp(-shift - x)))
        }
        #expect(abs(gradient.intercept) < 1e-7)
        #expect(abs(gradient.slope) < 1e-7 * max(1, outlier))
        #expect(abs(gradient.shift) < 1e-7)
    }

    @Test("many separated log-odds have no line")
    func manySeparatedLogOddsHaveNoLine() {
        let logOdds = (0..<40_000).map { Double($0) / 1e4 }
        #expect(Calibration.line(logOdds: logOdds, labels: logOdds.map { $0 >= 2 }) == nil)
        #expect(Calibration.line(logOdds: logOdds.map { _ in 1 }, labels: logOdds.map { $0 >= 2 }) == nil)
    }

    @Test("log-odds on the wrong side have a negative slope")
    func logOddsOnTheWrongSideHaveANegativeSlope() throws {
        let sample = MetricsSample()
        let line = try #require(Calibration.line(logOdds: sample.logOdds.map { -$0 }, labels: sample.labels))
        #expect(abs(line.slope + MetricsSample.Peers.calibrationSlope) < 1e-12)
    }

    @Test(
        "where no finite line is best there is none",
        arguments: [
            ([], []),
            ([1.0], [true]),
            ([1, 2, 3], [true, true, true]),
            ([1, 2, 3], [false, false, false]),
            ([1, 1, 1], [true, false, true]),
            ([1, 2, 3, 4], [false, false, true, true]),
            ([4, 3, 2, 1], [false, false, true, true]),
            ([-8, -7, -6, 5, 6, 7], [false, false, false, true, true, true]),
            ([-0.3, -0.2, -0.1, 0.1, 0.2, 0.3], [false, false, false, true, true, true]),
            ([1, 2, 2, 3], [false, false, true, true]),
        ])
    func whereNoFiniteLineIsBestThereIsNone(logOdds: [Double], labels: [Bool]) {
        #expect(Calibration.line(logOdds: logOdds, labels: labels) == nil)
    }

    @Test("separated classes have no line on any scale", arguments: [1e-3, 0.1, 1, 10, 1e3], [0.0, -3, 40])
    func separatedClassesHaveNoLineOnAnyScale(scale: Double, shift: Double) {
        let points = (0..<200).map { Double($0) / 10 - 10 }
        let logOdds = points.map { $0 * scale + shift }
        #expect(Calibration.line(logOdds: logOdds, labels: points.map { $0 >= 1 }) == nil)
        #expect(Calibration.line(logOdds: logOdds, labels: points.map { $0 < 9.8 }) == nil)
        #expect(Calibration.line(logOdds: logOdds + [shift], labels: points.map { $0 > 0 } + [true]) == nil)
    }

    @Test("nothing expected gives no ratio")
    func nothingExpectedGivesNoRatio() {
        #expect(Calibration.observedToExpected(probabilities: [], labels: []) == nil)
        #expect(Calibration.observedToExpected(probabilities: [0, 0], labels: [true, false]) == nil)
        #expect(Calibration.observedToExpected(probabilities: [0.5, 0.5], labels: [false, false]) == 0)
    }

    @Test("the intercept is that of statsmodels")
    func theInterceptIsThatOfStatsmodels() throws {
        let sample = MetricsSample()
        let intercept = try #require(Calibration.intercept(logOdds: sample.logOdds, labels: sample.labels))
        #expect(abs(intercept - MetricsSample.Peers.calibrationInTheLarge) < 1e-12)
    }

    @Test("at the intercept as many are expected as happened", arguments: [-700, -35, -2, 0, 0.5, 34, 300])
    func atTheInterceptAsManyAreExpectedAsHappened(shift: Double) throws {
        let sample = RandomScores(rows: 300, seed: 9, steps: 1e6)
        let logOdds = sample.scores.map { 8 * $0 - 3 + shift }
        let intercept = try #require(Calibration.intercept(logOdds: logOdds, labels: sample.labels))
        let expected = logOdds.reduce(0.0) { $0 + 1 / (1 + exp(-$1 - intercept)) }
        #expect(abs(expected - Double(sample.labels.count { $0 })) < 1e-8)
    }

    @Test("a few surprises among certainties have an intercept")
    func aFewSurprisesAmongCertaintiesHaveAnIntercept() throws {
        let logOdds = [34.5, 34.5, 34.5, -34.5]
        let intercept = try #require(
            Calibration.intercept(logOdds: logOdds, labels: [true, false, false, false]))
        #expect(abs(intercept - (log(0.5) - 34.5)) < 1e-6)
    }

    @Test("one class has no intercept")
    func oneClassHasNoIntercept() {
        #expect(Calibration.intercept(logOdds: [], labels: []) == nil)
        #expect(Calibration.intercept(logOdds: [1, 2], labels: [true, true]) == nil)
        #expect(Calibration.intercept(logOdds: [1, .nan], labels: [true, false]) == nil)
        #expect(Calibration.intercept(logOdds: [1, -.infinity], labels: [true, false]) == nil)
        #expect(Calibration.line(logOdds: [1, .nan, 2], labels: [true, false, true]) == nil)
    }
}
