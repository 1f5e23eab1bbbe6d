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
    /// - Parameter dropsReference: whether each category's most frequent level goes without an indicator, as
    ///   it must when no penalty keeps the indicators and the intercept apart.
    init(_ data: TrainingData, dropsReference: Bool) {
        columns = data.columns.indices.flatMap { input in
            switch data.columns[input] {
            case .numbers(let numbers):
                Self.numberColumns(input, numbers, isSkewed: data.isSkewed[input])
            case .levels(let names, let codes):
                Self.levelColumns(input, names, codes, dropsReference: dropsReference)
            }
        }
    }

    private static func numberColumns(_ input: Int, _ numbers: [Double], isSkewed: Bool?) -> [Column] {
        let known = numbers.filter { !$0.isNaN }
        var columns: [Column] = []
        let transform: Term.Transform = isSkewed ?? looksSkewed(known) ? .signedLog : .identity
        let values = known.map { transform($0) }
        if let moments = Moments(values) {
            columns.append(
                Column(
                    input: input,
                    meaning: .value(transform, mean: moments.mean, deviation: moments.deviation)))
        }
        if known.count < numbers.count, !known.isEmpty {
            let share = Double(numbers.count - known.count) / Double(numbers.count)
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
        _ input: Int, _ names: [String], _ codes: [Int32], dropsReference: Bool
    ) -> [Column] {
        var counts = [Int](repeating: 0, count: names.count + 1)
        var missing = 0
        for code in codes {
            if code < 0 { missing += 1 } else { counts[min(Int(code), names.count)] += 1 }
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

    /// The design matrix of rows, with a first column of ones.
    func matrix(of data: TrainingData) -> DesignMatrix {
        var matrix = Matrix(rows: data.count, columns: columns.count + 1)
        for row in 0..<data.count { matrix[row, 0] = 1 }
        for (index, column) in columns.enumerated() {
            fill(column, at: index + 1, from: data.columns[column.input], into: &matrix)
        }
        return DesignMatrix(matrix)
    }

    private func fill(
        _ column: Column, at index: Int, from values: TrainingData.Column, into matrix: inout Matrix
    ) {
        switch (column.meaning, values) {
        case (.value(let transform, let mean, let deviation), .numbers(let numbers)):
            for (row, number) in numbers.enumerated() where !number.isNaN {
                matrix[row, index] = (transform(number) - mean) / deviation
            }
        case (.missingNumber(let share, let deviation), .numbers(let numbers)):
            for (row, number) in numbers.enumerated() {
                matrix[row, index] = ((number.isNaN ? 1 : 0) - share) / deviation
            }
        case (.missingLevel, .levels(_, let codes)):
            for (row, code) in codes.enumerated() where code < 0 { matrix[row, index] = 1 }
        case (.level(let level), .levels(let names, let codes)):
            for (row, code) in codes.enumerated() where code >= 0 {
                if level.map({ Int(code) == $0 }) ?? (Int(code) >= names.count) { matrix[row, index] = 1 }
            }
        default:
            preconditionFailure("a design column does not fit its input")
        }
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
                    standardError: standardErrors[place + 1] / deviation)
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
            names: names, values: names.map { _ in 0 }, other: 0, standardErrors: names.map { _ in 0 })
        var missing = 0.0
        for place in places {
            let coefficient = coefficients[place + 1]
            switch columns[place].meaning {
            case .level(let level?):
                levels.values[level] = coefficient
                levels.standardErrors?[level] = standardErrors[place + 1]
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

    init?(_ values: [Double]) {
        guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / count
        guard variance > 0, variance.isFinite else { return nil }
        self.mean = mean
        deviation = variance.squareRoot()
    }
}
