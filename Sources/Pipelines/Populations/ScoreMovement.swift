import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
import LimpetFiles
public import LimpetScoring

/// The movement of a population's scores from one model to another.
///
///     var rows: [ModelPopulation] = []
///     for model in [old, new] { rows.append(try await ModelPopulation.read(model, log: source)) }
///     let movement = try ScoreMovement([old, new], rows, least: 3, file: source.name)
///     print(movement.rankCorrelation ?? .nan, movement.movers.count)
public struct ScoreMovement: Sendable {
    /// A tenth of the rows by the old model's score, the highest first.
    public struct Tenth: Sendable {
        /// The number of rows.
        public var rows = 0
        /// The summed weight of the rows; their number where each counts once.
        public var weight = 0.0
        /// The weighted sum of the old model's probabilities.
        public var oldSum = 0.0
        /// The weighted sum of the new model's probabilities.
        public var newSum = 0.0
        /// The weight of the rows on the other side of the new model's threshold.
        public var crossing = 0.0
        /// The weight of the rows by their tenth in the new order.
        public var places: [Double]

        /// The mean of the old model's probabilities; 0 without rows.
        public var oldMean: Double { weight > 0 ? oldSum / weight : 0 }
        /// The mean of the new model's probabilities; 0 without rows.
        public var newMean: Double { weight > 0 ? newSum / weight : 0 }
    }

    /// The number of rows that are in both populations.
    public let rows: Int
    /// The rows by tenth of the old model's score, the highest first.
    public let tenths: [Tenth]
    /// The correlation of the ranks of both scores, from -1 to 1; nil where one side has a single score.
    public let rankCorrelation: Double?
    /// The old and the new threshold; nil where either model ships none.
    public let thresholds: (Double, Double)?
    /// The rows whose tenth moves most, with the old and the new tenth; at most the requested number.
    public let movers: [(name: String, old: Int, new: Int)]
    /// The metrics on rows with labels.
    public let realised: (old: EvaluationReport, new: EvaluationReport)?
    /// The values of a table's target; nil without labels, and for a log.
    public let target: TargetValues?

    /// Compares the scores of two models on the rows that are in the populations of both.
    ///
    /// - Parameters:
    ///   - models: the old and the new model.
    ///   - populations: the rows, read for each of the two models.
    ///   - least: by how many tenths a row moves at least to be listed; nil to list none.
    ///   - file: the name of the rows' file, for messages.
    /// - Throws: `InputError` when no row is in both, or a score is no finite number.
    public init(
        _ models: [ModelFile.Verified], _ populations: [ModelPopulation], least: Int? = nil, file: String
    ) throws {
        let scores = try zip(models, populations).map { try $1.scores($0.scorer) }
        let common = try Self.common(populations, file: file)
        let (old, new) = (common.map { scores[0][$0.old] }, common.map { scores[1][$0.new] })
        (rows, target) = (common.count, populations[0].target)
        let weights = populations[0].weights.map { weights in common.map { weights[$0.old] } }
        let places = [old, new].map { Self.tenths($0.map(\.logOdds), weights) }
        let decisions = models.map(\.scorer.model.decision)
        if let first = decisions[0]?.threshold, let second = decisions[1]?.threshold {
            thresholds = (first, second)
        } else {
            thresholds = nil
        }
        var tenths = (0..<10).map { _ in Tenth(places: [Double](repeating: 0, count: 10)) }
        for row in common.indices {
            let (place, weight) = (places[0][row], weights?[row] ?? 1)
            tenths[place].rows += 1
            tenths[place].weight += weight
            tenths[place].oldSum += weight * old[row].probability
            tenths[place].newSum += weight * new[row].probability
            tenths[place].places[places[1][row]] += weight
            if let first = decisions[0], let second = decisions[1],
                first.isContacted(old[row].probability) != second.isContacted(new[row].probability)
            {
                tenths[place].crossing += weight
            }
        }
        self.tenths = tenths
        rankCorrelation = Self.rankCorrelation(old.map(\.logOdds), new.map(\.logOdds), weights)
        movers =
            least.map { least in
                common.indices.filter { abs(places[0][$0] - places[1][$0]) >= least }
                    .map { (populations[0].rowName(common[$0].old), places[0][$0] + 1, places[1][$0] + 1) }
                    .sorted { abs($0.1 - $0.2) > abs($1.1 - $1.2) }
            } ?? []
        realised = populations[0].outcomes(scores[0]).flatMap { first in
            populations[1].outcomes(scores[1]).map { (EvaluationReport(first), EvaluationReport($0)) }
        }
    }

    /// Returns the rows that both models score, by name: their populations may differ.
    private static func common(
        _ populations: [ModelPopulation], file: String
    ) throws(InputError) -> [(old: Int, new: Int)] {
        var places: [VerbatimText: [Int]] = [:]
        for row in 0..<populations[1].rowCount {
            places[VerbatimText(populations[1].rowName(row)), default: []].append(row)
        }
        var (common, seen): ([(old: Int, new: Int)], [VerbatimText: Int]) = ([], [:])
        for row in 0..<populations[0].rowCount {
            let name = VerbatimText(populations[0].rowName(row))
            let number = seen[name, default: 0]
            seen[name] = number + 1
            if let rows = places[name], number < rows.count { common.append((row, rows[number])) }
        }
        guard !common.isEmpty else {
            throw InputError(InputPlace(file: file), "no row is in the populations of both models")
        }
        return common
    }

    /// Returns the tenth of each row, 0 for the highest scores; ties are in the order of the rows. A row with
    /// a weight is where the middle of it lies.
    private static func tenths(_ scores: [Double], _ weights: [Double]?) -> [Int] {
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        var tenths = [Int](repeating: 0, count: scores.count)
        let total = weights?.reduce(0, +) ?? 0
        var before = 0.0
        for (place, row) in order.enumerated() {
            guard let weight = weights?[row] else {
                tenths[row] = place * 10 / scores.count
                continue
            }
            tenths[row] = min(9, Int((before + weight / 2) / total * 10))
            before += weight
        }
        return tenths
    }

    /// Returns the correlation of ranks, ties sharing their mean rank (C. Spearman, 1904).
    private static func rankCorrelation(_ left: [Double], _ right: [Double], _ weights: [Double]?) -> Double?
    {
        let weights = weights ?? left.map { _ in 1 }
        let (a, b) = (ranks(left, weights), ranks(right, weights))
        let mean = (weights.reduce(0, +) + 1) / 2
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for row in a.indices {
            products += weights[row] * (a[row] - mean) * (b[row] - mean)
            squaresA += weights[row] * (a[row] - mean) * (a[row] - mean)
            squaresB += weights[row] * (b[row] - mean) * (b[row] - mean)
        }
        return squaresA > 0 && squaresB > 0 ? products / (squaresA * squaresB).squareRoot() : nil
    }

    private static func ranks(_ values: [Double], _ weights: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var (start, before) = (0, 0.0)
        while start < order.count {
            var (end, tied) = (start, 0.0)
            while end < order.count, values[order[end]] == values[order[start]] {
                tied += weights[order[end]]
                end += 1
            }
            for place in start..<end { ranks[order[place]] = before + (tied + 1) / 2 }
            (start, before) = (end, before + tied)
        }
        return ranks
    }
}
