import LimpetDocuments
import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// The training data of a logistic regression: a design, its rows in blocks, and the penalty's weight on each
/// column.
package struct LogisticProblem: Sendable {
    let design: LogisticDesign
    package let rows: LogisticRows
    package let shape: PenaltyShape
    package let names: [String]
    let threads: Int
    private let net: ElasticNet?

    package struct Solution: Sendable {
        package var coefficients: [Double]
        /// The sum of losses.
        package var loss: Double
        /// `(X'WX + λI)⁻¹`; nil where standard errors from it would be meaningless.
        var inverse: Matrix?

        /// The inverse, or a matrix without columns.
        var inverseCurvature: Matrix { inverse ?? Matrix(rows: 0, columns: 0) }
    }

    package init(
        _ data: TrainingData, _ extras: RowExtras, settings: LogisticSettings, dropsReference: Bool,
        threads: Int
    ) async throws {
        try Self.check(settings, inputs: data.inputs)
        design = try await LogisticDesign(
            data, dropsReference: dropsReference, splines: settings.splines, weights: extras.weights,
            threads: threads)
        rows = try await design.rows(of: data, extras, threads: threads)
        names = design.names(data)
        net = settings.elasticNet
        self.threads = threads
        shape = try Self.shape(design, data, settings)
    }

    /// Checks that splines can be fitted to the inputs that they name, and that no direction is set for them.
    private static func check(
        _ settings: LogisticSettings, inputs: [Model.Input]
    ) throws(LogisticFitError) {
        if case .named(let names) = settings.splines.inputs {
            let numbers = VerbatimSet(inputs.filter { !$0.isCategorical }.map(\.name))
            if let name = names.subtracting(numbers).min() { throw .noNumberToBend(name) }
        }
        let bent = inputs.filter { settings.splines.contains($0) && settings.signs[$0.name] != nil }
        if let input = bent.first { throw .bentDirection(input.name) }
    }

    private static func shape(
        _ design: LogisticDesign, _ data: TrainingData, _ settings: LogisticSettings
    ) throws(LogisticFitError) -> PenaltyShape {
        let net = settings.elasticNet
        var shape = PenaltyShape(
            columns: design.columns.count + 1, l1Ratio: net?.l1Ratio ?? 0, unit: net == nil ? .sum : .mean)
        for (name, sign) in settings.signs.sorted(by: { $0.key < $1.key }) {
            guard let input = data.inputs.firstIndex(where: { $0.name.isVerbatim(name) && !$0.isCategorical })
            else {
                throw .noSuchNumber(name)
            }
            for (place, column) in design.columns.enumerated() where column.input == input && column.isValue {
                if sign == .nonNegative { shape.lower[place + 1] = 0 } else { shape.upper[place + 1] = 0 }
            }
        }
        for (place, column) in design.columns.enumerated() where !column.isStandardised {
            shape.isStandardised[place + 1] = false
        }
        return shape
    }

    /// Runs a fit and names the columns in its error.
    func naming<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as LogisticRegressionError {
            throw LogisticFitError(error, rows, names: names)
        }
    }

    /// Returns coefficients, the intercept first, as a function of the original inputs.
    package func additiveFit(_ coefficients: [Double], data: TrainingData) -> AdditiveFit {
        AdditiveFit(
            intercept: coefficients[0],
            terms: design.terms(coefficients, covariance: nil, data: data))
    }

    /// True when there are fewer rows than columns, all in one segment and without bounds on coefficients.
    private var isWide: Bool {
        rows.columns > rows.count && rows.segmentCount == 1 && shape.lower.allSatisfy { $0 == -.infinity }
            && shape.upper.allSatisfy { $0 == .infinity }
    }

    /// Returns the fit under an L2 penalty on the sum of losses, without standard errors where columns
    /// outnumber rows.
    package func fit(_ strength: Double) async throws -> Solution {
        if isWide, strength > 0 {
            let wide = WideRidge(rows)
            let solver = try await LogisticFitter(
                wide.rows, penalty: .ridge(strength, columns: wide.rows.columns)
            ).fit(threads: threads)
            return Solution(coefficients: wide.coefficients(solver.solution), loss: solver.value.loss)
        }
        let deviations = try await rows.deviations(heldOut: [nil], threads: threads)[0]
        let weight = rows.segmentWeights.reduce(0, +)
        let penalty = shape.penalty(strength, weight: weight, deviations: deviations)
        do {
            let solver = try await LogisticFitter(rows, penalty: penalty).fit(threads: threads)
            let curvature = LogisticFitter.sum(
                try await rows.curvatures(solver.solution, threads: threads))
            var solution = Solution(coefficients: solver.solution, loss: solver.value.loss)
            guard penalty.isQuadratic else { return solution }
            solution.inverse = try ConvergenceCheck.check(solver, rows, curvature: curvature).inverse
            return solution
        } catch let error as LogisticRegressionError {
            throw ConvergenceCheck.named(error, rows, penalty)
        }
    }

    /// Returns the fit under an elastic net, along the path down to its penalty; without standard errors,
    /// since the same rows have selected the columns.
    func fitNet(_ strength: Double) async throws -> Solution {
        let path = LogisticPath(rows, shape: shape, models: [nil], threads: threads)
        let penalties = try await path.penalties(net ?? ElasticNet(l1Ratio: shape.l1Ratio))
        let result = try await path.run(penalties.filter { $0 > strength } + [strength], stopsEarly: false)
        guard let last = result.points[0].last else { return Solution(coefficients: [], loss: 0) }
        return Solution(coefficients: last.coefficients, loss: last.loss)
    }
}

extension LogisticDesign.Column {
    var isValue: Bool {
        if case .value = meaning { true } else { false }
    }

    /// True when its values are divided by a standard deviation.
    var isStandardised: Bool {
        switch meaning {
        case .value, .spline, .missingNumber: true
        case .level, .missingLevel: false
        }
    }
}
