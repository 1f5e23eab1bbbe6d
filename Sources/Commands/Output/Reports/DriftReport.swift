import LimpetPipelines
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// The differences of a population from the one of training, as text and as JSON.
struct DriftReport {
    /// The drift of one input or of the score.
    struct Line {
        var name: String
        var stability: PopulationStability
        /// The share of the bin that moved most, in training and now.
        var movement: String
        /// True when a term reads it; an input that no term reads moves no score.
        var isUsed = true
        /// Texts that training did not have, the most frequent first, with their rows.
        var unseen: [(name: String, rows: Int)] = []
    }

    let hash: String
    let rows: Int
    let training: TrainingSummary
    let score: Line?
    /// The inputs, the one that moved most first.
    let inputs: [Line]
    let estimate: EstimatedPerformance?
    let realised: EvaluationReport?

    init(
        _ verified: ModelFile.Verified, counts: DriftCounts, scores: [Scorer.Score],
        realised: EvaluationReport?, names: CategoryNames
    ) {
        let model = verified.scorer.model
        hash = verified.hash
        rows = counts.rows
        training = model.training
        score = Self.line("score", model.training.logOdds, counts.logOdds)
        let used = Set(model.terms.flatMap(\.inputs))
        inputs = model.inputs.indices.compactMap { input in
            var line = Self.line(
                model.inputs[input].name, model.training.inputs[input], counts.inputs[input])
            line?.isUsed = used.contains(input)
            line?.unseen = counts.unseen[input].map { key, rows in
                (names.name(TextKey(stored: key)) ?? "?", rows)
            }.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }
            return line
        }.sorted { $0.stability.index > $1.stability.index }
        estimate = EstimatedPerformance(probabilities: scores.map(\.probability))
        self.realised = realised
    }

    private static func line(
        _ name: String, _ old: TrainingSummary.Distribution, _ new: TrainingSummary.Distribution
    ) -> Line? {
        guard let stability = PopulationStability(training: old, today: new) else { return nil }
        let place = stability.movedMost
        let shares = [old, new].map { counts in
            let rows = Double(counts.counts.reduce(0, +) + counts.missing)
            return Double(place < counts.counts.count ? counts.counts[place] : counts.missing) / rows
        }
        let movement = "\(bin(place, of: old)) \(Format.percent(shares[0])) → \(Format.percent(shares[1]))"
        return Line(name: name, stability: stability, movement: movement)
    }

    private static func bin(_ place: Int, of counts: TrainingSummary.Distribution) -> String {
        guard place < counts.counts.count else { return "missing" }
        guard counts.levels.isEmpty else {
            return place < counts.levels.count ? counts.levels[place] : "others"
        }
        guard let first = counts.edges.first, let last = counts.edges.last else { return "any number" }
        if place == 0 { return "under \(Format.short(first))" }
        if place == counts.edges.count { return "from \(Format.short(last))" }
        return "\(Format.short(counts.edges[place - 1])) to \(Format.short(counts.edges[place]))"
    }

    /// The inputs that terms read.
    private var usedInputs: [Line] { inputs.filter(\.isUsed) }

    /// The line that moved most beyond chance: the score, or an input that a term reads.
    var worst: Line? {
        (usedInputs + [score].compactMap { $0 }).filter { $0.stability.verdict != .chance }
            .max { $0.stability.index < $1.stability.index }
    }

    private static func word(_ stability: PopulationStability) -> String {
        switch stability.verdict {
        case .chance: "chance"
        case .stable: "small"
        case .moving: "MOVING"
        case .shifted: "SHIFTED"
        }
    }

    var text: String {
        var lines = [
            "\(Format.count(rows)) rows against the \(Format.count(training.rows)) that model "
                + "\(hash.prefix(12))… was trained on:", "",
        ]
        var table = TextTable([
            ("", .left), ("PSI", .right), ("by chance", .right), ("", .left), ("missing", .right),
            ("in training", .right), ("moved most", .left),
        ])
        for line in [score].compactMap({ $0 }) + usedInputs.prefix(15) {
            table.append([
                line.name, Format.fixed(line.stability.index, 4), Format.fixed(line.stability.bound, 4),
                Self.word(line.stability), Format.percent(line.stability.missing),
                Format.percent(line.stability.trainingMissing), line.movement,
            ])
        }
        lines.append(table.text)
        let (less, unread) = (max(0, usedInputs.count - 15), inputs.count - usedInputs.count)
        if less > 0 { lines.append("  … and \(less) inputs that moved less; --format json has all") }
        if unread > 0 { lines.append("  No term reads the other \(unread) inputs; --format json has them.") }
        for line in usedInputs {
            guard !line.unseen.isEmpty else { continue }
            let shown = line.unseen.prefix(5).map { "\($0.name.quoted) \(Format.count($0.rows))" }
            let more = line.unseen.count > 5 ? ", … (\(line.unseen.count) in all)" : ""
            lines.append("  \(line.name): not in training: \(shown.joined(separator: ", "))\(more)")
        }
        lines += ["", performance, "", advice]
        return lines.joined(separator: "\n")
    }

    private var performance: String {
        var table = TextTable([("", .left), ("base rate", .right), ("AUC", .right), ("log loss", .right)])
        table.append([
            "training", Format.percent(Double(training.positives) / Double(max(1, training.rows))), "", "",
        ])
        if let estimate {
            table.append([
                "estimated", Format.percent(estimate.baseRate), Format.fixed(estimate.auc, 4),
                Format.fixed(estimate.logLoss, 4),
            ])
        }
        if let realised {
            func cell(_ metric: ReportMetric, _ value: Double?) -> String {
                let interval = realised.intervals?[metric]
                let range = interval.map { " (\(Format.fixed($0.lower, 4))–\(Format.fixed($0.upper, 4)))" }
                return Format.fixed(value, 4) + (range ?? "")
            }
            table.append([
                "realised, \(Format.count(realised.rows)) rows", Format.percent(realised.baseRate),
                cell(.auc, realised.auc), cell(.logLoss, realised.logLoss),
            ])
            if let ratio = realised.observedToExpected {
                table.append(["observed / expected", Format.fixed(ratio, 3), "", ""])
            }
        }
        let note =
            realised == nil
            ? "The estimate assumes that the concept has not drifted: labels alone can tell."
            : "Labels are known: the realised figures count, not the estimate."
        return table.text + "\n  " + note
    }

    private var advice: String {
        if let ratio = realised?.intervals?[.observedToExpected], !ratio.contains(1) {
            return "The probabilities are wrong on average: limpet recalibrate corrects them, or train anew."
        }
        guard let worst, worst.stability.verdict != .stable else {
            return "Nothing has moved that needs attention."
        }
        return "\(worst.name) has moved most; look at its events first, then train anew on later months."
    }

    var document: JSON {
        .object([
            "model": .string(hash), "rows": .number(rows), "trainingRows": .number(training.rows),
            "score": score?.document ?? .null, "inputs": .array(inputs.map(\.document)),
            "estimated": estimate.map { estimate in
                .object([
                    "baseRate": .number(estimate.baseRate), "auc": estimate.auc.map { .number($0) } ?? .null,
                    "logLoss": .number(estimate.logLoss), "brier": .number(estimate.brier),
                ])
            },
            "realised": realised?.document ?? .null,
        ])
    }
}

extension DriftReport.Line {
    fileprivate var document: JSON {
        .object([
            "name": .string(name), "used": .boolean(isUsed), "psi": .number(stability.index),
            "expected": .number(stability.expected),
            "chanceBound": .number(stability.bound), "verdict": .string(stability.verdict.rawValue),
            "missing": .number(stability.missing), "missingInTraining": .number(stability.trainingMissing),
            "movedMost": .string(movement),
            "unseen": .array(
                unseen.map { .object(["value": .string($0.name), "rows": .number($0.rows)]) }),
        ])
    }
}
