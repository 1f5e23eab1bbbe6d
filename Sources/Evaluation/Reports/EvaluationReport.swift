/// The metrics of one set of outcomes; a metric that is undefined, e.g. the AUC of one class, is nil.
///
///     let report = EvaluationReport(outcomes)
///     print(report.auc ?? .nan, report.calibrationSlope ?? .nan)
///     print(report[.brierReliability] ?? .nan)
public struct EvaluationReport: Hashable, Sendable {
    /// The number of rows.
    public var rows: Int
    /// The number of different users: rows of one user are not independent.
    public var users: Int
    /// The number of rows with label 1.
    public var positives: Int
    /// The weighted share of label 1; nil when the sum of the weights is 0.
    public var baseRate: Double?
    /// The values of the metrics that are defined.
    public var values: [ReportMetric: Double]
    /// The confidence intervals, where a bootstrap was requested.
    public var intervals: [ReportMetric: Interval]?
    /// The deciles of the rows by score, the highest first, where they were requested.
    public var deciles: [Decile]?

    /// Computes all metrics, without intervals and deciles.
    public init(_ outcomes: Outcomes, settings: MetricSettings = MetricSettings(), threads: Int = 1) {
        let prepared = PreparedOutcomes(
            outcomes, settings: settings, metrics: Set(ReportMetric.allCases), threads: threads)
        self.init(outcomes, prepared, threads: threads)
    }

    private init(_ outcomes: Outcomes, _ prepared: PreparedOutcomes?, threads: Int) {
        rows = outcomes.count
        users = UserIndex(outcomes.users).count
        positives = outcomes.positives
        let sums = prepared?.sample.sums
        baseRate = sums.flatMap { $0.rows > 0 ? $0.positives / $0.rows : nil }
        values = prepared?.values(threads: threads) ?? [:]
    }

    /// Computes all metrics with deciles, and with intervals where a bootstrap is given.
    ///
    /// - Throws: `CancellationError`.
    public static func detailed(
        _ outcomes: Outcomes, settings: MetricSettings = MetricSettings(), bootstrap: Bootstrap?,
        threads: Int = 1, progress: (Double) -> Void = { _ in }
    ) async throws -> EvaluationReport {
        let prepared = PreparedOutcomes(
            outcomes, settings: settings, metrics: Set(ReportMetric.allCases), threads: threads)
        var report = EvaluationReport(outcomes, prepared, threads: threads)
        if let order = prepared?.ranking, let labels = prepared?.sample.ranking {
            report.deciles = Decile.list(outcomes, order, labels)
        }
        if let bootstrap {
            report.intervals = [:]
            if let prepared {
                progress(0)
                report.intervals = try await bootstrap.intervals(
                    prepared, values: report.values, threads: threads, progress: progress)
            }
        }
        return report
    }

    /// The value of a metric; nil where it is not defined.
    public subscript(metric: ReportMetric) -> Double? { values[metric] }
}

extension EvaluationReport {
    /// See ``ReportMetric/auc``.
    public var auc: Double? { self[.auc] }
    /// See ``ReportMetric/prAuc``.
    public var prAuc: Double? { self[.prAuc] }
    /// See ``ReportMetric/logLoss``.
    public var logLoss: Double? { self[.logLoss] }
    /// See ``ReportMetric/baseLogLoss``.
    public var baseLogLoss: Double? { self[.baseLogLoss] }
    /// See ``ReportMetric/logLossSkill``.
    public var logLossSkill: Double? { self[.logLossSkill] }
    /// See ``ReportMetric/brier``.
    public var brier: Double? { self[.brier] }
    /// See ``ReportMetric/observedToExpected``.
    public var observedToExpected: Double? { self[.observedToExpected] }
    /// See ``ReportMetric/calibrationSlope``.
    public var calibrationSlope: Double? { self[.calibrationSlope] }
    /// See ``ReportMetric/calibrationIntercept``.
    public var calibrationIntercept: Double? { self[.calibrationIntercept] }
    /// See ``ReportMetric/calibrationError``.
    public var calibrationError: Double? { self[.calibrationError] }
    /// See ``ReportMetric/liftTopDecile``.
    public var liftTopDecile: Double? { self[.liftTopDecile] }
    /// See ``ReportMetric/empc``.
    public var empc: Double? { self[.empc] }
    /// See ``ReportMetric/empcFraction``.
    public var empcFraction: Double? { self[.empcFraction] }
}
