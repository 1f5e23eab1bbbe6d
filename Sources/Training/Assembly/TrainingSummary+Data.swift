import LimpetEvents
import LimpetParallel
package import LimpetScoring

extension TrainingSummary {
    /// Summarises the distribution of training rows in the bins of all terms of an input together, so that
    /// the counts of each term's own bins are sums of these. Where there are none, or a line or curve, about
    /// ten bins of equal size are added.
    package init(_ data: TrainingData, fit: AdditiveFit, logOdds: [Double], threads: Int = 1) {
        var termsOfInput = [[Term]](repeating: [], count: data.columns.count)
        for term in fit.terms {
            for input in term.inputs { termsOfInput[input].append(term) }
        }
        let terms = termsOfInput
        let distributions = ConcurrentBlocks.map(data.columns.count, threads: threads) { input in
            Self.distribution(
                of: data.columns[input], weights: data.weights, input: input, terms: terms[input])
        }
        self.init(
            rows: data.count, users: data.userCount, positives: data.labels.count { $0 },
            weight: data.weights?.reduce(0, +),
            positiveWeight: data.weights.map { weights in
                zip(weights, data.labels).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
            },
            snapshots: data.times.flatMap { times in
                times.min().flatMap { first in times.max().map { first...$0 } }
            },
            inputs: distributions,
            logOdds: Self.counts(
                .numbers(logOdds), weights: data.weights,
                edges: BinEdges.edges(of: logOdds, weights: data.weights, maximumBins: 20)))
    }

    private static func distribution(
        of column: TrainingData.Column, weights: [Double]?, input: Int, terms: [Term]
    ) -> Distribution {
        switch column {
        case .numbers(let numbers):
            var edges = Set(terms.flatMap { $0.edges(of: input) })
            if edges.isEmpty || terms.contains(where: \.isContinuous) {
                edges.formUnion(BinEdges.edges(of: numbers, weights: weights, maximumBins: 10))
            }
            return counts(.numbers(numbers), weights: weights, edges: edges.sorted())
        case .levels(let names, let codes):
            var counts = [Double](repeating: 0, count: names.count + 1)
            var missing = 0.0
            for (row, code) in codes.enumerated() {
                let weight = weights?[row] ?? 1
                if code < 0 { missing += weight } else { counts[min(Int(code), names.count)] += weight }
            }
            return Distribution(levels: names, counts: counts, missing: missing)
        case .bytes(let column):
            let counts = column.counts(weights: weights)
            switch column.definition.kind {
            case .levels(let names):
                return Distribution(
                    levels: names, counts: Array(counts.dropLast()), missing: counts[counts.count - 1])
            case .numbers(let known):
                var edges = Set(terms.flatMap { $0.edges(of: input) })
                if edges.isEmpty {
                    edges.formUnion(BinEdges.edges(among: known, counts: counts, maximumBins: 10))
                }
                return Self.counts(counts, of: column.definition, edges: edges.sorted())
            }
        }
    }

    /// Returns the distribution over some of a column's edges, by what is in each of its bins.
    private static func counts(
        _ counts: [Double], of definition: BinDefinition, edges: [Double]
    ) -> Distribution {
        let axis = Term.Axis.numbers(edges: edges)
        var sums = [Double](repeating: 0, count: axis.binCount)
        for (bin, target) in ColumnBins.bins(of: axis, by: definition).enumerated() {
            sums[Int(target)] += counts[bin]
        }
        return Distribution(
            edges: edges, counts: Array(sums.prefix(edges.count + 1)), missing: sums[axis.missing])
    }

    private static func counts(
        _ values: TrainingData.Column, weights: [Double]?, edges: [Double]
    ) -> Distribution {
        let axis = Term.Axis.numbers(edges: edges)
        let column = ColumnBins(values, by: axis)
        var counts = [Double](repeating: 0, count: axis.binCount)
        for range in RowBlocks.ranges(values.count) {
            let bins = column.bins(range, of: nil)
            if let weights {
                for (place, row) in range.enumerated() { counts[Int(bins[place])] += weights[row] }
            } else {
                for bin in bins { counts[Int(bin)] += 1 }
            }
        }
        return Distribution(
            edges: edges, counts: Array(counts.prefix(edges.count + 1)), missing: counts[axis.missing])
    }
}

extension Term {
    fileprivate var isContinuous: Bool {
        switch shape {
        case .line, .curve: true
        case .steps, .levels, .grid: false
        }
    }

    /// Returns the edges between which the term is constant, or one polynomial, in an input.
    fileprivate func edges(of input: Int) -> [Double] {
        switch shape {
        case .steps(let steps): steps.edges
        case .curve(let curve): curve.knots.map { curve.transform.inverse($0) }
        case .grid(let grid): (self.input == input ? grid.rows : grid.columns).edges
        case .line, .levels: []
        }
    }
}

extension Term.Axis {
    fileprivate var edges: [Double] {
        if case .numbers(let edges) = self { edges } else { [] }
    }
}
