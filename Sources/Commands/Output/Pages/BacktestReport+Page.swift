import LimpetDocuments
import LimpetEvaluation
import LimpetReports
import LimpetPipelines
import LimpetScoring
import LimpetTraining

extension BacktestReport {
    /// The report as an HTML page.
    var html: String {
        var page = HTMLPage(title: "Backtest of \(kind) models", summary: introduction)
        if !doubts.isEmpty { page.add("Warnings", doubtText.preformatted) }
        page.add(
            "Over time",
            "<div class=\"figures\">\n\(figure(.auc, "AUC", reference: nil))\n"
                + "\(figure(.observedToExpected, "Observed / expected", reference: 1))\n</div>")
        page.add("Origins", originHTML)
        QualitySections(report: result.pooled).add(to: &page, title: "All test rows together")
        return page.html
    }

    private func figure(_ metric: ReportMetric, _ title: String, reference: Double?) -> String {
        let rows = result.origins.compactMap { origin in
            origin.report[metric].map { value in
                IntervalFigure.Row(
                    date(origin.period.origin), value,
                    interval: origin.report.intervals?[metric].map { $0.lower...max($0.lower, $0.upper) },
                    note: Format.fixed(value, 3))
            }
        }
        return IntervalFigure(
            rows, title: title, caption: "by origin, with 95 % intervals over users", reference: reference
        ).html
    }

    private var originHTML: String {
        var table = HTMLTable([
            ("origin", false), ("learnt rows", true), ("leavers", true), ("test rows", true),
            ("base rate", true), ("AUC", true), ("log loss", true), ("observed / expected", true),
        ])
        for origin in result.origins {
            let report = origin.report
            table.append([
                date(origin.period.origin), Format.count(origin.training.rows),
                Format.count(origin.training.positiveUsers), Format.count(report.rows),
                Format.percent(report.baseRate), Format.fixed(report.auc, 4), Format.fixed(report.logLoss, 4),
                Format.fixed(report.observedToExpected, 3),
            ])
        }
        return table.html
    }
}
