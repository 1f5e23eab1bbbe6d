import LimpetParallel

/// Outcomes with their rows sorted once, by score and by probability.
struct PreparedOutcomes: Sendable {
    /// The relation of groups of equal probabilities to those of equal scores.
    enum Grouping: Sendable {
        /// The groups are the same: the calibrator is strictly increasing.
        case same
        /// Each group merges adjacent groups of scores, which start at the given indices: the calibrator is
        /// increasing, with flat parts.
        case merged([Int32])
        /// The groups are unrelated.
        case own(ScoreOrder)
    }

    let outcomes: Outcomes
    let settings: MetricSettings
    let metrics: Set<ReportMetric>
    /// The rows by score; nil when they cannot be ranked, or no metric needs it.
    let ranking: ScoreOrder?
    /// The groups of probabilities; nil when there are none, or no metric needs them.
    let grouping: Grouping?
    /// The log loss of each row.
    let logLosses: [Double]
    /// The data of the rows as they are.
    private(set) var sample: MetricSample

    /// Sorts the rows; nil when a weight is negative or not finite.
    init?(
        _ outcomes: Outcomes, settings: MetricSettings, metrics: Set<ReportMetric>, threads: Int = 1
    ) {
        guard RowWeights.areValid(outcomes.weights, rows: outcomes.count) else { return nil }
        let needsGroups = !metrics.isDisjoint(with: .ofBins) || !metrics.isDisjoint(with: .ofRegression)
        let needsRanking = needsGroups || !metrics.isDisjoint(with: .ofRanking)
        let (ranking, (losses, sums)) = ConcurrentBlocks.pair(threads: threads) {
            needsRanking ? ScoreOrder(outcomes.logOdds, weights: outcomes.weights) : nil
        } _: {
            let losses = ProbabilityLoss.logLosses(outcomes.probabilities, outcomes.labels)
            return (losses, MetricSums(outcomes, logLosses: losses, settings: settings))
        }
        let (labels, grouping) = ConcurrentBlocks.pair(threads: threads) {
            ranking.map { ScoreGroups($0, labels: outcomes.labels, weights: outcomes.weights) }
        } _: {
            needsGroups ? Self.grouping(outcomes, ranking) : nil
        }
        let (own, columns) = ConcurrentBlocks.pair(threads: threads) {
            grouping.flatMap { Self.ownGroups($0, outcomes, labels) }
        } _: {
            grouping.map { Self.columns($0, outcomes, ranking, metrics) }
        }
        self.outcomes = outcomes
        self.settings = settings
        self.metrics = metrics
        self.ranking = ranking
        self.grouping = grouping
        logLosses = losses
        sample = MetricSample(sums: sums, ranking: labels, ownGroups: own, columns: columns)
    }

    /// Returns the values for the rows as they are.
    func values(threads: Int = 1) -> [ReportMetric: Double] {
        guard threads > 1 else { return sample.values(metrics, settings: settings) }
        let parts: [Set<ReportMetric>] = [.ofRegression, .ofBins, .ofRanking]
        let others = parts.reduce(metrics) { $0.subtracting($1) }
        let values = ConcurrentBlocks.map(4, threads: threads) { part in
            sample.values(part < 3 ? metrics.intersection(parts[part]) : others, settings: settings)
        }
        return values.reduce(into: [:]) { all, some in all.merge(some) { value, _ in value } }
    }

    /// Returns the same outcomes with the regression from which those of replicates start, where one of the
    /// metrics needs it.
    func started(_ metrics: Set<ReportMetric>) -> PreparedOutcomes {
        guard let groups = sample.probabilityGroups else { return self }
        var started = self
        started.sample.columns = sample.columns?.started(groups, metrics)
        return started
    }

    private static func grouping(_ outcomes: Outcomes, _ ranking: ScoreOrder?) -> Grouping? {
        if let ranking, let starts = mergedStarts(outcomes.probabilities, ranking) {
            return starts.count == ranking.starts.count ? .same : .merged(starts)
        }
        return ScoreOrder(outcomes.probabilities, weights: outcomes.weights).map { .own($0) }
    }

    /// Returns the groups of scores at which the probability falls; nil when it rises somewhere, differs
    /// within a group, or is NaN.
    private static func mergedStarts(_ probabilities: [Double], _ ranking: ScoreOrder) -> [Int32]? {
        var starts: [Int32] = []
        starts.reserveCapacity(ranking.groupCount + 1)
        var last = Double.infinity
        let (rows, bounds, probabilities) = (ranking.rows.span, ranking.starts.span, probabilities.span)
        for group in 0..<ranking.groupCount {
            let probability = probabilities[Int(rows[Int(bounds[group])])]
            guard probability <= last else { return nil }
            for place in (Int(bounds[group]) + 1)..<max(Int(bounds[group]) + 1, Int(bounds[group + 1])) {
                guard probabilities[Int(rows[place])] == probability else { return nil }
            }
            if probability < last { starts.append(Int32(group)) }
            last = probability
        }
        starts.append(Int32(ranking.groupCount))
        // If all probabilities were infinite, which does not occur, the first group would have no start.
        return starts.first == 0 ? starts : nil
    }

    private static func ownGroups(
        _ grouping: Grouping, _ outcomes: Outcomes, _ labels: ScoreGroups?
    ) -> ScoreGroups? {
        switch grouping {
        case .same: nil
        case .merged(let starts): labels.map { $0.merged(starts) }
        case .own(let order): ScoreGroups(order, labels: outcomes.labels, weights: outcomes.weights)
        }
    }

    private static func columns(
        _ grouping: Grouping, _ outcomes: Outcomes, _ ranking: ScoreOrder?, _ metrics: Set<ReportMetric>
    ) -> ProbabilityColumns {
        let ranked = ranking?.firstRows() ?? []
        let rows =
            switch grouping {
            case .same: ranked
            case .merged(let starts): starts.dropLast().map { ranked[Int($0)] }
            case .own(let order): order.firstRows()
            }
        let probabilities = rows.map { outcomes.probabilities[$0] }
        let needsLogits = !metrics.isDisjoint(with: .ofRegression)
        return ProbabilityColumns(
            probabilities: probabilities, logits: needsLogits ? Calibration.logits(probabilities) : [])
    }
}

extension ScoreGroups {
    /// Returns groups merged with their neighbours; `starts` holds where each new group starts, and the end.
    func merged(_ starts: [Int32]) -> ScoreGroups {
        let zeros = [Double](repeating: 0, count: starts.count - 1)
        var merged = ScoreGroups(positives: zeros, negatives: zeros)
        merged.fill(merging: self, starts: starts)
        return merged
    }

    /// Merges groups into the existing groups of this value.
    mutating func fill(merging groups: ScoreGroups, starts: [Int32]) {
        for group in positives.indices {
            var (positive, negative) = (0.0, 0.0)
            for part in Int(starts[group])..<Int(starts[group + 1]) {
                positive += groups.positives[part]
                negative += groups.negatives[part]
            }
            (positives[group], negatives[group]) = (positive, negative)
        }
    }
}

extension ProbabilityColumns {
    /// Returns the same columns with the regression on the groups as a start, where a metric needs one.
    func started(_ groups: ScoreGroups, _ metrics: Set<ReportMetric>) -> ProbabilityColumns {
        let regression = CalibrationRegression(
            logOdds: logits, positives: groups.positives, negatives: groups.negatives)
        guard !metrics.isDisjoint(with: .ofRegression), let line = regression.line(),
            let intercept = regression.intercept()
        else { return self }
        var started = self
        started.start = Start(
            line: line, fitted: regression.fitted(line), intercept: intercept,
            shifted: regression.fitted(Calibration.Line(slope: 1, intercept: intercept)))
        return started
    }
}
