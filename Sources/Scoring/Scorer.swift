import LimpetEvents
public import LimpetFeatures

/// A model made ready for scoring: immutable, without locks, safe to use from any number of threads.
public struct Scorer: Sendable {
    /// The model.
    public let model: Model
    private let terms: [CompiledTerm]

    /// The result for one user.
    public struct Score: Hashable, Sendable {
        /// The sum of the intercept and of all terms, in the order of the model file.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double
    }

    /// Makes a model ready.
    public init(_ model: Model) {
        self.model = model
        terms = model.terms.map(CompiledTerm.init)
    }

    /// The score of one vector of inputs.
    public func score(_ vector: borrowing FeatureVector) -> Score {
        var sum = model.intercept
        for term in terms {
            sum += term.contribution(vector.numbers[term.input], vector.categories[term.input].rawValue)
        }
        return Score(logOdds: sum, probability: model.calibrator.probability(sum))
    }

    /// What each term adds, in the order of the model's terms. Added to the intercept in this order they give
    /// the log-odds to the bit.
    public func contributions(_ vector: borrowing FeatureVector) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(terms.count)
        for term in terms {
            result.append(
                term.contribution(vector.numbers[term.input], vector.categories[term.input].rawValue))
        }
        return result
    }

    /// The scores of rows given by columns, `numbers[input][row]` and `keys[input][row]`, where the column of
    /// the other type is empty; columns behind the model's inputs are not looked at.
    public func scores(numbers: [[Double]], keys: [[UInt64]], rowCount: Int) -> [Score] {
        var sums = [Double](repeating: model.intercept, count: rowCount)
        for term in terms {
            term.add(numbers: numbers[term.input], keys: keys[term.input], to: &sums)
        }
        return sums.map { Score(logOdds: $0, probability: model.calibrator.probability($0)) }
    }
}

/// A term with its levels as a table by key.
struct CompiledTerm: Sendable {
    let input: Int
    private let shape: Term.Shape
    private let missing: Double
    private let levels: [UInt64: Double]

    init(_ term: Term) {
        input = term.input
        shape = term.shape
        missing = term.missing
        var levels: [UInt64: Double] = [:]
        if case .levels(let table) = term.shape {
            for (name, value) in zip(table.names, table.values) { levels[TextKey(name).rawValue] = value }
        }
        self.levels = levels
    }

    @inline(__always)
    func contribution(_ number: Double, _ key: UInt64) -> Double {
        switch shape {
        case .line(let line):
            return number.isNaN ? missing : line.offset + line.coefficient * line.transform(number)
        case .steps(let steps):
            return number.isNaN ? missing : steps.values[steps.bin(number)]
        case .levels(let table):
            return key == 0 ? missing : levels[key] ?? table.other
        }
    }

    func add(numbers: [Double], keys: [UInt64], to sums: inout [Double]) {
        if case .levels = shape {
            for row in sums.indices { sums[row] += contribution(.nan, keys[row]) }
        } else {
            for row in sums.indices { sums[row] += contribution(numbers[row], 0) }
        }
    }
}
