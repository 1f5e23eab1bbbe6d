import LimpetDocuments
import LimpetEvents
import LimpetPipelines
import LimpetScoring

extension Explanation {
    /// The explanation as text: the reasons, and the terms with the strongest first.
    var text: String {
        let ranked = contributions.indices.sorted {
            contributions[$0].logOdds.magnitude > contributions[$1].logOdds.magnitude
        }
        let most = max(contributions.map(\.logOdds.magnitude).max() ?? 1, 1e-9)
        var table = TextTable([("input", .left), ("value", .right), ("log-odds", .right), ("", .left)])
        table.append(["the average user", "", Format.fixed(intercept, 4), ""])
        for contribution in ranked.map({ contributions[$0] }) where contribution.logOdds != 0 {
            table.append([
                contribution.name, contribution.values.map(\.text).joined(separator: " × "),
                Format.signed(contribution.logOdds, 4),
                Bar.signed(contribution.logOdds / most, halfWidth: 12),
            ])
        }
        table.append(["sum", "", Format.fixed(score.logOdds, 4), ""])
        let snapshotTime = time.map { " at \($0)" } ?? ""
        let outside = isInPopulation ? "" : "\nNot in the model's population then: the score is of no use.\n"
        let reasons = raisingReasons.map { "  \($0.sentence)" }.joined(separator: "\n")
        let raising =
            reasons.isEmpty
            ? "Nothing raises the risk above the average user's." : "Reasons for a higher risk:\n" + reasons
        return """
            \(id)\(snapshotTime): probability \(Format.percent(score.probability)), \
            log-odds \(Format.fixed(score.logOdds, 4)) \
            (model \(hash.prefix(12))…)
            \(outside)
            \(raising)

            \(table.text)
            """
    }
}

extension Explanation.Contribution {
    /// The values of the inputs, as people read them.
    var valueText: String { values.map(\.text).joined(separator: " × ") }
}

extension Explanation.Value {
    fileprivate var text: String {
        switch self {
        case .number(let number): Format.short(number)
        case .text(let text): text
        case .unknown: "unknown"
        case .missing: "missing"
        }
    }
}
