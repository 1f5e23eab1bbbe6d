import LimpetScoring

extension AdditiveFit {
    /// Returns the same as ``centred(on:)`` for terms over known bins, from the number of rows in each bin
    /// instead of the rows.
    ///
    /// - Parameters:
    ///   - counts: the number of rows in each bin, `[inputs][bins]`.
    ///   - bins: the bins of each input, which are at least as fine as the terms.
    ///   - silences: true to give 0 to missing values and levels that no row has: nothing was learnt of them.
    package func centred(
        over counts: [[Double]], bins: [BinDefinition], silences: Bool = false
    ) -> AdditiveFit {
        var fit = AdditiveFit(intercept: intercept, terms: [])
        for term in terms {
            let rows = counts[term.input].reduce(0, +)
            let values = term.values(in: bins[term.input])
            func mean(_ value: (Int) -> Double) -> Double {
                counts[term.input].indices.reduce(0.0) { $0 + counts[term.input][$1] * value($1) }
                    / (rows > 0 ? rows : 1)
            }
            let centre = mean { values[$0] }
            let variance = mean { (values[$0] - centre) * (values[$0] - centre) }
            fit.intercept += centre
            guard variance > 0 else { continue }
            var centred = term.shifted(by: -centre)
            if silences { centred = centred.silencing(Self.unseen(counts[term.input], bins[term.input])) }
            centred.importance = variance.squareRoot()
            fit.terms.append(centred)
        }
        return fit
    }
}

extension AdditiveFit {
    private static func unseen(_ counts: [Double], _ bins: BinDefinition) -> TermSpread.Unseen {
        var unseen = TermSpread.Unseen()
        unseen.missing = counts[bins.valueBins] == 0
        if case .levels = bins.kind { unseen.first = Set(counts.indices.filter { counts[$0] == 0 }) }
        return unseen
    }
}

extension Term {
    /// Returns the value in each bin, missing values last.
    fileprivate func values(in bins: BinDefinition) -> [Double] {
        switch (shape, bins.kind) {
        case (.steps(let steps), .numbers(let edges)):
            return ([-.infinity] + edges).map { steps.values[steps.bin($0)] } + [missing]
        case (.levels(let levels), .levels): return levels.values + [levels.other, missing]
        default: preconditionFailure("a term and its bins are of different kinds")
        }
    }
}
