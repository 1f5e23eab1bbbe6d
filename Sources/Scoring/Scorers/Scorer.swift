import LimpetEvents
public import LimpetFeatures

/// A model made ready for scoring: immutable, without locks, safe to use from any number of threads.
public struct Scorer: Sendable {
    /// The model.
    public let model: Model
    private let terms: [CompiledTerm]
    /// What each term is about, for reasons.
    let termGroups: TermGroups

    /// The result for one user.
    public struct Score: Hashable, Sendable {
        /// The sum of the intercept and of all terms, in the order of the model file.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        package init(logOdds: Double, probability: Double) {
            (self.logOdds, self.probability) = (logOdds, probability)
        }
    }

    /// Makes a model ready.
    public init(_ model: Model) {
        self.model = model
        terms = model.terms.map(CompiledTerm.init)
        termGroups = TermGroups(model)
    }

    /// The score of one vector of inputs.
    public func score(_ vector: borrowing FeatureVector) -> Score {
        var sum = model.intercept
        for term in terms {
            sum += term.contribution({ vector.numbers[$0] }, { vector.categories[$0].rawValue })
        }
        return Score(logOdds: sum, probability: model.calibrator.probability(sum))
    }

    /// What each term adds, in the order of the model's terms. Added to the intercept in this order they give
    /// the log-odds to the bit.
    public func contributions(_ vector: borrowing FeatureVector) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(terms.count)
        for term in terms {
            result.append(term.contribution({ vector.numbers[$0] }, { vector.categories[$0].rawValue }))
        }
        return result
    }

    /// The scores of rows given by columns, `numbers[input][row]` and `keys[input][row]`, where the column of
    /// the other type is empty; columns behind the model's inputs are not looked at.
    public func scores(numbers: [[Double]], keys: [[UInt64]], rowCount: Int) -> [Score] {
        var sums = [Double](repeating: model.intercept, count: rowCount)
        for term in terms {
            term.add(numbers: numbers, keys: keys, to: &sums)
        }
        return sums.map { Score(logOdds: $0, probability: model.calibrator.probability($0)) }
    }
}
