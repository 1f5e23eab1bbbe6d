import LimpetEvents
public import LimpetFeatures

/// A model compiled for scoring feature vectors: immutable, without locks, safe to use from any number of
/// threads.
///
///     let scorer = try ModelFile.decode(bytes).scorer
///     let score = scorer.score(history.features(at: now))
///     print(score.probability, score.logOdds)
public struct Scorer: Sendable {
    /// The model.
    public let model: Model
    private let terms: [CompiledTerm]
    /// The grouping of the terms by inputs and topic, for reasons.
    let termGroups: TermGroups
    /// The phrases about each input's values.
    let phrases: [InputPhrase]

    /// The score of one feature vector.
    public struct Score: Hashable, Sendable {
        /// The sum of the intercept and of all terms, in the order of the model file.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        package init(logOdds: Double, probability: Double) {
            (self.logOdds, self.probability) = (logOdds, probability)
        }
    }

    /// Compiles a model.
    public init(_ model: Model) {
        self.model = model
        terms = model.terms.map(CompiledTerm.init)
        termGroups = TermGroups(model)
        phrases = InputPhrase.all(model)
    }

    /// Returns the score of one feature vector.
    public func score(_ vector: borrowing FeatureVector) -> Score {
        var sum = model.intercept
        for term in terms {
            sum += term.contribution({ vector.numbers[$0] }, { vector.categories[$0].rawValue })
        }
        return Score(logOdds: sum, probability: model.calibrator.probability(sum))
    }

    /// Returns the contribution of each term, in the order of the model's terms.
    ///
    /// Added to the intercept in this order they give the log-odds, bit for bit.
    public func contributions(_ vector: borrowing FeatureVector) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(terms.count)
        for term in terms {
            result.append(term.contribution({ vector.numbers[$0] }, { vector.categories[$0].rawValue }))
        }
        return result
    }

    /// Returns the scores of rows given as columns, `[inputs][rows]`.
    ///
    /// An input has its values in `numbers` or in `keys`, by its type, and an empty column in the other.
    /// Columns after those of the model's inputs are ignored.
    public func scores(numbers: [[Double]], keys: [[UInt64]], rowCount: Int) -> [Score] {
        var sums = [Double](repeating: model.intercept, count: rowCount)
        for term in terms {
            term.add(numbers: numbers, keys: keys, to: &sums)
        }
        return sums.map { Score(logOdds: $0, probability: model.calibrator.probability($0)) }
    }
}
