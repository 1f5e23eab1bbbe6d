import LimpetLinearAlgebra
import LimpetScoring

extension LogisticDesign {
    /// Returns the coefficients as terms on the inputs' own scales.
    ///
    /// - Parameter covariance: of the coefficients, for standard errors; nil for none.
    func terms(_ coefficients: [Double], covariance: Matrix?, data: TrainingData) -> [Term] {
        let solution = Solution(coefficients: coefficients, covariance: covariance)
        return data.columns.indices.compactMap { input in
            let places = columns.indices.filter { columns[$0].input == input }
            guard !places.isEmpty else { return nil }
            switch data.columns[input] {
            case .numbers: return numberTerm(input, places, solution)
            case .levels(let names, let codes):
                return levelsTerm(
                    input, places, solution, names: names, codes: codes, weights: data.weights)
            case .bytes: preconditionFailure("a trainer refuses inputs whose numbers are not known")
            }
        }
    }

    /// The coefficients by the index of their column, with their covariance.
    private struct Solution {
        let coefficients: [Double]
        let covariance: Matrix?

        subscript(place: Int) -> Double { coefficients[place + 1] }

        func standardError(_ place: Int) -> Double? { deviation([place], [1]) }

        /// Returns the standard error of a linear combination of coefficients.
        func deviation(_ places: [Int], _ factors: [Double]) -> Double? {
            guard let covariance else { return nil }
            var variance = 0.0
            for (left, first) in zip(places, factors) {
                for (right, second) in zip(places, factors) {
                    variance += first * second * covariance[left + 1, right + 1]
                }
            }
            return max(0, variance).squareRoot()
        }
    }

    private func numberTerm(_ input: Int, _ places: [Int], _ solution: Solution) -> Term {
        var (missing, known) = (0.0, 0.0)
        var shape = Term.Shape.line(Term.Line(transform: .identity, coefficient: 0, offset: 0))
        var splines: [Int] = []
        for place in places {
            let coefficient = solution[place]
            switch columns[place].meaning {
            case .value(let transform, let mean, let deviation):
                let line = Term.Line(
                    transform: transform, coefficient: coefficient / deviation,
                    offset: -coefficient / deviation * mean,
                    standardError: solution.standardError(place).map { $0 / deviation })
                shape = .line(line)
            case .spline: splines.append(place)
            case .missingNumber(let share, let deviation):
                missing = coefficient / deviation * (1 - share)
                known = -coefficient / deviation * share
            case .level, .missingLevel: preconditionFailure("a number has no levels")
            }
        }
        if let curve = curve(splines, solution) { shape = .curve(curve) }
        // A missing value contributes only its indicator.
        var term = Term(input: input, shape: shape, missing: 0).shifted(by: known)
        term.missing = missing
        return term
    }

    /// Returns the sum of a spline's columns as one curve.
    private func curve(_ places: [Int], _ solution: Solution) -> Term.Curve? {
        let curves = places.compactMap { place -> Term.Curve? in
            if case .spline(let column) = columns[place].meaning { column.curve } else { nil }
        }
        guard var sum = curves.first?.scaled(by: 0) else { return nil }
        for (place, curve) in zip(places, curves) { sum.add(curve, times: solution[place]) }
        if solution.covariance != nil {
            sum.standardErrors = sum.knots.indices.compactMap { knot in
                solution.deviation(places, curves.map { $0.values[knot] })
            }
        }
        return sum
    }

    /// Returns the coefficients of levels as a term. Their errors are those of the distance from the mean
    /// over all rows, which is what the term shows, so that the reference level, which has no column, has one
    /// too.
    private func levelsTerm(
        _ input: Int, _ places: [Int], _ solution: Solution, names: [String], codes: [Int32],
        weights: [Double]?
    ) -> Term {
        var levels = Term.Levels(names: names, values: names.map { _ in 0 }, other: 0)
        var missing = 0.0
        for place in places {
            switch columns[place].meaning {
            case .level(let level?): levels.values[level] = solution[place]
            case .level(nil): levels.other = solution[place]
            default: missing = solution[place]
            }
        }
        if solution.covariance != nil {
            let states = places.map { bin(of: $0, levels: names.count) }
            let shares = Self.shares(of: codes, weights, levels: names.count)
            levels.standardErrors = names.indices.map { level in
                solution.deviation(places, states.map { ($0 == level ? 1 : 0) - shares[$0] }) ?? 0
            }
        }
        return Term(input: input, shape: .levels(levels), missing: missing)
    }

    /// Returns the bin in which a category's column is 1: a level, one more for levels without a name, or the
    /// last for a missing value.
    private func bin(of place: Int, levels: Int) -> Int {
        switch columns[place].meaning {
        case .level(let level): level ?? levels
        default: levels + 1
        }
    }

    /// Returns the share of the rows in each bin.
    private static func shares(of codes: [Int32], _ weights: [Double]?, levels: Int) -> [Double] {
        var rows = [Double](repeating: 0, count: levels + 2)
        for (row, code) in codes.enumerated() {
            rows[code < 0 ? levels + 1 : min(Int(code), levels)] += weights?[row] ?? 1
        }
        let total = rows.reduce(0, +)
        return rows.map { $0 / (total > 0 ? total : 1) }
    }
}
