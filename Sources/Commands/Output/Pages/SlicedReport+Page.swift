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
            page.add("Profit", "<pre>\(text.htmlEscaped)\n\(ContactText(contacts).text.htmlEscaped)</pre>")
        }
        if !slices.isEmpty { page.add("By tenure", sliceTable) }
        return page.html
    }

    private var sliceTable: String {
        var table = HTMLTable([
            ("tenure", false), ("rows", true), ("users", true), ("base rate", true), ("AUC", true),
            ("log loss", true), ("observed / expected", true),
        ])
        for (name, report) in slices {
            table.append([
                name, Format.count(report.rows), Format.count(report.users), Format.percent(report.baseRate),
                Format.fixed(report.auc, 4), Format.fixed(report.logLoss, 4),
                Format.fixed(report.observedToExpected, 3),
            ])
        }
        return table.html
    }
}
