import LimpetDocuments
import LimpetReports
import LimpetScoring

extension ModelExplanation {
    /// The terms as figures.
    var figures: TermFigures { TermFigures(model: model, plots: plots) }

    /// The explanation as an HTML page.
    var html: String {
        var page = HTMLPage(
            title: "\(model.kind.rawValue) model "
                + "\(hash.prefix(12))", summary: heading.joined(separator: ". "))
        page.add(
            "Terms", "<p>What each adds to the log-odds of the average user.</p>" + figures.html)
        if only.isEmpty, !unused.isEmpty {
            page.add("Not used", "<p>\(unused.map(\.htmlEscaped).joined(separator: ", "))</p>")
        }
        return page.html
    }
}
