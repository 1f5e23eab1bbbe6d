import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// Rows of one source that are scored together, with a model's inputs.
protocol ScorableRows {
    /// The number of rows.
    var count: Int { get }
    /// The model's inputs, `[rows][inputs]`, as ``FlatScorer`` takes them.
    var numbers: [Double] { get }
    /// The id of a row; nil where rows are numbered when they are written.
    func id(_ row: Int) -> String?
    /// The snapshot time of a row; nil for rows of a table.
    func time(_ row: Int) -> Timestamp?
    /// The place of a row in the input.
    func place(_ row: Int) -> InputPlace
    /// The inputs of a row as a vector with the keys of all its texts, and the text of each key.
    func vector(_ row: Int) -> (vector: FeatureVector, text: (TextKey) -> String?)
}

/// Rows scored and written as lines.
struct ScoredBlock: Sendable {
    /// The lines; without their ids where rows are numbered.
    var bytes: [UInt8] = []
    /// The end of each line in `bytes`, where rows are numbered.
    var ends: [Int] = []
    var summary: ScoreSummary
    /// The probabilities, where each is to be summed by itself.
    var probabilities: [Double]?
    /// The first row whose score is no finite number.
    var failure: InputError?

    /// Makes a block without rows.
    init(hash: String) { summary = ScoreSummary(hash: hash) }

    /// Scores rows with their reasons, in one pass over the terms of each row.
    ///
    /// - Parameter keepsProbabilities: whether the sum of the probabilities is to be that of the rows in
    ///   sequence, however they are dealt out to blocks.
    init(
        _ rows: some ScorableRows, _ flat: FlatScorer, _ lines: ScoreLines, hash: String,
        keepsProbabilities: Bool
    ) {
        summary = ScoreSummary(hash: hash)
        probabilities = keepsProbabilities ? [] : nil
        bytes.reserveCapacity(rows.count * 64)
        let scores = lines.reasonCount > 0 ? nil : Self.scores(rows, flat)
        let numbers = rows.numbers.span
        for row in 0..<rows.count {
            let values = numbers.extracting(row * flat.width..<(row + 1) * flat.width)
            let (score, reasons) =
                scores.map { ($0[row], []) }
                ?? Self.scoreAndReasons(rows, row, values, flat, lines.reasonCount)
            guard score.isFinite else {
                failure = FiniteScores(
                    scorer: flat.scorer, place: rows.place, vector: { rows.vector($0).vector }
                ).error(row)
                return
            }
            if let id = rows.id(row) { lines.appendID(id, to: &bytes) }
            lines.append(score, time: rows.time(row), reasons: reasons, to: &bytes)
            if rows.id(row) == nil { ends.append(bytes.count) }
            summary.add(score.probability)
            probabilities?.append(score.probability)
        }
    }

    /// Returns the scores alone, by the kernels for many rows.
    private static func scores(_ rows: some ScorableRows, _ flat: FlatScorer) -> [Scorer.Score] {
        var logOdds = [Double](repeating: 0, count: rows.count)
        var probabilities = logOdds
        var first = logOdds.mutableSpan
        var second = probabilities.mutableSpan
        flat.score(rows.numbers.span, layout: .rows, logOdds: &first, probabilities: &second)
        return zip(logOdds, probabilities).map { Scorer.Score(logOdds: $0, probability: $1) }
    }

    private static func scoreAndReasons(
        _ rows: some ScorableRows, _ row: Int, _ values: Span<Double>, _ flat: FlatScorer, _ count: Int
    ) -> (Scorer.Score, [Reason]) {
        let (vector, text) = rows.vector(row)
        let found = flat.scoreAndReasons(values, count: count, vector: { vector }, categoryName: text)
        return (found.score, found.reasons)
    }
}

extension ScoreSummary {
    /// Adds the rows of a block.
    mutating func add(_ block: ScoredBlock) {
        guard let probabilities = block.probabilities else { return add(block.summary) }
        for probability in probabilities { add(probability) }
    }
}
