import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// Training data as a logistic regression sees them: a design, its rows in blocks, and how a penalty weighs on it.
struct LogisticProblem: Sendable {
    let design: LogisticDesign
    let rows: LogisticRows
    let shape: PenaltyShape
    let names: [String]
    let threads: Int
    private let net: ElasticNet?

    struct Solution: Sendable {
        var coefficients: [Double]
        /// Empty where they would say nothing.
        var standardErrors: [Double]
    }

    init(
        _ data: TrainingData, _ extras: RowExtras, settings: LogisticSettings, dropsReference: Bool,
        threads: Int
    ) async throws {
        design = try await LogisticDesign(
            data, dropsReference: dropsReference, weights: extras.weights, threads: threads)
        rows = try await design.rows(of: data, extras, threads: threads)
        names = design.names(data)
        net = settings.elasticNet
        self.threads = threads
        shape = try Self.shape(design, data, settings)
    }

    private static func shape(
        _ design: LogisticDesign, _ data: TrainingData, _ settings: LogisticSettings
    ) throws(LogisticTrouble) -> PenaltyShape {
        let net = settings.elasticNet
        var shape = PenaltyShape(
            columns: design.columns.count + 1, l1Ratio: net?.l1Ratio ?? 0, unit: net == nil ? .sum : .mean)
        for (name, sign) in settings.signs.sorted(by: { $0.key < $1.key }) {
            guard let input = data.inputs.firstIndex(where: { $0.name == name && !$0.isCategorical }) else {
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

    /// Runs a fit, and names the columns in its error.
    func naming<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as LogisticRegressionError {
            throw LogisticTrouble(error, rows, names: names)
        }
    }

    /// The fit under an L2 penalty for the sum of losses.
    func fit(_ strength: Double) async throws -> Solution {
        let deviations = try await rows.deviations(heldOut: [nil], threads: threads)[0]
        let weight = rows.segmentWeights.reduce(0, +)
        let penalty = shape.penalty(strength, weight: weight, deviations: deviations)
        do {
            let solver = try await LogisticFitter(rows, penalty: penalty).fit(threads: threads)
            let curvature = LogisticFitter.sum(
                try await rows.curvatures(solver.coefficients, threads: threads))
            guard penalty.isQuadratic else {
                return Solution(coefficients: solver.coefficients, standardErrors: [])
            }
            let factor = try LogisticEnd.check(solver, rows, curvature: curvature)
            return Solution(
                coefficients: solver.coefficients,
                standardErrors: factor.inverseDiagonal.map { $0.squareRoot() })
        } catch let error as LogisticRegressionError {
            throw LogisticEnd.named(error, rows, penalty)
        }
    }

    /// The fit under an elastic net, along the path down to its penalty; without standard errors, since the same
    /// rows have selected the columns.
    func fitNet(_ strength: Double) async throws -> Solution {
        let path = LogisticPath(rows, shape: shape, models: [nil], threads: threads)
        let penalties = try await path.penalties(net ?? ElasticNet(l1Ratio: shape.l1Ratio))
        let result = try await path.run(penalties.filter { $0 > strength } + [strength], stopsEarly: false)
        return Solution(
            coefficients: result.points[0].last?.coefficients ?? [], standardErrors: [])
    }
}

extension LogisticDesign.Column {
    var isValue: Bool {
        if case .value = meaning { true } else { false }
    }

    /// Whether its values are divided by a standard deviation.
    var isStandardised: Bool {
        switch meaning {
        case .value, .missingNumber: true
        case .level, .missingLevel: false
        }
    }
}
