import LimpetDocuments
import LimpetEvaluation
import LimpetPipelines
import LimpetReports
import LimpetScoring

extension DriftReport {
    /// The report as an HTML page.
    var html: String {
        var page = HTMLPage(
            title: "Drift of model \(hash.prefix(12))",
            summary: "\(Format.count(rows)) rows against the \(Format.count(training.rows)) of training. "
                + advice)
        page.add("How far inputs have moved", figure + lineTable)
        page.add("Performance", performance.preformatted)
        if let realised { QualitySections(report: realised).add(to: &page, title: "Realised metrics") }
        return page.html
    }

    private var shown: [Line] {
        [score].compactMap { $0 }
            + usedInputs.sorted { $0.stability.index > $1.stability.index }.prefix(25)
    }

    private var figure: String {
        IntervalFigure(
            shown.map { line in
                IntervalFigure.Row(
                    line.name, line.stability.index, interval: 0...max(0, line.stability.bound),
                    note: Self.word(line))
            },
            title: "Population stability index",
            caption: "the line at each is the range that chance alone reaches; from 0.1 on an input moves, "
                + "from 0.25 on it has shifted"
        ).html
    }

    private var lineTable: String {
        var table = HTMLTable([
            ("", false), ("PSI", true), ("by chance", true), ("", false), ("missing", true),
            ("in training", true), ("moved most", false),
        ])
        for line in shown {
            table.append([
                line.name, Format.fixed(line.stability.index, 4), Format.fixed(line.stability.bound, 4),
                Self.word(line), Format.percent(line.stability.missing),
                Format.percent(line.stability.trainingMissing), line.movement,
            ])
        }
        return table.html
    }
}
