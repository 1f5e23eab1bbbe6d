import LimpetPipelines
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetScoring

/// The differences of two models' inputs, terms and training.
struct ModelDifference {
    let hashes: (old: String, new: String)
    let models: (old: Model, new: Model)
    let movement: ScoreMovement?
    /// The inputs that only the old model has.
    let removed: [String]
    let added: [String]
    /// The spread of contributions of each term, by name; those that changed most come first.
    let changed: [(name: String, old: Double, new: Double)]

    init(_ old: ModelFile.Verified, _ new: ModelFile.Verified, movement: ScoreMovement?) {
        hashes = (old.hash, new.hash)
        models = (old.scorer.model, new.scorer.model)
        self.movement = movement
        let importances = [models.old, models.new].map { model in
            let names = TermNames(model)
            return Dictionary(
                model.terms.map { (names.name(of: $0), $0.importance) }, uniquingKeysWith: +)
        }
        let inputs = [models.old, models.new].map { Set($0.inputs.map(\.name)) }
        removed = inputs[0].subtracting(inputs[1]).sorted()
        added = inputs[1].subtracting(inputs[0]).sorted()
        changed = Set(importances[0].keys).union(importances[1].keys).map { name in
            (name, importances[0][name] ?? 0, importances[1][name] ?? 0)
        }.sorted { (abs($1.1 - $1.2), $0.0) < (abs($0.1 - $0.2), $1.0) }
    }

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
        row("base rate") { Format.percent(Double($0.training.positives) / Double(max(1, $0.training.rows))) }
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

    var document: JSON {
        .object([
            "old": .string(hashes.old), "new": .string(hashes.new),
            "removedInputs": .array(removed.map { .string($0) }),
            "addedInputs": .array(added.map { .string($0) }),
            "terms": .array(
                changed.map {
                    .object(["name": .string($0.name), "old": .number($0.old), "new": .number($0.new)])
                }),
            "movement": movement?.document ?? .null,
        ])
    }
}

extension ScoreMovement {
    fileprivate var text: String {
        var table = TextTable([
            ("tenth by old score", .left), ("rows", .right), ("old mean", .right), ("new mean", .right),
            ("crossing", .right), ("tenth by new score: 1, 2, …", .left),
        ])
        for (place, tenth) in tenths.enumerated() where tenth.rows > 0 {
            let rows = Double(tenth.rows)
            table.append([
                "\(place + 1)", Format.count(tenth.rows), Format.percent(tenth.oldMean / rows),
                Format.percent(tenth.newMean / rows),
                thresholds == nil ? "–" : Format.percent(Double(tenth.crossing) / rows),
                tenth.places.map { Format.percent(Double($0) / rows, 0) }.joined(separator: " "),
            ])
        }
        let stayed = tenths.enumerated().reduce(0) { $0 + $1.element.places[$1.offset] }
        var lines = [
            "\(Format.count(rows)) rows; correlation of ranks \(Format.fixed(rankCorrelation, 4)); "
                + "\(Format.percent(Double(stayed) / Double(rows))) stay in their tenth",
            table.text,
        ]
        if !movers.isEmpty {
            lines.append("Who moves (old tenth → new):")
            lines += movers.prefix(50).map { "  \($0.name)  \($0.old) → \($0.new)" }
            if movers.count > 50 { lines.append("  … and \(movers.count - 50) more") }
        }
        return lines.joined(separator: "\n")
    }

    fileprivate var document: JSON {
        let realisedDocument: JSON? = realised.map {
            .object(["old": $0.old.document, "new": $0.new.document])
        }
        let listed = movers.map { mover -> JSON in
            .object([
                "name": .string(mover.name), "old": .number(mover.old), "new": .number(mover.new),
            ])
        }
        return .object([
            "rows": .number(rows), "rankCorrelation": rankCorrelation.map { .number($0) } ?? .null,
            "oldThreshold": thresholds.map { .number($0.0) } ?? .null,
            "newThreshold": thresholds.map { .number($0.1) } ?? .null,
            "tenths": .array(tenths.map(\.document)), "movers": .array(listed),
            "realised": realisedDocument ?? .null,
        ])
    }
}

extension ScoreMovement.Tenth {
    fileprivate var document: JSON {
        .object([
            "rows": .number(rows), "oldMean": .number(oldMean / Double(max(1, rows))),
            "newMean": .number(newMean / Double(max(1, rows))), "crossing": .number(crossing),
            "newTenths": .array(places.map { .number($0) }),
        ])
    }
}
