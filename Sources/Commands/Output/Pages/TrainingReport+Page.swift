import LimpetDocuments
import LimpetEvents
import LimpetPipelines
import LimpetReports
import LimpetScoring
import LimpetTraining

extension TrainingReport {
    /// The report as an HTML page.
    var html: String {
        let model = outcome.result.model
        var page = HTMLPage(title: "Training of a \(model.kind.rawValue) model", summary: dataLine)
        if !warnings.isEmpty { page.add("Warnings", Self.paragraphs(warnings)) }
        if let candidates = outcome.search {
            page.add("Candidates", candidateTable(candidates).html)
        }
        if let halfLife = outcome.result.halfLife { page.add("Snapshots", Self.paragraphs([halfLife.text])) }
        if let estimate = outcome.result.estimate {
            QualitySections(report: estimate.pooled, folds: estimate.folds)
                .add(to: &page, title: estimateTitle(estimate).trimmingColon)
            if let decision = estimate.decision {
                page.add("Profit", ContactText(decision).text.preformatted)
            }
        } else {
            page.add("Estimate", "<p>Nothing was held out, so there is no honest estimate.</p>")
        }
        let explanation = ModelExplanation(model: model, hash: outcome.hash ?? "", only: [])
        page.add(
            "Terms", "<p>What each adds to the log-odds of the average user.</p>" + explanation.figures.html)
        if !outcome.input.columns.isEmpty {
            page.add(
                "Columns",
                TableProfileReport(
                    profile: TableProfile(
                        file: outcome.input.file, rows: outcome.input.data.count,
                        columns: outcome.input.columns, target: outcome.input.target)
                ).htmlTable)
        }
        return page.html
    }

    private static func paragraphs(_ texts: [String]) -> String {
        texts.map { "<p>\($0.htmlEscaped)</p>" }.joined(separator: "\n")
    }
}

extension String {
    /// The text without a colon at its end.
    fileprivate var trimmingColon: String { ends(with: ":") ? String(dropLast()) : self }
}
