import LimpetParallel
package import LimpetScoring

/// A fitted additive function: the result of every kind of training, before calibration and description.
package struct AdditiveFit: Hashable, Sendable {
    package var intercept: Double
    package var terms: [Term]

    package init(intercept: Double, terms: [Term]) {
        self.intercept = intercept
        self.terms = terms
    }

    /// Returns the log-odds of all rows, or of those of a list in its order.
    package func logOdds(of data: TrainingData, rows: [Int]? = nil, threads: Int = 1) -> [Double] {
        let readers = terms.map { TermReader($0, data) }
        let intercept = intercept
        let count = rows?.count ?? data.count
        var sums = [Double](repeating: intercept, count: count)
        ConcurrentBlocks.forEachPart(
            of: &sums, bounds: ConcurrentBlocks.bounds(count, length: ColumnBins.blockRows), threads: threads
        ) { part, sums in
            let first = part * ColumnBins.blockRows
            var block = [Double](repeating: intercept, count: sums.count)
            for reader in readers { reader.add(first..<(first + sums.count), of: rows, to: &block) }
            for row in block.indices { sums[row] = block[row] }
        }
        return sums
    }

    /// Returns the function with each term shifted to mean 0 over the given rows, the shifts added to the
    /// intercept, and the importance of each term. Constant terms are removed. Pairs are not shifted:
    /// purification has centred each of their rows and columns under its own weights.
    package func centred(on data: TrainingData, threads: Int = 1) -> AdditiveFit {
        let terms = terms
        let spreads = ConcurrentBlocks.map(terms.count, threads: threads) { TermSpread(terms[$0], data) }
        var fit = AdditiveFit(intercept: intercept, terms: [])
        for (term, spread) in zip(terms, spreads) {
            guard spread.variance > 0 else {
                fit.intercept += spread.mean
                continue
            }
            let shift = term.isPair ? 0 : spread.mean
            var centred = term.shifted(by: -shift).silencing(spread.unseen)
            centred.importance = spread.variance.squareRoot()
            fit.intercept += shift
            fit.terms.append(centred)
        }
        return fit
    }
}

extension Term {
    /// True when the term reads two inputs.
    package var isPair: Bool {
        if case .grid = shape { true } else { false }
    }
}
