import Foundation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct CalibratorFitTests {
    /// Log-odds with labels drawn from `logistic(intercept + slope · x)`.
    private func sample(
        _ count: Int, slope: Double, intercept: Double, steps: Double = 1e9
    ) -> (logOdds: [Double], labels: [Bool]) {
        var uniforms = Uniforms(seed: 77)
        let logOdds = (0..<count).map { _ in (uniforms.normal() * 2 * steps).rounded() / steps }
        return (logOdds, logOdds.map { uniforms.next() < 1 / (1 + exp(-intercept - slope * $0)) })
    }

    @Test("Platt's line is the one that made the labels", arguments: [(1.0, 0.0), (0.5, -1), (1.7, 0.8)])
    func plattsLineIsTheOneThatMadeTheLabels(slope: Double, intercept: Double) {
        let sample = sample(40_000, slope: slope, intercept: intercept)
        guard case .platt(let a, let b) = CalibratorFit.platt(logOdds: sample.logOdds, labels: sample.labels)
        else {
            Issue.record("expected a line")
            return
        }
        #expect(abs(a - slope) < 0.05)
        #expect(abs(b - intercept) < 0.05)
    }

    @Test("a line that would turn the order is not taken")
    func aLineThatWouldTurnTheOrderIsNotTaken() {
        let sample = sample(1_000, slope: -1, intercept: 0)
        #expect(CalibratorFit.platt(logOdds: sample.logOdds, labels: sample.labels) == .none)
    }

    @Test(
        "where no line is best nothing is calibrated",
        arguments: [
            ([], []), ([1.0, 2], [true, true]), ([1, 1, 1], [true, false, true]),
            ([1, 2, 3, 4], [false, false, true, true]),
        ])
    func whereNoLineIsBestNothingIsCalibrated(logOdds: [Double], labels: [Bool]) {
        for method in CalibrationMethod.allCases {
            let calibrator = CalibratorFit.fit(method, logOdds: logOdds, labels: labels, positiveUsers: 2)
            #expect(calibrator == .none)
        }
    }

    @Test("isotonic curves need a thousand users with a label of one")
    func isotonicCurvesNeedAThousandUsersWithALabelOfOne() {
        let sample = sample(4_000, slope: 1, intercept: 0)
        func kind(_ users: Int) -> String {
            switch CalibratorFit.fit(
                .isotonic, logOdds: sample.logOdds, labels: sample.labels, positiveUsers: users)
            {
            case .none: "none"
            case .platt: "platt"
            case .isotonic: "isotonic"
            }
        }
        #expect(kind(999) == "platt")
        #expect(kind(1_000) == "isotonic")
    }

    @Test("an isotonic curve rises strictly within zero and one", arguments: [1e9, 4, 1])
    func anIsotonicCurveRisesStrictlyWithinZeroAndOne(steps: Double) throws {
        let sample = sample(5_000, slope: 1.5, intercept: -1, steps: steps)
        let calibrator = try #require(
            CalibratorFit.isotonic(logOdds: sample.logOdds, labels: sample.labels))
        guard case .isotonic(let knots, let values) = calibrator else {
            Issue.record("expected a curve")
            return
        }
        #expect(zip(knots, knots.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
        #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
        let mean = sample.logOdds.reduce(0.0) { $0 + calibrator.probability($1) } / 5_000
        #expect(abs(mean - Double(sample.labels.count { $0 }) / 5_000) < 0.01)
    }

    /// The isotonic regression by its max-min formula, over groups of equal log-odds.
    private func maxMin(_ logOdds: [Double], _ labels: [Bool]) -> (knots: [Double], values: [Double]) {
        let groups = Set(logOdds).sorted().map { x in
            (x: x, labels: zip(logOdds, labels).filter { $0.0 == x }.map(\.1))
        }
        func mean(_ range: ClosedRange<Int>) -> Double {
            let all = groups[range].flatMap(\.labels)
            return Double(all.count { $0 }) / Double(all.count)
        }
        let fitted = groups.indices.map { place in
            (0...place).map { low in
                (place..<groups.count).map { mean(low...$0) }.min() ?? 0
            }.max() ?? 0
        }
        var result: (knots: [Double], values: [Double]) = ([], [])
        var counts: [Double] = []
        for value in Set(fitted).sorted() {
            let block = groups.indices.filter { fitted[$0] == value }
            let rows = block.flatMap { place in groups[place].labels.map { _ in groups[place].x } }
            let count = Double(rows.count)
            result.knots.append(rows.reduce(0, +) / count)
            result.values.append(value)
            counts.append(count)
        }
        // Half an event off 0 and 1, or half of the way to the neighbour.
        let end = counts.count - 1
        if result.values[0] == 0 { result.values[0] = min(0.5 / counts[0], result.values[1] / 2) }
        if result.values[end] == 1 {
            result.values[end] = max(1 - 0.5 / counts[end], (1 + result.values[end - 1]) / 2)
        }
        return result
    }

    @Test("an isotonic curve is the best one that rises", arguments: [1.0, 2, 5, 1e9])
    func anIsotonicCurveIsTheBestOneThatRises(steps: Double) throws {
        let sample = sample(120, slope: 0.6, intercept: 0, steps: steps)
        let reference = maxMin(sample.logOdds, sample.labels)
        guard
            case .isotonic(let knots, let values) = try #require(
                CalibratorFit.isotonic(logOdds: sample.logOdds, labels: sample.labels))
        else {
            Issue.record("expected a curve")
            return
        }
        #expect(knots.count == reference.knots.count)
        for (left, right) in zip(knots + values, reference.knots + reference.values) {
            #expect(abs(left - right) < 1e-12)
        }
    }

    @Test("rows with equal log-odds are pooled first")
    func rowsWithEqualLogOddsArePooledFirst() throws {
        // A third at 1 and a half at 2: they rise as they are, in whatever order the rows come.
        let logOdds = [1.0, 1, 1, 2, 2]
        for labels in [[true, false, false, false, true], [false, false, true, true, false]] {
            guard
                case .isotonic(let knots, let values) = try #require(
                    CalibratorFit.isotonic(logOdds: logOdds, labels: labels))
            else { continue }
            #expect(knots == [1, 2])
            #expect(abs(values[0] - 1.0 / 3) < 1e-15)
            #expect(values[1] == 0.5)
        }
    }
}
