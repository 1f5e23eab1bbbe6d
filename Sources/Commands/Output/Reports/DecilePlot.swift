import LimpetDocuments
import LimpetEvaluation

/// A plot of observed and predicted shares by tenth of the score, highest first.
struct DecilePlot {
    private let deciles: [Decile]?

    init(_ deciles: [Decile]?) { self.deciles = deciles }

    var text: String {
        guard let deciles, !deciles.isEmpty else { return "  too few rows" }
        let most = deciles.reduce(1e-9) { max($0, $1.rate, $1.meanProbability) }
        let lines = deciles.enumerated().map { tenth, decile -> String in
            let bar = Bar.filled(decile.rate / most, width: 36)
            let rank = tenth == 0 ? "top 10 %" : "\(tenth * 10)–\(tenth * 10 + 10) %"
            return "  " + rank.padded(to: 10) + Format.percent(decile.rate).paddedLeft(to: 8)
                + "  predicted " + Format.percent(decile.meanProbability).paddedLeft(to: 7) + "  " + bar
        }
        return lines.joined(separator: "\n")
    }
}
