import LimpetDocuments
import LimpetPipelines
import LimpetReports
import LimpetScoring

extension Explanation {
    /// The explanation of one score as an HTML page.
    var html: String {
        let ranked = contributions.filter { $0.logOdds != 0 }
            .sorted { $0.logOdds.magnitude > $1.logOdds.magnitude }
        var page = HTMLPage(
            title: "The score of \(id)\(time.map { " at \($0)" } ?? "")",
            summary: "Probability \(Format.percent(score.probability)), model \(hash.prefix(12))."
                + (isInPopulation ? "" : " Not in the model's population then: the score is of no use."))
        let reasons = raisingReasons.map { "<li>\($0.sentence.htmlEscaped)</li>" }
        page.add(
            "Reasons for a higher risk",
            reasons.isEmpty
                ? "<p>Nothing raises the risk above the average user's.</p>"
                : "<ul>\(reasons.joined(separator: "\n"))</ul>")
        page.add(
            "What each input adds",
            IntervalFigure(
                ranked.prefix(30).map { part in
                    IntervalFigure.Row(
                        "\(part.name) \(part.valueText)", part.logOdds,
                        interval: min(0, part.logOdds)...max(0, part.logOdds),
                        note: Format.signed(part.logOdds, 2))
                },
                title: "Log-odds beside the average user", caption: "to the right a higher risk"
            ).html)
        return page.html
    }
}
