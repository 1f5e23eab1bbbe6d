import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// The columns of a logistic regression's design matrix, as computed from inputs. Numbers are transformed and
/// standardised, or become several columns of a spline, with a standardised indicator where some are missing.
/// Categories become one unscaled indicator per level, so that a penalty keeps rare levels near 0.
struct LogisticDesign: Sendable {
    /// One column of the matrix other than the intercept.
    struct Column: Sendable {
        enum Meaning: Sendable {
            /// `(f(x) − mean) / deviation`; 0 where missing.
            case value(Term.Transform, mean: Double, deviation: Double)
            /// A column of a spline of the transformed number; 0 where missing.
            case spline(SplineColumn)
            /// `(1 − share) / deviation` where the number is missing, `−share / deviation` elsewhere.
            case missingNumber(share: Double, deviation: Double)
            /// 1 at this level; nil stands for any level without a name.
            case level(Int?)
            /// 1 where the category is missing.
            case missingLevel
        }
        var input: Int
        var meaning: Meaning
    }

    let columns: [Column]

    /// Learns transforms, means and deviations from the given rows.
    ///
    /// - Parameters:
    ///   - dropsReference: true to give each category's most frequent level no indicator, as is necessary
    ///     when no penalty separates the indicators from the intercept.
    ///   - splines: which numbers become splines.
    ///   - weights: of each row, at least 0; nil for ones.
    ///   - threads: the number of inputs that are processed in parallel.
    init(
        _ data: TrainingData, dropsReference: Bool, splines: LogisticSettings.Splines, weights: [Double]?,
        threads: Int
    ) async throws {
        columns = try await concurrentMap(Array(data.columns.indices), threads: threads) {
            Self.columns($0, data, dropsReference: dropsReference, splines: splines, weights: weights)
        }.flatMap { $0 }
    }

    /// Returns the columns that each of several models has, the intercept's first, by the inputs of each.
    func contains(_ inputsOfModel: [[Int]]) -> [[Bool]] {
        inputsOfModel.map { inputs in
            let own = Set(inputs)
            return [true] + columns.map { own.contains($0.input) }
        }
    }

    private static func columns(
        _ input: Int, _ data: TrainingData, dropsReference: Bool, splines: LogisticSettings.Splines,
        weights: [Double]?
    ) -> [Column] {
        switch data.columns[input] {
        case .numbers(let numbers):
            numberColumns(
                input, numbers, isSkewed: data.isSkewed[input],
                knots: splines.contains(data.inputs[input]) ? splines.knots : 0, weights: weights)
        case .levels(let names, let codes):
            levelColumns(input, names, codes, dropsReference: dropsReference, weights: weights)
        case .bytes: preconditionFailure("a trainer refuses inputs whose numbers are not known")
        }
    }

    private static func numberColumns(
        _ input: Int, _ numbers: [Double], isSkewed: Bool?, knots: Int, weights: [Double]?
    ) -> [Column] {
        // A row without weight counts as absent.
        let moments = weights == nil ? Moments(whole: numbers) : nil
        if let moments, isSkewed == false, knots == 0 {
            return [Column(input: input, meaning: moments.value(.identity))]
        }
        let isWhole = moments != nil || weights == nil && !numbers.contains { $0.isNaN }
        let rows = isWhole ? [] : numbers.indices.filter { weights?[$0] ?? 1 > 0 }
        let knownRows = rows.filter { !numbers[$0].isNaN }
        let known = isWhole ? numbers : knownRows.map { numbers[$0] }
        let knownWeights = weights.map { weights in knownRows.map { weights[$0] } }
        let transform: Term.Transform = isSkewed ?? looksSkewed(known) ? .signedLog : .identity
        let values = transform == .identity ? known : SignedLog.of(known)
        var columns = valueMeanings(values, transform, knots: knots, weights: knownWeights)
            .map { Column(input: input, meaning: $0) }
        if !isWhole, known.count < rows.count, !known.isEmpty {
            let total = weights?.reduce(0, +) ?? Double(rows.count)
            let share = (total - (knownWeights?.reduce(0, +) ?? Double(known.count))) / total
            let deviation = (share * (1 - share)).squareRoot()
            columns.append(Column(input: input, meaning: .missingNumber(share: share, deviation: deviation)))
        }
        return columns
    }

    /// Returns one column of the values, or those of their spline where knots are requested and values differ
    /// enough.
    private static func valueMeanings(
        _ values: [Double], _ transform: Term.Transform, knots: Int, weights: [Double]?
    ) -> [Column.Meaning] {
        guard let moments = Moments(values, weights: weights) else { return [] }
        if knots > 0, let knots = RestrictedSpline.knots(values, weights: weights, count: knots) {
            let spline = SplineColumns(
                RestrictedSpline(knots: knots), transform: transform, known: values, weights: weights)
            if spline.columns.count > 1 { return spline.columns.map { .spline($0) } }
        }
        return [moments.value(transform)]
    }

    /// Returns true for counts and amounts: never below 0, and far above 1 at their largest. The log-odds are
    /// closer to linear in their signed log than in themselves; shares, flags and ratios stay as they are.
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
}

/// The mean and standard deviation of values; nil when all values are equal.
struct Moments {
    let mean: Double
    let deviation: Double

    init?(_ values: [Double], weights: [Double]? = nil) {
        guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
        guard let weights else {
            self.init(whole: values)
            return
        }
        let total = weights.reduce(0, +)
        let mean = Self.sum(values, weights) { $0 } / total
        self.init(mean: mean, variance: Self.sum(values, weights) { ($0 - mean) * ($0 - mean) } / total)
    }

    /// Computes the moments of values without missing ones in one pass; nil also when one is missing.
    ///
    /// Deviations are taken from the mean of a few values, so that the shift's own share of the squares is no
    /// larger than theirs, and little precision is lost when it is subtracted (T. Chan, G. Golub and R.
    /// LeVeque, 1983).
    init?(whole values: [Double]) {
        guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
        let step = max(1, values.count / 1_024)
        let few = stride(from: 0, to: values.count, by: step)
        let shift = few.reduce(0) { $0 + values[$1] } / Double((values.count - 1) / step + 1)
        let sums = Standardiser.sums(values, shift: shift)
        let (mean, count) = (sums.first / Double(values.count), Double(values.count))
        self.init(mean: shift + mean, variance: sums.second / count - mean * mean)
    }

    private init?(mean: Double, variance: Double) {
        guard variance > 0, variance.isFinite else { return nil }
        self.mean = mean
        deviation = variance.squareRoot()
    }

    /// Returns the design column of values with these moments.
    func value(_ transform: Term.Transform) -> LogisticDesign.Column.Meaning {
        .value(transform, mean: mean, deviation: deviation)
    }

    private static func sum(_ values: [Double], _ weights: [Double], _ body: (Double) -> Double) -> Double {
        zip(values, weights).reduce(0.0) { $0 + $1.1 * body($1.0) }
    }
}
