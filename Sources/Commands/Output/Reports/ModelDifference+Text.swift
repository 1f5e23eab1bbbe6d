import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetPipelines
import LimpetScoring

extension ModelDifference {
    /// The differences side by side, and how a population's scores move.
    var text: String {
        var table = TextTable([("", .left), ("old", .right), ("new", .right)])
        func row(_ name: String, _ value: (Model) -> String) {
            table.append([name, value(models.old), value(models.new)])
        }
        table.append(["hash", String(hashes.old.prefix(12)), String(hashes.new.prefix(12))])
        row("kind") { $0.kind.rawValue }
        row("inputs") { Format.count($0.inputs.count) }
        row("terms") { Format.count($0.terms.count) }
        row("training rows") { Format.count($0.training.rows) }
        row("data until") { $0.training.dataUntil.map { String($0.description.prefix(10)) } ?? "–" }
        row("base rate") { Format.percent($0.training.baseRate) }
        row("threshold") { $0.decision.map { Format.fixed($0.threshold, 4) } ?? "–" }
        if let realised = movement?.realised {
            for (name, metric, decimals) in [
                ("AUC here", ReportMetric.auc, 4), ("log loss here", .logLoss, 4),
                ("observed/expected here", .observedToExpected, 3),
            ] {
                table.append([
                    name, Format.fixed(realised.old[metric], decimals),
                    Format.fixed(realised.new[metric], decimals),
                ])
            }
        }
        var lines = [table.text]
        if !removed.isEmpty { lines += ["", "Only in the old model: \(removed.joined(separator: ", "))"] }
        if !added.isEmpty { lines += ["", "Only in the new model: \(added.joined(separator: ", "))"] }
        lines += ["", "Terms whose weight changed most (spread of what they add, in log-odds):", changes]
        if let movement { lines += ["", movement.text] }
        return lines.joined(separator: "\n")
    }

    private var changes: String {
        let moved = changed.filter { $0.old != $0.new }
        guard !moved.isEmpty else { return "  none: all terms weigh the same" }
        var table = TextTable([("", .left), ("old", .right), ("new", .right), ("change", .right)])
        for (name, old, new) in moved.prefix(10) {
            table.append([
                name, Format.fixed(old, 3), Format.fixed(new, 3), Format.signed(new - old, 3),
            ])
        }
        return table.text
    }
}

extension ScoreMovement {
    fileprivate var text: String {
        var table = TextTable([
            ("tenth by old score", .left), ("rows", .right), ("old mean", .right), ("new mean", .right),
            ("crossing", .right), ("tenth by new score: 1, 2, …", .left),
        ])
        for (place, tenth) in tenths.enumerated() where tenth.rows > 0 {
            let rows = tenth.weight
            table.append([
                "\(place + 1)", Format.count(tenth.rows), Format.percent(tenth.oldMean),
                Format.percent(tenth.newMean),
                thresholds == nil ? "–" : Format.percent(tenth.crossing / rows),
                tenth.places.map { Format.percent($0 / rows, 0) }.joined(separator: " "),
            ])
        }
        let stayed = tenths.enumerated().reduce(0.0) { $0 + $1.element.places[$1.offset] }
        let weight = tenths.reduce(0) { $0 + $1.weight }
        var lines = [
            "\(Format.count(rows)) rows; correlation of ranks \(Format.fixed(rankCorrelation, 4)); "
                + "\(Format.percent(stayed / weight)) stay in their tenth",
            table.text,
        ]
        if let target { lines.append(target.text) }
        if !movers.isEmpty {
            lines.append("Who moves (old tenth → new):")
            lines += movers.prefix(50).map { "  \($0.name)  \($0.old) → \($0.new)" }
            if movers.count > 50 { lines.append("  … and \(movers.count - 50) more") }
        }
        return lines.joined(separator: "\n")
    }
}
