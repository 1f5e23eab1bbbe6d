import LimpetDocuments
import LimpetEvaluation

/// A table of metrics, each beside the value to compare it to.
struct MetricsText {
    let report: EvaluationReport
    /// The reports of several folds: their mean AUC and log loss are those of the JSON.
    let folds: [EvaluationReport]

    init(_ report: EvaluationReport, folds: [EvaluationReport] = []) {
        self.report = report
        self.folds = folds
    }

    var text: String {
        let columns: [(String, TextTable.Alignment)] = [("", .left), ("", .right), ("", .left)]
        var table = TextTable(
            report.intervals == nil ? columns : columns.prefix(2) + [("95 % interval", .left), ("", .left)])
        for line in lines { table.append(cells(line)) }
        return String(table.text.drop { $0.isWhitespace && $0 != " " })
    }

    /// The cells of each line: the name, the value, where there are intervals the interval, and the value to
    /// compare it to.
    var rows: [[String]] { lines.map(cells) }

    /// A metric as it is printed: its name, value, decimals, and the value to compare it to.
    private struct Line {
        var name: String
        var metric: ReportMetric?
        var value: String
        var decimals = 0
        var warning: String
    }

    private var lines: [Line] {
        let base = Format.fixed(report.baseLogLoss, 4)
        return [
            line("AUC", .auc, 4, "0.5 is chance, 1 a perfect order" + spread(\.auc)),
            line("PR-AUC", .prAuc, 4, "chance has the base rate of \(Format.percent(report.baseRate))"),
            line("log loss", .logLoss, 4, "the base rate alone: \(base)" + spread(\.logLoss)),
            line("log-loss skill", .logLossSkill, 4, "0 is the base rate alone, 1 certainty"),
            line("Brier score", .brier, 4, "mean squared error of probabilities"),
            line("observed / expected", .observedToExpected, 3, "1 is right on average"),
            line("calibration slope", .calibrationSlope, 3, "1 is right; below 1 too extreme"),
            line("calibration intercept", .calibrationIntercept, 3, "0 is right on average, in log-odds"),
            line(
                "calibration error", .calibrationError, 4,
                "mean over ten bins; a constant can pass it, and chance adds to it"),
            line("lift, top tenth", .liftTopDecile, 2, "times the base rate"),
            line("EMPC", .empc, 3, "expected maximum profit per row"),
            line("profit", .profit, 3, "per row, at the threshold given"),
            Line(
                name: "rows / users", value: "\(Format.count(report.rows)) / \(Format.count(report.users))",
                warning: "rows of one user are not independent"),
        ].filter { $0.metric != .profit || report[.profit] != nil }
    }

    private func line(_ name: String, _ metric: ReportMetric, _ decimals: Int, _ warning: String) -> Line {
        Line(
            name: name, metric: metric, value: Format.fixed(report[metric], decimals), decimals: decimals,
            warning: warning)
    }

    private func cells(_ line: Line) -> [String] {
        guard let intervals = report.intervals else { return [line.name, line.value, line.warning] }
        let interval = line.metric.flatMap { intervals[$0] }.map {
            "\(Format.fixed($0.lower, line.decimals)) to \(Format.fixed($0.upper, line.decimals))"
        }
        return [line.name, line.value, interval ?? "", line.warning]
    }

    /// Returns the mean over folds and their range, beside the value over all of them.
    private func spread(_ metric: (EvaluationReport) -> Double?) -> String {
        let values = folds.compactMap(metric).sorted()
        guard folds.count > 1, let least = values.first, let most = values.last else { return "" }
        let mean = values.reduce(0, +) / Double(values.count)
        return "; mean of \(folds.count) folds \(Format.fixed(mean, 4)), \(Format.fixed(least, 4)) to "
            + Format.fixed(most, 4)
    }
}
