import CScoring
import LimpetEvents
public import LimpetFeatures

/// A model made ready for rows that lie in memory as numbers, as other programs hand them over: one row in well under
/// a microsecond, and many at a few nanoseconds for each input. Immutable, without locks, safe to use from any number
/// of threads; scores and contributions are those of ``Scorer``, bit for bit.
///
/// A row has a number for each input, in the model's order: NaN where it is missing, and for a category the text's
/// ``code(of:input:)``.
public struct FlatScorer: Sendable {
    /// The scorer of the same model.
    public let scorer: Scorer
    let parts: [Part]
    let tables: FlatTables
    private let codes: [CategoryCodes]
    let level: Int32

    /// Terms that follow each other and are alike.
    enum Part: Sendable {
        case tables(Range<Int>)
        case computed(CompiledTerm)
    }

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
        self.scorer = scorer
        level = min(vectorLevel, limpet_vector_level())
        codes = CategoryCodes.all(of: scorer.model)
        var tables = FlatTables(scorer.model)
        var parts: [Part] = []
        for term in scorer.model.terms {
            guard tables.append(term) else {
                parts.append(.computed(CompiledTerm(term)))
                continue
            }
            let place = tables.tables.count - 1
            if case .tables(let range) = parts.last {
                parts[parts.count - 1] = .tables(range.lowerBound..<place + 1)
            } else {
                parts.append(.tables(place..<place + 1))
            }
        }
        (self.tables, self.parts) = (tables, parts)
    }

    /// The number of inputs, which is the length of a row.
    public var width: Int { scorer.model.inputs.count }

    /// The texts of a category that any term knows; a text's code is its place among them. Empty for numbers.
    ///
    /// - Precondition: there is such an input.
    public func levels(of input: Int) -> [String] { codes[input].names }

    /// What a row holds for a text of a category: its place among ``levels(of:)``, their number for an unknown text,
    /// NaN for an empty one.
    ///
    /// - Precondition: there is such an input.
    public func code(of text: String, input: Int) -> Double { codes[input].number(of: TextKey(text)) }

    // MARK: One row

    /// The score of one row.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func score(_ row: Span<Double>) -> Scorer.Score {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        var sum = scorer.model.intercept
        for part in parts {
            switch part {
            case .tables(let range): sum = add(range, of: row, to: sum)
            case .computed(let term): sum += term.contribution({ row[$0] }, { _ in 0 })
            }
        }
        return Scorer.Score(logOdds: sum, probability: scorer.model.calibrator.probability(sum))
    }

    private func add(_ range: Range<Int>, of row: Span<Double>, to sum: Double) -> Double {
        unsafe tables.tables.withUnsafeBufferPointer { tables in
            unsafe self.tables.pool.withUnsafeBufferPointer { pool in
                unsafe row.withUnsafeBufferPointer { row in
                    guard let first = tables.baseAddress, let pool = pool.baseAddress, let x = row.baseAddress
                    else { return sum }
                    return unsafe limpet_add_tables_to_row(
                        first + range.lowerBound, Int64(range.count), pool, x, sum, nil, level)
                }
            }
        }
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
        let names = codes[input].names
        guard let place = Int(exactly: code), names.indices.contains(place) else { return Self.unknown }
        return TextKey(names[place])
    }

    /// The strongest reasons of one row, strongest first; see ``Scorer/reasons(_:count:raisingOnly:categoryName:)``.
    ///
    /// - Precondition: the row has ``width`` numbers.
    public func reasons(_ row: Span<Double>, count: Int, raisingOnly: Bool = true) -> [Reason] {
        scorer.reasons(vector(row), count: count, raisingOnly: raisingOnly) { [codes] key in
            codes.lazy.compactMap { $0.name(of: key) }.first
        }
    }
}
