import LimpetEvents
package import LimpetScoring

/// A fitted additive function: what every kind of training ends in, before it is calibrated and described.
package struct AdditiveFit: Sendable {
    package var intercept: Double
    package var terms: [Term]

    package init(intercept: Double, terms: [Term]) {
        self.intercept = intercept
        self.terms = terms
    }

    /// The log-odds of rows.
    package func logOdds(of data: TrainingData) -> [Double] {
        var sums = [Double](repeating: intercept, count: data.count)
        for term in terms {
            for (row, value) in term.contributions(of: data).enumerated() { sums[row] += value }
        }
        return sums
    }

    /// Shifts each term to mean 0 over the rows given, moves the shifts into the intercept, and notes how much
    /// each term matters. Terms that say nothing go.
    package func centred(on data: TrainingData) -> AdditiveFit {
        var fit = AdditiveFit(intercept: intercept, terms: [])
        for term in terms {
            let values = term.contributions(of: data)
            let mean = values.reduce(0, +) / Double(max(1, values.count))
            let variance =
                values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
            guard variance > 0 else {
                fit.intercept += mean
                continue
            }
            var centred = term.shifted(by: -mean).silencingUnseenStates(in: data)
            centred.importance = variance.squareRoot()
            fit.intercept += mean
            fit.terms.append(centred)
        }
        return fit
    }
}

extension Term {
    /// What the term adds in each row of training data.
    func contributions(of data: TrainingData) -> [Double] {
        switch (shape, data.columns[input]) {
        case (.line(let line), .numbers(let numbers)):
            return numbers.map { $0.isNaN ? missing : line.offset + line.coefficient * line.transform($0) }
        case (.steps(let steps), .numbers(let numbers)):
            return numbers.map { $0.isNaN ? missing : steps.values[steps.bin($0)] }
        case (.levels(let levels), .levels(let names, let codes)):
            var valueOfName: [VerbatimText: Double] = [:]
            for (name, value) in zip(levels.names, levels.values) { valueOfName[VerbatimText(name)] = value }
            let values = names.map { valueOfName[VerbatimText($0)] ?? levels.other }
            return codes.map { code in
                code < 0 ? missing : Int(code) < values.count ? values[Int(code)] : levels.other
            }
        default:
            preconditionFailure("a term does not fit its column")
        }
    }

    /// The term with 0 for what no row has: a missing value where none is missing, a level without rows, an
    /// unknown level where all are known. Nothing was learnt about them.
    func silencingUnseenStates(in data: TrainingData) -> Term {
        var term = self
        switch (shape, data.columns[input]) {
        case (.levels(var levels), .levels(_, let codes)):
            if !codes.contains(-1) { term.missing = 0 }
            if !codes.contains(where: { Int($0) >= levels.names.count }) { levels.other = 0 }
            let seen = Set(codes)
            for level in levels.names.indices where !seen.contains(Int32(level)) { levels.values[level] = 0 }
            term.shape = .levels(levels)
        case (_, .numbers(let numbers)):
            if !numbers.contains(where: \.isNaN) { term.missing = 0 }
        default: break
        }
        return term
    }

    /// The term with a constant added everywhere.
    func shifted(by shift: Double) -> Term {
        var term = self
        term.missing += shift
        switch shape {
        case .line(var line):
            line.offset += shift
            term.shape = .line(line)
        case .steps(var steps):
            steps.values = steps.values.map { $0 + shift }
            term.shape = .steps(steps)
        case .levels(var levels):
            levels.values = levels.values.map { $0 + shift }
            levels.other += shift
            term.shape = .levels(levels)
        }
        return term
    }
}
