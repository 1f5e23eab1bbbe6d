import LimpetParallel

/// Outcomes in a form in which replicates of the bootstrap cost little, however many rows there are: the rows
/// lie in ``ScoreCells``, whose sums for all replicates are computed at once, and metrics are those of cells.
///
/// A metric that is a sum over rows has no error by this; the others have that of taking the scores of a cell
/// for one. Each replicate is corrected by what this error is for the rows as they are, where the metric is
/// known exactly.
struct CellResampling: Sendable {
    /// The number of rows from which on replicates are computed by cells.
    static let manyRows = 50_000

    /// The values of the metrics for cells of the rows as they are.
    let values: [ReportMetric: Double]
    /// The number of units that are drawn.
    let unitCount: Int
    private let unitSums: [MetricSums]
    private let ranking: ScoreCells?
    private let probability: ScoreCells?
    private let sample: MetricSample
    private let metrics: Set<ReportMetric>
    private let settings: MetricSettings
    private let isWeighted: Bool

    init(
        _ prepared: PreparedOutcomes, _ units: ResamplingUnits, metrics: Set<ReportMetric>, threads: Int = 1
    ) {
        let outcomes = prepared.outcomes
        unitCount = units.count
        (self.metrics, settings) = (metrics, prepared.settings)
        isWeighted = outcomes.weights != nil
        let needsCells =
            !metrics.isDisjoint(with: .ofRanking) || !metrics.isDisjoint(with: .ofBins)
            || !metrics.isDisjoint(with: .ofRegression)
        var sample = prepared.sample
        (unitSums, (ranking, probability)) = ConcurrentBlocks.pair(threads: threads) {
            MetricSums.byUnit(prepared, units.ofRow, count: units.count)
        } _: {
            needsCells ? Self.cells(prepared, units) : (nil, nil)
        }
        if let ranking { sample.ranking = ranking.labels }
        sample.ownGroups = probability?.labels
        if let cells = probability ?? ranking, let groups = prepared.sample.probabilityGroups {
            sample.columns = sample.columns?.means(cells, groups)
        }
        if let groups = sample.probabilityGroups {
            sample.columns = sample.columns?.started(groups, metrics)
        }
        self.sample = sample
        values = sample.values(metrics, settings: settings)
    }

    private static func cells(
        _ prepared: PreparedOutcomes, _ units: ResamplingUnits
    ) -> (ranking: ScoreCells?, probability: ScoreCells?) {
        let (sample, outcomes) = (prepared.sample, prepared.outcomes)
        var ranking: ScoreCells?
        if let order = prepared.ranking, let labels = sample.ranking {
            ranking = ScoreCells(order, labels, units, outcomes)
        }
        guard let own = sample.ownGroups else { return (ranking, nil) }
        return switch prepared.grouping {
        case .own(let order): (ranking, ScoreCells(order, own, units, outcomes))
        case .merged(let starts):
            (ranking, prepared.ranking.map { ScoreCells($0.merged(starts), own, units, outcomes) })
        case .same, nil: (ranking, nil)
        }
    }

    /// Returns the values of a batch of replicates; `eachDone` is called after each block of them.
    func values(
        seeds: [UInt64], threads: Int, eachDone: (Int) -> Void
    ) async throws -> [[ReportMetric: Double]] {
        let draws = ReplicateDraws(seeds: seeds, units: unitCount, asNumbers: isWeighted)
        let ranked = ranking?.sums(draws, threads: threads) ?? []
        let grouped = probability?.sums(draws, threads: threads) ?? []
        // Half a block of replicates a task, so that threads end at about the same time.
        let halves = Array(stride(from: 0, to: seeds.count, by: 8))
        return try await concurrentMap(halves, threads: threads, eachDone: { eachDone(8) }) { first in
            var sample = sample
            return (first..<min(first + 8, seeds.count)).map { replicate in
                var sums = MetricSums()
                let counts = draws.ofReplicate[replicate]
                for unit in counts.indices { sums.add(unitSums[unit], times: Double(counts[unit])) }
                sample.sums = sums
                sample.ranking?.fill(ranked, replicate, of: draws)
                sample.ownGroups?.fill(grouped, replicate, of: draws)
                return sample.values(metrics, settings: settings)
            }
        }.flatMap { $0 }
    }
}

extension ScoreGroups {
    /// Takes the sums of one replicate.
    fileprivate mutating func fill(_ sums: [SIMD16<Float>], _ replicate: Int, of draws: ReplicateDraws) {
        let (block, lane, sums) = (replicate / 16, replicate % 16, sums.span)
        for cell in positives.indices {
            positives[cell] = Double(sums[2 * cell * draws.blocks + block][lane])
            negatives[cell] = Double(sums[(2 * cell + 1) * draws.blocks + block][lane])
        }
    }
}

extension ScoreOrder {
    /// Returns the order with adjacent groups merged; `groups` holds where each new one starts, and the end.
    fileprivate func merged(_ groups: [Int32]) -> ScoreOrder {
        ScoreOrder(rows: rows, starts: groups.map { starts[Int($0)] })
    }
}

extension ProbabilityColumns {
    /// Returns the weighted means of the groups in each cell.
    fileprivate func means(_ cells: ScoreCells, _ groups: ScoreGroups) -> ProbabilityColumns {
        func means(_ values: [Double]) -> [Double] {
            guard !values.isEmpty else { return [] }
            return (0..<cells.count).map { cell in
                let range = Int(cells.firstGroups[cell])..<Int(cells.firstGroups[cell + 1])
                guard range.count > 1 else { return values[range.lowerBound] }
                var (sum, weight) = (0.0, 0.0)
                for group in range {
                    let part = groups.positives[group] + groups.negatives[group]
                    sum += part * values[group]
                    weight += part
                }
                return sum / weight
            }
        }
        return ProbabilityColumns(probabilities: means(probabilities), logits: means(logits))
    }
}
