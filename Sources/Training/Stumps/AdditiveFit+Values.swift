import LimpetScoring

extension AdditiveFit {
    /// Makes one term for each input with values other than 0; bins with the same value on both sides of an
    /// edge are merged.
    ///
    /// - Parameter values: of each bin, `[inputs][bins]`.
    init(intercept: Double, values: [[Double]], definitions: [BinDefinition]) {
        var terms: [Term] = []
        for (input, definition) in definitions.enumerated() {
            let values = values[input]
            guard values.contains(where: { $0 != 0 }) else { continue }
            let missing = values[definition.valueBins]
            switch definition.kind {
            case .numbers(let edges):
                var steps = Term.Steps(edges: [], values: [values[0]])
                for (edge, value) in zip(edges, values.dropFirst()) where value != steps.values.last {
                    steps.edges.append(edge)
                    steps.values.append(value)
                }
                terms.append(Term(input: input, shape: .steps(steps), missing: missing))
            case .levels(let names):
                let levels = Term.Levels(
                    names: names, values: Array(values.prefix(names.count)), other: values[names.count])
                terms.append(Term(input: input, shape: .levels(levels), missing: missing))
            }
        }
        self.init(intercept: intercept, terms: terms)
    }
}
