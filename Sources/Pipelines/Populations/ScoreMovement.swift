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
        /// The sum of the old model's probabilities; divided by ``rows`` it is their mean.
        public var oldMean = 0.0
        /// The sum of the new model's probabilities.
        public var newMean = 0.0
        /// The number of rows on the other side of the new model's threshold.
        public var crossing = 0
        /// The number of rows by their tenth in the new order.
        public var places: [Int]
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
        let places = [old, new].map { Self.tenths($0.map(\.logOdds)) }
        let decisions = models.map(\.scorer.model.decision)
        if let first = decisions[0]?.threshold, let second = decisions[1]?.threshold {
            thresholds = (first, second)
        } else {
            thresholds = nil
        }
        var tenths = (0..<10).map { _ in Tenth(places: [Int](repeating: 0, count: 10)) }
        for row in common.indices {
            let place = places[0][row]
            tenths[place].rows += 1
            tenths[place].oldMean += old[row].probability
            tenths[place].newMean += new[row].probability
            tenths[place].places[places[1][row]] += 1
            if let first = decisions[0], let second = decisions[1],
                first.isContacted(old[row].probability) != second.isContacted(new[row].probability)
            {
                tenths[place].crossing += 1
            }
        }
        self.tenths = tenths
        rankCorrelation = Self.rankCorrelation(old.map(\.logOdds), new.map(\.logOdds))
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

    /// Returns the tenth of each row, 0 for the highest scores; ties are in the order of the rows.
    private static func tenths(_ scores: [Double]) -> [Int] {
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        var tenths = [Int](repeating: 0, count: scores.count)
        for (place, row) in order.enumerated() { tenths[row] = place * 10 / scores.count }
        return tenths
    }

    /// Returns the correlation of ranks, ties sharing their mean rank (C. Spearman, 1904).
    private static func rankCorrelation(_ left: [Double], _ right: [Double]) -> Double? {
        let (a, b) = (ranks(left), ranks(right))
        let mean = Double(a.count + 1) / 2
        var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
        for row in a.indices {
            products += (a[row] - mean) * (b[row] - mean)
            squaresA += (a[row] - mean) * (a[row] - mean)
            squaresB += (b[row] - mean) * (b[row] - mean)
        }
        return squaresA > 0 && squaresB > 0 ? products / (squaresA * squaresB).squareRoot() : nil
    }

    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
