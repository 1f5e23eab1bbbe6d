import LimpetScoring

/// The bins of one input: the values that a step function distinguishes.
package struct BinDefinition: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Numbers, separated by ascending edges.
        case numbers(edges: [Double])
        /// Levels; one more bin holds all other levels.
        case levels(names: [String])
    }

    package var kind: Kind

    package init(kind: Kind) {
        self.kind = kind
    }

    /// The number of bins without the one of missing values, which comes last.
    package var valueBins: Int {
        switch kind {
        case .numbers(let edges): edges.count + 1
        case .levels(let names): names.count + 1
        }
    }

    package var binCount: Int { valueBins + 1 }

    /// The largest number of bins of an input, the one of missing values included: a bin is one byte.
    package static let limit = 256

    /// Chooses the bins of an input.
    ///
    /// - Parameters:
    ///   - weights: of the rows; nil for ones.
    ///   - maximumBins: the largest number, the one of missing values included; for numbers only.
    init(_ column: TrainingData.Column, weights: [Double]?, maximumBins: Int, edges: inout BinEdges) {
        switch column {
        case .numbers(let numbers):
            let edges = edges.edges(of: numbers, weights: weights, maximumBins: maximumBins - 1)
            self.init(kind: .numbers(edges: edges))
        case .levels(let names, let codes):
            self.init(kind: .levels(names: Self.frequent(names, codes, weights)))
        case .bytes(let column): self = column.definition
        }
    }

    /// Returns the levels, or the most frequent ones where they outnumber the bins, in the order of `names`.
    private static func frequent(_ names: [String], _ codes: [Int32], _ weights: [Double]?) -> [String] {
        guard names.count > limit - 2 else { return names }
        var counts = [Double](repeating: 0, count: names.count)
        for (row, code) in codes.enumerated() where code >= 0 && Int(code) < names.count {
            counts[Int(code)] += weights?[row] ?? 1
        }
        let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
        return order.prefix(limit - 2).sorted().map { names[$0] }
    }
}
