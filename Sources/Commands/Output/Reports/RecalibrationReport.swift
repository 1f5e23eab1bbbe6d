import LimpetDocuments
import LimpetEvaluation
import LimpetPipelines
import LimpetScoring

/// The result of a recalibration, as text and as JSON.
struct RecalibrationReport {
    private let result: RecalibratedModel
    private let hash: String

    /// - Parameter hash: that of the file that was written.
    init(_ result: RecalibratedModel, hash: String) { (self.result, self.hash) = (result, hash) }

    private var recalibration: Recalibration { result.recalibration }

    var text: String {
        let what =
            recalibration.slope == 1
            ? "The intercept moves by \(Format.signed(recalibration.intercept, 3)) in log-odds; "
                + "the slope stays (χ² \(Format.fixed(recalibration.slopeStatistic, 2)), above "
                + "\(Format.fixed(Recalibration.criticalValue, 2)) it would not)."
            : "The slope becomes \(Format.fixed(recalibration.slope, 3)) and the intercept "
                + "\(Format.signed(recalibration.intercept, 3)) (χ² of the slope "
                + "\(Format.fixed(recalibration.slopeStatistic, 1)))."
        var table = TextTable([
            ("\(Format.count(result.before.rows)) rows", .left), ("observed/expected", .right),
            ("slope", .right),
            ("log loss", .right), ("AUC", .right),
        ])
        for (name, report) in [("before", result.before), ("after", result.after)] {
            func cell(_ metric: ReportMetric, _ decimals: Int) -> String {
                let interval = report.intervals?[metric].map {
                    " (\(Format.fixed($0.lower, decimals))–\(Format.fixed($0.upper, decimals)))"
                }
                return Format.fixed(report[metric], decimals) + (interval ?? "")
            }
            table.append([
                name, cell(.observedToExpected, 3), cell(.calibrationSlope, 3), cell(.logLoss, 4),
                cell(.auc, 4),
            ])
        }
        return """
            \(result.target.map { $0.text + "\n" } ?? "")\(what)
            \(table.text)
              The probabilities were recalibrated on these rows: "after" is their fit, and no forecast.
            model \(result.parent.prefix(12))… → \(hash.prefix(12))…
            """
    }

    var document: JSON {
        .object([
            "intercept": .number(recalibration.intercept), "slope": .number(recalibration.slope),
            "slopeStatistic": .number(recalibration.slopeStatistic), "before": result.before.document,
            "after": result.after.document, "parent": .string(result.parent), "model": .string(hash),
            "target": result.target?.document ?? .null,
        ])
    }
}
