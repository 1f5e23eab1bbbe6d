/// The data from which the metrics of a report are computed, for rows as they are or as a bootstrap counts
/// them.
struct MetricSample: Sendable {
    /// The sums over rows.
    var sums: MetricSums
    /// Labels by score; nil when they cannot be ranked.
    var ranking: ScoreGroups?
    /// Labels by probability, where the groups are others than those of `ranking`.
    var ownGroups: ScoreGroups?
    /// The columns that do not depend on how often rows count.
    var columns: ProbabilityColumns?

    /// Labels by probability.
    var probabilityGroups: ScoreGroups? { ownGroups ?? (columns == nil ? nil : ranking) }
}

/// The columns of groups of equal probabilities, and a start for a regression on them.
struct ProbabilityColumns: Sendable {
    /// The probability of each group.
    var probabilities: [Double]
    /// The logit of each; empty where no metric needs it.
    var logits: [Double]
    /// The regression on the rows as they are, close to that of a replicate.
    var start: Start?

    /// A fitted line.
    struct Start: Sendable {
        var line: Calibration.Line
        /// The probabilities that the line gives to the groups.
        var fitted: [Double]
        /// The intercept at a slope of 1.
        var intercept: Double
        /// The probabilities that the intercept gives to the groups.
        var shifted: [Double]
    }
}

extension MetricSample {
    /// Returns the values of the requested metrics; those that are not defined are left out.
    func values(_ metrics: Set<ReportMetric>, settings: MetricSettings) -> [ReportMetric: Double] {
        var values = MetricValues(wanted: metrics)
        addMeans(to: &values, settings: settings)
        if let ranking, !metrics.isDisjoint(with: .ofRanking) {
            addRanking(ranking, to: &values, settings: settings)
        }
        if let columns, let groups = probabilityGroups {
            if !metrics.isDisjoint(with: .ofBins) {
                let grouped = ProbabilityGroups(probabilities: columns.probabilities, labels: groups)
                addBins(grouped, to: &values, settings: settings)
            }
            if !metrics.isDisjoint(with: .ofRegression) { addRegression(columns, groups, to: &values) }
        }
        return values.values
    }

    private func addMeans(to values: inout MetricValues, settings: MetricSettings) {
        guard sums.rows > 0 else { return }
        let loss = sums.logLoss / sums.rows
        values.add(.logLoss) { loss }
        values.add(.baseLogLoss) { sums.base }
        values.add(.logLossSkill) { ProbabilityLoss.logLossSkill(loss: loss, base: sums.base) }
        values.add(.brier) { sums.brier / sums.rows }
        values.add(.observedToExpected) { sums.expected > 0 ? sums.positives / sums.expected : nil }
        if settings.threshold != nil { values.add(.profit) { sums.profit / sums.rows } }
    }

    private func addRanking(
        _ ranking: ScoreGroups, to values: inout MetricValues, settings: MetricSettings
    ) {
        values.add(.auc) { Ranking.auc(ranking) }
        values.add(.prAuc) { Ranking.averagePrecision(ranking) }
        values.add(.liftTopDecile) { Ranking.lift(ranking) }
        guard values.wants(.empc) || values.wants(.empcFraction) else { return }
        let profit = ExpectedMaximumProfit(ranking, parameters: settings.expectedMaximumProfit)
        values.add(.empc) { profit?.profit }
        values.add(.empcFraction) { profit?.fraction }
    }

    private func addBins(
        _ groups: ProbabilityGroups, to values: inout MetricValues, settings: MetricSettings
    ) {
        guard let bins = groups.bins(settings.bins) else { return }
        let error = CalibrationError(bins)
        let parts = BrierDecomposition(groups, bins: bins)
        values.add(.calibrationError) { error.expected }
        values.add(.maximumCalibrationError) { error.maximum }
        values.add(.brierReliability) { parts.reliability }
        values.add(.brierResolution) { parts.generalisedResolution }
        values.add(.brierUncertainty) { parts.uncertainty }
    }

    private func addRegression(
        _ columns: ProbabilityColumns, _ groups: ScoreGroups, to values: inout MetricValues
    ) {
        let regression = CalibrationRegression(
            logOdds: columns.logits, positives: groups.positives, negatives: groups.negatives)
        guard let start = columns.start else {
            let coarse = regression.coarse()
            values.add(.calibrationSlope) { regression.line(coarse)?.slope }
            values.add(.calibrationIntercept) { regression.intercept(coarse) }
            return
        }
        values.add(.calibrationSlope) { regression.line(near: start.line, fitted: start.fitted)?.slope }
        values.add(.calibrationIntercept) { regression.intercept(near: (start.intercept, start.shifted)) }
    }
}

/// The values of the requested metrics.
struct MetricValues {
    let wanted: Set<ReportMetric>
    var values: [ReportMetric: Double] = [:]

    init(wanted: Set<ReportMetric>) { self.wanted = wanted }

    func wants(_ metric: ReportMetric) -> Bool { wanted.contains(metric) }

    /// Keeps a value that is requested, defined and finite.
    mutating func add(_ metric: ReportMetric, _ value: () -> Double?) {
        guard wants(metric), let value = value(), value.isFinite else { return }
        values[metric] = value
    }
}
