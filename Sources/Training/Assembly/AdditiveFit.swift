package import LimpetScoring

/// A fitted additive function: the result of every kind of training, before calibration and description.
package struct AdditiveFit: Sendable {
    package var intercept: Double
    package var terms: [Term]

    package init(intercept: Double, terms: [Term]) {
        self.intercept = intercept
        self.terms = terms
    }

    /// Returns the log-odds of rows.
    package func logOdds(of data: TrainingData) -> [Double] {
        var sums = [Double](repeating: intercept, count: data.count)
        for term in terms {
            for (row, value) in term.contributions(of: data).enumerated() { sums[row] += value }
        }
        return sums
    }

    /// Returns the function with each term shifted to mean 0 over the given rows, the shifts added to the
    /// intercept, and the importance of each term. Constant terms are removed. Pairs are not shifted:
    /// purification has centred each of their rows and columns under its own weights.
    package func centred(on data: TrainingData) -> AdditiveFit {
        var fit = AdditiveFit(intercept: intercept, terms: [])
        for term in terms {
            let values = term.contributions(of: data)
            let mean = data.mean(values)
            let variance = data.mean(values.map { ($0 - mean) * ($0 - mean) })
            guard variance > 0 else {
                fit.intercept += mean
                continue
            }
            let shift = term.isPair ? 0 : mean
            var centred = term.shifted(by: -shift).silencingUnseenStates(in: data)
            centred.importance = variance.squareRoot()
            fit.intercept += shift
            fit.terms.append(centred)
        }
        return fit
    }
}

extension TrainingData {
    /// Returns the mean of a value of each row under the rows' weights; 0 without rows.
    fileprivate func mean(_ values: [Double]) -> Double {
        guard let weights else { return values.reduce(0, +) / Double(max(1, values.count)) }
        let total = weights.reduce(0, +)
        return zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / (total > 0 ? total : 1)
    }
}

extension Term {
    /// True when the term reads two inputs.
    package var isPair: Bool {
        if case .grid = shape { true } else { false }
    }
}
