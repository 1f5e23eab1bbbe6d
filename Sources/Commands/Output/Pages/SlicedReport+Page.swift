import LimpetDocuments
import LimpetEvaluation
import LimpetPipelines
import LimpetReports
import LimpetScoring

extension SlicedReport {
    /// The report as an HTML page.
    var html: String {
        var page = HTMLPage(
            title: "Evaluation of model \(hash.prefix(12))",
            summary: "\(Format.count(overall.rows)) rows of \(Format.count(overall.users)) users, "
                + "\(Format.percent(overall.baseRate)) with label 1. \(target?.text ?? "")")
        QualitySections(report: overall).add(to: &page, title: "Metrics")
        if let text = decisionEvaluation.used.text, let contacts = decisionEvaluation.contacts {
            page.add("Profit", "\(text)\n\(ContactText(contacts).text)".preformatted)
        }
        for segmentation in segmentations {
            page.add("By \(segmentation.name)", segmentation.section)
        }
        return page.html
    }
}

extension Segmentation {
    /// The segments with their intervals as a figure, and as a table.
    fileprivate var section: String {
        let rows = segments.compactMap { segment in
            segment.report.auc.map { auc in
                IntervalFigure.Row(
                    segment.name, auc,
                    interval: segment.report.intervals?[.auc].map { $0.lower...max($0.lower, $0.upper) },
                    note: Format.count(segment.report.users))
            }
        }
        let figure = IntervalFigure(
            rows, title: "AUC", caption: "of each segment, with its interval; users at the right",
            reference: 0.5)
        return table.untitled + (rows.isEmpty ? "" : figure.html)
    }
}
