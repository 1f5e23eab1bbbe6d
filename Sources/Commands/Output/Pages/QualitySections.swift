import LimpetDocuments
import LimpetEvaluation
import LimpetReports

/// The sections of a page about how good scores are: metrics, ranking, calibration and gain.
struct QualitySections {
    let report: EvaluationReport
    var folds: [EvaluationReport] = []

    /// Adds the sections to a page.
    func add(to page: inout HTMLPage, title: String) {
        page.add(title, metricTable)
        guard let deciles = report.deciles, !deciles.isEmpty else { return }
        page.add("Ranking", ranking(deciles))
        page.add(
            "Calibration and gain",
            "<div class=\"figures\">\n\(calibration(deciles))\n\(gain(deciles))\n</div>")
    }

    private var metricTable: String {
        let metrics = MetricsText(report, folds: folds)
        var table = HTMLTable(
            [("", false), ("", true)] + (report.intervals == nil ? [] : [("95 % interval", false)])
                + [("", false)], isTold: true)
        for row in metrics.rows { table.append(row) }
        return table.html
    }

    private func ranking(_ deciles: [Decile]) -> String {
        BarFigure(
            values: deciles.map { 100 * $0.rate },
            labels: deciles.indices.map { ($0, $0 == 0 ? "top tenth" : "\($0 * 10)–\($0 * 10 + 10) %") },
            unit: "Percent with label 1, by tenth of the score",
            caption: "Of those with the highest scores, "
                + "\(Format.percent(deciles[0].rate)) have label 1, of all "
                + "\(Format.percent(report.baseRate))."
        ).html
    }

    private func calibration(_ deciles: [Decile]) -> String {
        var figure = CurveFigure(
            name: "predicted share",
            caption: "against the observed one, by tenth of the score, with 95 % intervals that take rows as "
                + "independent; right is on the line")
        let ascending = deciles.reversed()
        let rows = Double(report.rows) / Double(deciles.count)
        let most = ascending.map { max($0.rate, $0.meanProbability) }.max() ?? 1
        figure.curves = [
            CurveFigure.Curve(points: [(0, 0), (most, most)], isReference: true),
            CurveFigure.Curve(
                points: ascending.map { ($0.meanProbability, $0.rate) },
                errors: ascending.map { 1.96 * ($0.rate * (1 - $0.rate) / max(1, rows)).squareRoot() },
                hasMarks: true),
        ]
        return figure.html
    }

    private func gain(_ deciles: [Decile]) -> String {
        var figure = CurveFigure(
            name: "share of the rows, highest scores first",
            caption: "against the share of all label 1 among them; the straight line is chance")
        figure.curves = [
            CurveFigure.Curve(points: [(0, 0), (1, 1)], isReference: true),
            CurveFigure.Curve(points: [(0, 0)] + deciles.map { ($0.share, $0.gain) }, hasMarks: true),
        ]
        return figure.html
    }
}
