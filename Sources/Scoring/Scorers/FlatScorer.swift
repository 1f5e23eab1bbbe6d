import CScoring
package import LimpetEvents
public import LimpetFeatures

/// A model compiled for rows of numbers in memory, as other programs hold them.
///
///     let flat = FlatScorer(verified.scorer)
///     let score = flat.score(row.span)
///     let reasons = flat.reasons(row.span, count: 3)
///
/// One row takes well under a microsecond, and many rows a few nanoseconds for each input. A scorer is
/// immutable, takes no locks and is safe to use from any number of threads; its scores and contributions are
/// those of ``Scorer``, bit for bit.
///
/// A row has one number for each input, in the model's order: NaN where it is missing, and for a category the
/// ``code(of:input:)`` of the text.
public struct FlatScorer: Sendable {
    /// A single reference, so that a copy of the scorer costs one retain.
    let form: FlatForm

    /// The scorer of the same model.
    public var scorer: Scorer { form.scorer }

    /// The order of rows and inputs in memory.
    public enum Layout: Sendable {
        /// Row by row: `[rows][inputs]`.
        case rows
        /// Column by column: `[inputs][rows]`.
        case columns
    }

    /// Compiles a model.
    public init(_ scorer: Scorer) { self.init(scorer, vectorLevel: limpet_vector_level()) }

    /// Compiles a model for a vector unit.
    ///
    /// - Parameter vectorLevel: the widest vector unit to use, for tests: 0 none, 1 AVX2, 2 AVX-512.
    package init(_ scorer: Scorer, vectorLevel: Int32) {
        form = FlatForm(scorer, level: min(vectorLevel, limpet_vector_level()))
    }

    /// The number of inputs, which is the length of a row.
    public var width: Int { form.width }

    /// Returns the texts of a category that any term knows, in the order of their codes; empty for numbers.
    ///
    /// - Precondition: `input` is the index of an input.
    public func levels(of input: Int) -> [String] { form.codes[input].names }

    /// Returns the number that stands for a text of a category in a row.
    ///
    /// It is the text's index in ``levels(of:)``, their count for an unknown text, and NaN for an empty one.
    /// Texts that are codes are compared as numbers, where the model says so.
    ///
    /// - Precondition: `input` is the index of an input.
    public func code(of text: String, input: Int) -> Double {
        form.codes[input].number(of: TextKey(scorer.model.inputs[input].level(of: text)))
    }

    /// The code of a text of a category, given by its key; see ``code(of:input:)``.
    package func code(of key: TextKey, input: Int) -> Double { form.codes[input].number(of: key) }

    // MARK: One row

    /// Returns the score of one row.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func score(_ row: Span<Double>) -> Scorer.Score {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        let logOdds = unsafe form.logOdds(row, contributions: nil)
        return Scorer.Score(logOdds: logOdds, probability: form.calibrator.probability(logOdds))
    }

    /// Returns a row as a feature vector, for reasons and explanations.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func vector(_ row: Span<Double>) -> FeatureVector {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        var vector = FeatureVector(count: width)
        let inputs = scorer.model.inputs
        for input in 0..<width {
            guard inputs[input].isCategorical else {
                vector.numbers[input] = row[input]
                continue
            }
            vector.categories[input] = key(row[input], input: input)
        }
        return vector
    }

    /// The key of a text that no term knows, which stands for all unknown texts.
    private static let unknown = TextKey("\u{0}unknown")

    private func key(_ code: Double, input: Int) -> TextKey {
        guard !code.isNaN else { return .missing }
        let names = form.codes[input].names
        guard let place = Int(exactly: code), names.indices.contains(place) else { return Self.unknown }
        return TextKey(names[place])
    }

    /// Returns the strongest reasons of one row, strongest first; see
    /// ``Scorer/reasons(_:count:raisingOnly:categoryName:)``.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func reasons(_ row: Span<Double>, count: Int, raisingOnly: Bool = true) -> [Reason] {
        scorer.reasons(vector(row), count: count, raisingOnly: raisingOnly) { [form] key in
            form.codes.lazy.compactMap { $0.name(of: key) }.first
        }
    }

    /// The score of one row and its strongest reasons, in one pass over the terms; both are those of
    /// ``Scorer``, bit for bit.
    ///
    /// - Parameters:
    ///   - row: ``width`` numbers.
    ///   - count: the number of reasons at most.
    ///   - raisingOnly: whether only topics that raise the risk count.
    ///   - vector: the row as a vector; requested only where there are reasons to word.
    ///   - categoryName: the text of a category's key, for the sentences.
    /// - Precondition: the row has ``width`` numbers.
    package func scoreAndReasons(
        _ row: Span<Double>, count: Int, raisingOnly: Bool = true, vector: () -> FeatureVector,
        categoryName: @escaping (TextKey) -> String?
    ) -> (score: Scorer.Score, reasons: [Reason]) {
        var contributions = [Double](repeating: 0, count: form.topicOfTerm.count)
        var span = contributions.mutableSpan
        let score = self.contributions(row, into: &span)
        guard count > 0 else { return (score, []) }
        let reasons = scorer.reasons(
            contributions, vector(), count: count, raisingOnly: raisingOnly, categoryName: categoryName)
        return (score, reasons)
    }
}
