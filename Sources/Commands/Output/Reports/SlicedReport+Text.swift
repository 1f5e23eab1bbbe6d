import LimpetDocuments
import LimpetEvaluation
import LimpetPipelines

extension SlicedReport {
    private var bestLine: String? {
        guard let best = decisionEvaluation.best else { return nil }
        guard best.threshold.isFinite else { return "An offer to nobody would have been best on these rows." }
        return """
            Most profit on these rows: \(Format.fixed(best.mean, 3)) per row, with an offer to the \
            \(Format.percent(best.fraction)) whose probability is at least \(Format.fixed(best.threshold, 4)).
            To evaluate a threshold, choose it on earlier rows (--profit-threshold).
            """
    }

    /// The metrics, the profit at the threshold, and the shares by tenth and by segment.
    var text: String {
        var lines = ["Model \(hash.prefix(12))…:"]
        if let target { lines.append(target.text) }
        lines += [MetricsText(overall).text, ""]
        if let text = decisionEvaluation.used.text, let contacts = decisionEvaluation.contacts {
            lines += [text, ContactText(contacts).text, ""]
        }
        if let bestLine { lines += [bestLine, ""] }
        if unlabelled > 0 {
            lines += ["\(Format.count(unlabelled)) rows have no label yet and do not count.", ""]
        }
        lines += ["Share with label 1, by tenth of the score:", DecilePlot(deciles).text]
        for segmentation in segmentations { lines += ["", segmentation.table.text] }
        return lines.joined(separator: "\n")
    }
}

extension Segmentation {
    /// The segments with their users and metrics.
    var table: TitledTable {
        var table = TitledTable(
            "By \(name):",
            [
                ("", .left), ("rows", .right), ("users", .right), ("base rate", .right), ("AUC", .right),
                ("", .left), ("log loss", .right), ("", .left), ("base", .right), ("obs/exp", .right),
                ("", .left),
            ])
        for segment in segments {
            let report = segment.report
            func interval(_ metric: ReportMetric, _ decimals: Int) -> String {
                report.intervals?[metric].map {
                    "\(Format.fixed($0.lower, decimals)) to \(Format.fixed($0.upper, decimals))"
                } ?? ""
            }
            table.rows.append([
                segment.name, Format.count(report.rows), Format.count(report.users),
                Format.percent(report.baseRate), Format.fixed(report.auc, 4), interval(.auc, 3),
                Format.fixed(report.logLoss, 4), interval(.logLoss, 3), Format.fixed(report.baseLogLoss, 4),
                Format.fixed(report.observedToExpected, 3), interval(.observedToExpected, 2),
            ])
        }
        return table
    }
}
