import CScoring
package import LimpetEvents
public import LimpetFeatures

/// A model made ready for rows that lie in memory as numbers, as other programs hand them over: one row in well under
/// a microsecond, and many at a few nanoseconds for each input. Immutable, without locks, safe to use from any number
/// of threads; scores and contributions are those of ``Scorer``, bit for bit.
///
/// A row has a number for each input, in the model's order: NaN where it is missing, and for a category the text's
/// ``code(of:input:)``.
public struct FlatScorer: Sendable {
    /// One reference, so that handing a scorer on costs one count.
    let form: FlatForm

    /// The scorer of the same model.
    public var scorer: Scorer { form.scorer }

    /// How rows lie in memory.
    public enum Layout: Sendable {
        /// One row behind the other.
        case rows
        /// One input behind the other.
        case columns
    }

    /// Makes a model ready.
    public init(_ scorer: Scorer) { self.init(scorer, vectorLevel: limpet_vector_level()) }

    /// - Parameter vectorLevel: the widest vector unit to use, for tests: 0 none, 1 AVX2, 2 AVX-512.
    package init(_ scorer: Scorer, vectorLevel: Int32) {
        form = FlatForm(scorer, level: min(vectorLevel, limpet_vector_level()))
    }

    /// The number of inputs, which is the length of a row.
    public var width: Int { form.width }

    /// The texts of a category that any term knows; a text's code is its place among them. Empty for numbers.
    ///
    /// - Precondition: there is such an input.
    public func levels(of input: Int) -> [String] { form.codes[input].names }

    /// What a row holds for a text of a category: its place among ``levels(of:)``, their number for an unknown text,
    /// NaN for an empty one.
    ///
    /// - Precondition: there is such an input.
    public func code(of text: String, input: Int) -> Double { form.codes[input].number(of: TextKey(text)) }

    /// The code of a text of a category, given by its key; see ``code(of:input:)``.
    package func code(of key: TextKey, input: Int) -> Double { form.codes[input].number(of: key) }

    // MARK: One row

    /// The score of one row.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func score(_ row: Span<Double>) -> Scorer.Score {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        let logOdds = unsafe form.logOdds(row, contributions: nil)
        return Scorer.Score(logOdds: logOdds, probability: form.calibrator.probability(logOdds))
    }

    /// The vector that a row stands for, for reasons and explanations.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func vector(_ row: Span<Double>) -> FeatureVector {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        var vector = FeatureVector(count: width)
        for input in 0..<width {
            guard scorer.model.inputs[input].isCategorical else {
                vector.numbers[input] = row[input]
                continue
            }
            vector.categories[input] = key(row[input], input: input)
        }
        return vector
    }

    /// A text that no term knows stands for all others.
    private static let unknown = TextKey("\u{0}unknown")

    private func key(_ code: Double, input: Int) -> TextKey {
        guard !code.isNaN else { return .missing }
        let names = form.codes[input].names
        guard let place = Int(exactly: code), names.indices.contains(place) else { return Self.unknown }
        return TextKey(names[place])
    }

    /// The strongest reasons of one row, strongest first; see ``Scorer/reasons(_:count:raisingOnly:categoryName:)``.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func reasons(_ row: Span<Double>, count: Int, raisingOnly: Bool = true) -> [Reason] {
        scorer.reasons(vector(row), count: count, raisingOnly: raisingOnly) { [form] key in
            form.codes.lazy.compactMap { $0.name(of: key) }.first
        }
    }

    /// The score of one row and its strongest reasons, in one pass over the terms; both are those of ``Scorer``, bit for
    /// bit.
    ///
    /// - Parameters:
    ///   - row: ``width`` numbers.
    ///   - count: the number of reasons at most.
    ///   - raisingOnly: whether only topics that raise the risk count.
    ///   - vector: the row as a vector; asked for only where there are reasons to word.
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
