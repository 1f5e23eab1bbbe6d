import LimpetEvents
import LimpetScoring

/// The sum of all stumps of one number, as one step function.
struct NumberFold {
    private var start = 0.0
    private var jumps: [Double: Double] = [:]
    private var missing = 0.0
    private var shares: [Double: ImportedStump.Share] = [:]
    /// The mean over the training rows, for the stumps whose division of the rows is known.
    private(set) var mean = 0.0

    mutating func add(edges: [Double], values: [Double], missing: Double, share: ImportedStump.Share?) {
        start += values[0]
        for (edge, (left, right)) in zip(edges, zip(values, values.dropFirst())) {
            jumps[edge, default: 0] += right - left
        }
        self.missing += missing
        guard let share else { return }
        mean += share.mean
        if edges.count == 1 { shares[edges[0]] = share }
    }

    /// Returns the step function minus its mean.
    func term(input: Int) -> Term {
        let edges = jumps.keys.sorted()
        var values = [start - mean]
        for edge in edges { values.append(values[values.count - 1] + (jumps[edge] ?? 0)) }
        return Term(
            input: input, shape: .steps(Term.Steps(edges: edges, values: values)), missing: missing - mean,
            importance: deviation(edges, values))
    }

    /// Returns the standard deviation over the training rows, where the share of the rows below each edge is
    /// that of a stump with this edge.
    private func deviation(_ edges: [Double], _ values: [Double]) -> Double {
        var (below, sum, squares) = (0.0, 0.0, 0.0)
        for (index, value) in values.enumerated() {
            let end = index < edges.count ? shares[edges[index]]?.leftPart ?? below : 1
            let part = max(0, end - below)
            below = max(below, end)
            sum += part * value
            squares += part * value * value
        }
        return max(0, squares - sum * sum).squareRoot()
    }
}

/// The sum of all stumps of one category, as one table of levels.
struct CategoryFold {
    private var other = 0.0
    private var missing = 0.0
    private var differences: [Int: Double] = [:]
    private var deviation = 0.0
    /// The mean over the training rows, for the stumps whose division of the rows is known.
    private(set) var mean = 0.0

    mutating func add(
        codes: [Int], inside: Double, outside: Double, missing: Double, share: ImportedStump.Share?
    ) {
        other += outside
        self.missing += missing
        for code in codes { differences[code, default: 0] += inside - outside }
        mean += share?.mean ?? 0
        deviation += share?.deviation ?? 0
    }

    /// The codes with a value of their own, ascending.
    var codes: [Int] { differences.keys.sorted() }

    /// Returns the table minus its mean. Its importance is an upper bound, since the distribution of the
    /// codes over the rows is not known.
    func term(input: Int, name: (Int) -> String) -> Term {
        let values = codes.map { other + (differences[$0] ?? 0) - mean }
        let levels = Term.Levels(names: codes.map(name), values: values, other: other - mean)
        return Term(input: input, shape: .levels(levels), missing: missing - mean, importance: deviation)
    }
}
