import LimpetScoring

/// The steps of boosted pairs, in their order.
struct PairRounds: Sendable {
    /// The two axes of each pair.
    let pairs: [(PairAxis, PairAxis)]
    /// The steps, each a pair with the values added to its cells.
    private(set) var steps: [(pair: Int, values: [Double])] = []

    init(pairs: [(PairAxis, PairAxis)]) { self.pairs = pairs }

    var count: Int { steps.count }

    mutating func append(_ values: [Double], to pair: Int) { steps.append((pair, values)) }

    /// Returns the sums of the steps of some rounds, `[pairs][cells]`; rounds after the last one add nothing,
    /// and a pair without any of them has no cells.
    func tables(_ range: Range<Int>) -> [[Double]] {
        var tables = [[Double]](repeating: [], count: pairs.count)
        for step in steps[range.clamped(to: steps.indices)] {
            tables[step.pair] =
                tables[step.pair].isEmpty
                ? step.values : zip(tables[step.pair], step.values).map { $0 + $1 }
        }
        return tables
    }

    /// The tables as terms, without those that are 0 everywhere.
    var terms: [Term] {
        zip(pairs, tables(steps.indices)).compactMap { pair, values in
            guard values.contains(where: { $0 != 0 }) else { return nil }
            return Term(
                input: pair.0.input,
                grid: Term.Grid(
                    second: pair.1.input, rows: pair.0.axis, columns: pair.1.axis, values: values))
        }
    }
}
