import CScoring
import LimpetEvents

/// The compiled model that all copies of a ``FlatScorer`` share.
final class FlatForm: Sendable {
    let scorer: Scorer
    let intercept: Double
    let calibrator: Calibrator
    let width: Int
    let parts: [Part]
    let tables: FlatTables
    let codes: [CategoryCodes]
    let level: Int32
    /// The topic of each term, and the number of topics.
    let topicOfTerm: [Int]
    let topicCount: Int

    /// Consecutive terms that are evaluated in the same way.
    enum Part: Sendable {
        case tables(Range<Int>)
        case computed(CompiledTerm)
    }

    init(_ scorer: Scorer, level: Int32) {
        let model = scorer.model
        self.scorer = scorer
        self.level = level
        (intercept, calibrator, width) = (model.intercept, model.calibrator, model.inputs.count)
        codes = CategoryCodes.all(of: model)
        topicOfTerm = scorer.termGroups.topicOfTerm
        topicCount = scorer.termGroups.topics.count
        var tables = FlatTables(codes)
        var parts: [Part] = []
        for term in model.terms {
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

    /// Returns the log-odds of a row: the intercept and the sum of its terms.
    ///
    /// - Parameter contributions: receives the contribution of each term, in the order of the terms; nil to
    ///   discard them.
    @inline(__always)
    func logOdds(_ row: Span<Double>, contributions: UnsafeMutablePointer<Double>?) -> Double {
        var (sum, term) = (intercept, 0)
        for part in parts {
            switch part {
            case .tables(let range):
                let capacity = unsafe contributions.map { unsafe $0 + term }
                sum = unsafe add(range, of: row, to: sum, contributions: capacity)
                term += range.count
            case .computed(let computed):
                let value = computed.contribution({ row[$0] }, { _ in 0 })
                sum += value
                if let contributions = unsafe contributions { unsafe contributions[term] = value }
                term += 1
            }
        }
        return sum
    }

    @unsafe @inline(__always)
    private func add(
        _ range: Range<Int>, of row: Span<Double>, to sum: Double,
        contributions: UnsafeMutablePointer<Double>?
    ) -> Double {
        unsafe tables.tables.withUnsafeBufferPointer { tables in
            unsafe self.tables.pool.withUnsafeBufferPointer { pool in
                unsafe row.withUnsafeBufferPointer { row in
                    guard let first = tables.baseAddress, let pool = pool.baseAddress, let x = row.baseAddress
                    else { return sum }
                    return unsafe limpet_add_tables_to_row(
                        first + range.lowerBound, Int64(range.count), pool, x, sum, contributions, level)
                }
            }
        }
    }
}
