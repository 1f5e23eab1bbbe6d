import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// The columns of a logistic regression's design matrix and how they come from inputs. Numbers are transformed
/// and standardised, with an indicator, standardised too, where some are missing; categories become one plain
/// indicator a level, so that a penalty keeps rare levels near 0.
struct LogisticDesign: Sendable {
    /// One column of the matrix beside the intercept.
    struct Column: Sendable {
        enum Meaning: Sendable {
            /// `(f(x) − mean) / deviation`; 0 where missing.
            case value(Term.Transform, mean: Double, deviation: Double)
            /// `(1 − share) / deviation` where the number is missing, `−share / deviation` elsewhere.
            case missingNumber(share: Double, deviation: Double)
            /// 1 at this level; nil is any level without a name.
            case level(Int?)
            /// 1 where the category is missing.
            case missingLevel
        }
        var input: Int
        var meaning: Meaning
    }

    let columns: [Column]

    /// Learns transforms, means and deviations from the rows given.
    ///
    /// - Parameters:
    ///   - dropsReference: whether each category's most frequent level goes without an indicator, as it must
    ///     when no penalty keeps the indicators and the intercept apart.
    ///   - weights: of each row, above 0; nil for ones.
    init(_ data: TrainingData, dropsReference: Bool, weights: [Double]? = nil) {
        columns = data.columns.indices.flatMap {
            Self.columns($0, data, dropsReference: dropsReference, weights: weights)
        }
    }

    /// The same, inputs side by side.
    init(_ data: TrainingData, dropsReference: Bool, weights: [Double]?, threads: Int) async throws {
        columns = try await concurrentMap(Array(data.columns.indices), threads: threads) {
            Self.columns($0, data, dropsReference: dropsReference, weights: weights)
        }.flatMap { $0 }
    }

    private static func columns(
        _ input: Int, _ data: TrainingData, dropsReference: Bool, weights: [Double]?
    ) -> [Column] {
        switch data.columns[input] {
        case .numbers(let numbers):
            numberColumns(input, numbers, isSkewed: data.isSkewed[input], weights: weights)
        case .levels(let names, let codes):
            levelColumns(input, names, codes, dropsReference: dropsReference, weights: weights)
        }
    }

    private static func numberColumns(
        _ input: Int, _ numbers: [Double], isSkewed: Bool?, weights: [Double]?
    ) -> [Column] {
        // A row without weight is no row.
        let isWhole = weights == nil && !numbers.contains { $0.isNaN }
        let rows = isWhole ? [] : numbers.indices.filter { weights?[$0] ?? 1 > 0 }
        let knownRows = rows.filter { !numbers[$0].isNaN }
        let known = isWhole ? numbers : knownRows.map { numbers[$0] }
        let knownWeights = weights.map { weights in knownRows.map { weights[$0] } }
        var columns: [Column] = []
        let transform: Term.Transform = isSkewed ?? looksSkewed(known) ? .signedLog : .identity
        let values = transform == .identity ? known : SignedLog.of(known)
        if let moments = Moments(values, weights: knownWeights) {
            columns.append(
                Column(
                    input: input,
                    meaning: .value(transform, mean: moments.mean, deviation: moments.deviation)))
        }
        if !isWhole, known.count < rows.count, !known.isEmpty {
            let total = weights?.reduce(0, +) ?? Double(rows.count)
            let share = (total - (knownWeights?.reduce(0, +) ?? Double(known.count))) / total
            let deviation = (share * (1 - share)).squareRoot()
            columns.append(Column(input: input, meaning: .missingNumber(share: share, deviation: deviation)))
        }
        return columns
    }

    /// Counts and amounts: never below 0, and far above 1 at their largest. Their signed log is closer to a
    /// line's world than they are; shares, flags and ratios stay as they are.
    private static func looksSkewed(_ known: [Double]) -> Bool {
        guard let least = known.min(), let most = known.max() else { return false }
        return least >= 0 && most > 10
    }

    private static func levelColumns(
        _ input: Int, _ names: [String], _ codes: [Int32], dropsReference: Bool, weights: [Double]?
    ) -> [Column] {
        var counts = [Double](repeating: 0, count: names.count + 1)
        var missing = 0.0
        for (row, code) in codes.enumerated() {
            let weight = weights?[row] ?? 1
            if code < 0 { missing += weight } else { counts[min(Int(code), names.count)] += weight }
        }
        let present = counts.indices.filter { counts[$0] > 0 }
        guard present.count + (missing > 0 ? 1 : 0) > 1 else { return [] }
        let reference = dropsReference ? present.max { counts[$0] < counts[$1] } : nil
        var columns = present.filter { $0 != reference }.map { level in
            Column(input: input, meaning: .level(level < names.count ? level : nil))
        }
        if missing > 0 { columns.append(Column(input: input, meaning: .missingLevel)) }
        return columns
    }

    /// The coefficients as terms on the inputs' own scales.
    func terms(_ coefficients: [Double], standardErrors: [Double], data: TrainingData) -> [Term] {
        data.columns.indices.compactMap { input in
            let places = columns.indices.filter { columns[$0].input == input }
            guard !places.isEmpty else { return nil }
            switch data.columns[input] {
            case .numbers: return lineTerm(input, places, coefficients, standardErrors)
            case .levels(let names, _):
                return levelsTerm(input, places, coefficients, standardErrors, names: names)
            }
        }
    }

    private func lineTerm(
        _ input: Int, _ places: [Int], _ coefficients: [Double], _ standardErrors: [Double]
    ) -> Term {
        var line = Term.Line(transform: .identity, coefficient: 0, offset: 0)
        var (missing, known) = (0.0, 0.0)
        for place in places {
            let coefficient = coefficients[place + 1]
            switch columns[place].meaning {
            case .value(let transform, let mean, let deviation):
                line = Term.Line(
                    transform: transform, coefficient: coefficient / deviation,
                    offset: -coefficient / deviation * mean,
                    standardError: standardErrors.isEmpty ? nil : standardErrors[place + 1] / deviation)
            case .missingNumber(let share, let deviation):
                missing = coefficient / deviation * (1 - share)
                known = -coefficient / deviation * share
            case .level, .missingLevel: preconditionFailure("a number has no levels")
            }
        }
        line.offset += known
        return Term(input: input, shape: .line(line), missing: missing)
    }

    private func levelsTerm(
        _ input: Int, _ places: [Int], _ coefficients: [Double], _ standardErrors: [Double], names: [String]
    ) -> Term {
        var levels = Term.Levels(
            names: names, values: names.map { _ in 0 }, other: 0,
            standardErrors: standardErrors.isEmpty ? nil : names.map { _ in 0 })
        var missing = 0.0
        for place in places {
            let coefficient = coefficients[place + 1]
            switch columns[place].meaning {
            case .level(let level?):
                levels.values[level] = coefficient
                if !standardErrors.isEmpty { levels.standardErrors?[level] = standardErrors[place + 1] }
            case .level(nil): levels.other = coefficient
            default: missing = coefficient
            }
        }
        return Term(input: input, shape: .levels(levels), missing: missing)
    }
}

/// Mean and standard deviation; nil when all values are equal.
struct Moments {
    let mean: Double
    let deviation: Double

    init?(_ values: [Double], weights: [Double]? = nil) {
        guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
        let total = weights?.reduce(0, +) ?? Double(values.count)
        let mean: Double
        let variance: Double
        if let weights {
            mean = Self.sum(values, weights) { $0 } / total
            variance = Self.sum(values, weights) { ($0 - mean) * ($0 - mean) } / total
        } else {
            mean = Standardiser.sums(values, shift: 0).first / total
            variance = Standardiser.sums(values, shift: mean).second / total
        }
        guard variance > 0, variance.isFinite else { return nil }
        self.mean = mean
        deviation = variance.squareRoot()
    }

    private static func sum(_ values: [Double], _ weights: [Double], _ body: (Double) -> Double) -> Double {
        zip(values, weights).reduce(0.0) { $0 + $1.1 * body($1.0) }
    }
}
