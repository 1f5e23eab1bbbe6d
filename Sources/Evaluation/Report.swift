public import LimpetScoring

/// The metrics of one set of outcomes. A metric that cannot be computed, e.g. the AUC of one class, is nil.
public struct EvaluationReport: Hashable, Sendable {
    /// Rows.
    public var rows: Int
    /// Different users: rows of one user are no independent witnesses.
    public var users: Int
    /// Rows with label 1.
    public var positives: Int
    /// See ``Ranking/auc(scores:labels:)``.
    public var auc: Double?
    /// See ``ProbabilityLoss/logLoss(probabilities:labels:)``.
    public var logLoss: Double?
    /// See ``ProbabilityLoss/baseLogLoss(labels:)``.
    public var baseLogLoss: Double?
    /// See ``ProbabilityLoss/brier(probabilities:labels:)``.
    public var brier: Double?
    /// See ``Calibration/observedToExpected(probabilities:labels:)``.
    public var observedToExpected: Double?
    /// The slope of ``Calibration/line(logOdds:labels:)`` through the logit of the probabilities.
    public var calibrationSlope: Double?
    /// See ``Ranking/lift(scores:labels:share:)`` for the top tenth.
    public var liftTopDecile: Double?

    /// Computes all metrics.
    public init(_ outcomes: Outcomes) {
        rows = outcomes.count
        users = Set(outcomes.users).count
        positives = outcomes.positives
        auc = Ranking.auc(scores: outcomes.logOdds, labels: outcomes.labels)
        logLoss = ProbabilityLoss.logLoss(probabilities: outcomes.probabilities, labels: outcomes.labels)
        baseLogLoss = ProbabilityLoss.baseLogLoss(labels: outcomes.labels)
        brier = ProbabilityLoss.brier(probabilities: outcomes.probabilities, labels: outcomes.labels)
        observedToExpected = Calibration.observedToExpected(
            probabilities: outcomes.probabilities, labels: outcomes.labels)
        let logits = outcomes.probabilities.map {
            ElementaryFunctions.logit(min(max($0, ProbabilityLoss.clip), 1 - 1e-15))
        }
        calibrationSlope = Calibration.line(logOdds: logits, labels: outcomes.labels)?.slope
        liftTopDecile = Ranking.lift(scores: outcomes.logOdds, labels: outcomes.labels)
    }

    /// The metrics as a document; those that cannot be computed are null.
    public var document: JSON {
        func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
        return .object([
            "rows": .number(rows), "users": .number(users), "positives": .number(positives),
            "baseRate": number(rows > 0 ? Double(positives) / Double(rows) : nil),
            "auc": number(auc), "logLoss": number(logLoss), "baseLogLoss": number(baseLogLoss),
            "brier": number(brier), "observedToExpected": number(observedToExpected),
            "calibrationSlope": number(calibrationSlope), "liftTopDecile": number(liftTopDecile),
        ])
    }
}
