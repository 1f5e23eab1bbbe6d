import Foundation
import LimpetLinearAlgebra
import LimpetTraining
import Testing

@Suite struct LogisticRegressionTests {
    private let sample = LogisticSample()

    private func isNear(_ left: [Double], _ right: [Double], within tolerance: Double = 1e-6) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
    }

    /// The objective as the documentation defines it, from the rows.
    private func objective(
        _ coefficients: [Double], _ rows: [[Double]], _ labels: [Bool], penalty: Double
    ) -> Double {
        var sum = 0.5 * penalty * coefficients.dropFirst().reduce(0) { $0 + $1 * $1 }
        for (row, label) in zip(rows, labels) {
            let eta = zip(row, coefficients.dropFirst()).reduce(coefficients[0]) { $0 + $1.0 * $1.1 }
            sum += log1p(exp(eta)) - (label ? eta : 0)
        }
        return sum
    }

    @Test("coefficients and errors are those of statsmodels")
    func coefficientsAndErrorsAreThoseOfStatsmodels() throws {
        let fit = try LogisticRegression(sample.design, labels: sample.labels, penalty: 0)
        #expect(isNear(fit.coefficients, LogisticSample.Peers.coefficients))
        #expect(isNear(fit.standardErrors, LogisticSample.Peers.standardErrors))
        #expect(abs(fit.objective + LogisticSample.Peers.logLikelihood) < 1e-10)
    }

    @Test("penalised coefficients are those of scikit-learn")
    func penalisedCoefficientsAreThoseOfScikitLearn() throws {
        let fit = try LogisticRegression(
            sample.design, labels: sample.labels, penalty: LogisticSample.Peers.penalty)
        #expect(isNear(fit.coefficients, LogisticSample.Peers.penalised))
        #expect(abs(fit.objective - LogisticSample.Peers.penalisedObjective) < 1e-10)
    }

    @Test("no small step lowers the objective", arguments: [0, 0.1, 2.5, 100, 1e5])
    func noSmallStepLowersTheObjective(penalty: Double) throws {
        let fit = try LogisticRegression(sample.design, labels: sample.labels, penalty: penalty)
        let atSolution = objective(fit.coefficients, sample.rows, sample.labels, penalty: penalty)
        #expect(abs(atSolution - fit.objective) < 1e-9)
        for index in fit.coefficients.indices {
            let step = 1e-4
            var (up, down) = (fit.coefficients, fit.coefficients)
            up[index] += step
            down[index] -= step
            let above = objective(up, sample.rows, sample.labels, penalty: penalty)
            let below = objective(down, sample.rows, sample.labels, penalty: penalty)
            #expect(above > atSolution && below > atSolution)
            #expect(abs(above - below) / (2 * step) < 1e-5)
        }
    }

    @Test("standard errors come from the curvature", arguments: [0.0, 2.5])
    func standardErrorsComeFromTheCurvature(penalty: Double) throws {
        // One column beside the intercept, so that the inverse is that of two by two.
        let rows = sample.rows.map { [$0[0]] }
        let fit = try LogisticRegression(
            LogisticSample.design(rows), labels: sample.labels, penalty: penalty)
        var (a, b, c) = (0.0, 0.0, penalty)
        for row in rows {
            let p = 1 / (1 + exp(-fit.coefficients[0] - fit.coefficients[1] * row[0]))
            a += p * (1 - p)
            b += p * (1 - p) * row[0]
            c += p * (1 - p) * row[0] * row[0]
        }
        let determinant = a * c - b * b
        #expect(isNear(fit.standardErrors, [sqrt(c / determinant), sqrt(a / determinant)], within: 1e-9))
    }

    @Test("scaled columns have scaled coefficients", arguments: [1e-4, 7, 1e5])
    func scaledColumnsHaveScaledCoefficients(scale: Double) throws {
        let scaled = LogisticSample.design(sample.rows.map { [$0[0] * scale, $0[1], $0[2]] })
        let fit = try LogisticRegression(scaled, labels: sample.labels, penalty: 0)
        var (coefficients, errors) = (LogisticSample.Peers.coefficients, LogisticSample.Peers.standardErrors)
        coefficients[1] /= scale
        errors[1] /= scale
        #expect(isNear(fit.coefficients, coefficients))
        #expect(isNear(fit.standardErrors, errors))
    }

    @Test("a path is one fit after the other")
    func aPathIsOneFitAfterTheOther() throws {
        let penalties = [1_000.0, 100, 10, 1, 0.1, 0]
        let path = try LogisticRegression.path(sample.design, labels: sample.labels, penalties: penalties)
        #expect(path.count == penalties.count)
        for (penalty, fit) in zip(penalties, path) {
            let single = try LogisticRegression(sample.design, labels: sample.labels, penalty: penalty)
            #expect(zip(fit.coefficients, single.coefficients).allSatisfy { abs($0 - $1) < 1e-3 })
            #expect(abs(fit.objective - single.objective) < 1e-6)
        }
    }

    @Test("the base rate is an intercept")
    func theBaseRateIsAnIntercept() throws {
        let labels = (0..<40).map { $0 < 10 }
        let fit = try LogisticRegression(
            LogisticSample.design(labels.map { _ in [] }), labels: labels, penalty: 3)
        #expect(isNear(fit.coefficients, [-log(3)]))
        #expect(isNear(fit.standardErrors, [1 / sqrt(7.5)]))
    }

    @Test("a strong penalty leaves the base rate")
    func aStrongPenaltyLeavesTheBaseRate() throws {
        let fit = try LogisticRegression(sample.design, labels: sample.labels, penalty: 1e12)
        let share = Double(sample.labels.count { $0 }) / Double(sample.labels.count)
        #expect(abs(fit.coefficients[0] - log(share / (1 - share))) < 1e-9)
        #expect(fit.coefficients.dropFirst().allSatisfy { abs($0) < 1e-9 })
    }

    @Test("a column that depends on others is named")
    func aColumnThatDependsOnOthersIsNamed() throws {
        let design = LogisticSample.design(sample.rows.map { [$0[0], $0[1], $0[0] - 2 * $0[1] + 1] })
        #expect(throws: LogisticRegressionError.dependentColumn(3)) {
            try LogisticRegression(design, labels: sample.labels, penalty: 0)
        }
        let fit = try LogisticRegression(design, labels: sample.labels, penalty: 1)
        #expect(fit.coefficients.allSatisfy { $0.isFinite })
    }

    @Test("an empty column is a dependent one")
    func anEmptyColumnIsADependentOne() throws {
        let design = LogisticSample.design(sample.rows.map { [0, $0[0]] })
        #expect(throws: LogisticRegressionError.dependentColumn(1)) {
            try LogisticRegression(design, labels: sample.labels, penalty: 0)
        }
        #expect(try LogisticRegression(design, labels: sample.labels, penalty: 1).coefficients[1] == 0)
    }

    /// Columns that separate the classes: fully, but for one value that both have, and in one group only.
    private static let separating: [@Sendable (Int) -> (x: [Double], label: Bool)] = [
        { ([Double($0)], $0 >= 20) },
        { ([Double($0) * 1e-6], $0 >= 20) },
        { ([Double($0) * 1e6], $0 < 20) },
        { ([$0 < 20 ? 0 : 1], $0 >= 20) },
        { ([Double($0 / 2 * 2)], $0 >= 21) },
        { ([$0 % 8 == 0 ? 1 : 0, sin(Double($0))], $0 % 8 == 0 || $0 % 3 == 0) },
        { ([Double($0 % 5)], $0 >= 0) },
    ]

    @Test("where no finite coefficient is best is an error", arguments: separating.indices)
    func whereNoFiniteCoefficientIsBestIsAnError(example: Int) throws {
        let rows = (0..<40).map(Self.separating[example])
        let design = LogisticSample.design(rows.map(\.x))
        #expect(throws: LogisticRegressionError.self) {
            try LogisticRegression(design, labels: rows.map(\.label), penalty: 0)
        }
        guard Set(rows.map(\.label)).count == 2 else { return }
        let fit = try LogisticRegression(design, labels: rows.map(\.label), penalty: 1)
        #expect((fit.coefficients + fit.standardErrors).allSatisfy { $0.isFinite })
    }

    @Test("almost separated classes have a fit")
    func almostSeparatedClassesHaveAFit() throws {
        // One row on the wrong side keeps the best coefficient finite.
        let rows = (0..<400).map { [Double($0) / 10] }
        var labels = rows.indices.map { $0 >= 200 }
        (labels[150], labels[260]) = (true, false)
        let fit = try LogisticRegression(LogisticSample.design(rows), labels: labels, penalty: 0)
        #expect(fit.coefficients[1] > 0.3 && fit.coefficients[1] < 3)
    }

    @Test("far outlying rows do not stop the steps")
    func farOutlyingRowsDoNotStopTheSteps() throws {
        var rows = sample.rows
        rows[0][0] = 1e6
        rows[1][1] = -1e6
        for penalty in [0.0, 1] {
            let fit = try LogisticRegression(
                LogisticSample.design(rows), labels: sample.labels, penalty: penalty)
            #expect(fit.coefficients.allSatisfy { $0.isFinite })
        }
    }
}
