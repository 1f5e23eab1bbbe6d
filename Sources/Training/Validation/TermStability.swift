package import LimpetScoring

/// The stability of terms: how much their contributions to the same rows change from one model to the next.
///
/// Terms of the same inputs count as one. Each model's contributions are centred to mean 0 over the rows,
/// since a constant belongs to the intercept; a model without the term contributes 0.
public struct TermStability: Sendable {
    /// The stability of one term.
    public struct Term: Hashable, Sendable {
        /// The names of its inputs.
        public var inputs: [String]
        /// The number of models that have the term.
        public var models: Int
        /// The mean over models of the importance: the standard deviation of the contributions over rows.
        public var importance: Double
        /// The standard deviation over models of that importance.
        public var importanceDeviation: Double
        /// The mean correlation over rows between each model and the next; nil unless two consecutive models
        /// both vary.
        public var correlation: Double?
        /// The least of these correlations.
        public var leastCorrelation: Double?
        /// The distance of a row's contributions from their mean over models: the standard deviation over
        /// models (with `n − 1`), as the root of its mean square over rows, in log-odds.
        public var deviation: Double
    }

    /// The running statistics of a term.
    fileprivate struct Record: Sendable {
        var last: [Double]
        /// The mean over models for each row, and the summed squares about it (B. Welford, 1962).
        var mean: [Double]
        var squares: [Double]
        var importances: [Double]
        var correlations: [Double] = []
        var models = 0
    }

    private let rows: TrainingData
    private var records: [[Int]: Record] = [:]
    private var modelCount = 0

    /// Makes an empty comparison.
    ///
    /// - Parameter rows: the rows on which models are compared.
    package init(_ rows: TrainingData) {
        self.rows = rows
    }

    /// Adds the next model.
    package mutating func add(_ fit: AdditiveFit) {
        var contributions: [[Int]: [Double]] = [:]
        for term in fit.terms {
            let added = term.contributions(of: rows)
            contributions[term.inputs.sorted()] =
                contributions[term.inputs.sorted()].map { zip($0, added).map { $0 + $1 } } ?? added
        }
        let zeros = [Double](repeating: 0, count: rows.count)
        for key in Set(contributions.keys).union(records.keys) {
            let values = contributions[key].map(Self.centred) ?? zeros
            var record =
                records[key]
                ?? Record(
                    last: zeros, mean: zeros, squares: zeros,
                    importances: [Double](repeating: 0, count: modelCount))
            record.add(values, isPresent: contributions[key] != nil)
            records[key] = record
        }
        modelCount += 1
    }

    /// Returns all terms of any model, the most important first.
    package func terms(_ inputs: [Model.Input]) -> [Term] {
        records.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, record in
            Term(inputs: key.map { inputs[$0].name }, record: record)
        }.enumerated().sorted { ($1.element.importance, $0.offset) < ($0.element.importance, $1.offset) }
            .map(\.element)
    }

    private static func centred(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.map { $0 - mean }
    }
}

extension TermStability.Record {
    fileprivate mutating func add(_ values: [Double], isPresent: Bool) {
        let count = Double(importances.count + 1)
        let (norm, lastNorm) = (Self.norm(values), Self.norm(last))
        if norm > 0, lastNorm > 0 {
            correlations.append(zip(values, last).reduce(0.0) { $0 + $1.0 * $1.1 } / (norm * lastNorm))
        }
        for row in values.indices {
            let change = values[row] - mean[row]
            mean[row] += change / count
            squares[row] += change * (values[row] - mean[row])
        }
        importances.append(norm / Double(max(1, values.count)).squareRoot())
        if isPresent { models += 1 }
        last = values
    }

    private static func norm(_ values: [Double]) -> Double {
        values.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    }
}

extension TermStability.Term {
    fileprivate init(inputs: [String], record: TermStability.Record) {
        let spread = BacktestResult.Spread(record.importances)
        let freedom = Double(max(1, record.importances.count - 1) * max(1, record.squares.count))
        self.inputs = inputs
        models = record.models
        importance = spread?.mean ?? 0
        importanceDeviation = spread?.deviation ?? 0
        correlation = BacktestResult.Spread(record.correlations)?.mean
        leastCorrelation = record.correlations.min()
        deviation = (record.squares.reduce(0, +) / freedom).squareRoot()
    }
}
