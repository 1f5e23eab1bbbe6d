import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetPipelines
import LimpetScoring

extension DriftReport {
    static func word(_ line: Line) -> String {
        let mark = line.history == .values ? "*" : ""
        switch line.stability.verdict {
        case .chance: return "chance" + mark
        case _ where line.history == .grows: return "grows"
        case .stable: return "small" + mark
        case .moving: return "MOVING" + mark
        case .shifted: return "SHIFTED" + mark
        }
    }

    /// The words that the table uses of features that reach back before the data of training.
    private func legend(_ shown: [Line]) -> [String] {
        var lines: [String] = []
        if shown.contains(where: { $0.history == .grows && $0.stability.verdict != .chance }) {
            lines += [
                "  grows: it reads further back than the data of training did, and grows with the log; it",
                "         counts by what it does to the score.",
            ]
        }
        if shown.contains(where: { $0.history == .values }) {
            lines.append("  *: of rows with a value; fewer are missing the longer the log is.")
        }
        return lines
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
        // Those that call for attention come first.
        let order = usedInputs.filter { $0.history != .grows } + usedInputs.filter { $0.history == .grows }
        let shown = [score].compactMap { $0 } + order.prefix(15)
        for line in shown {
            table.append([
                line.name, Format.fixed(line.stability.index, 4), Format.fixed(line.stability.bound, 4),
                Self.word(line), Format.percent(line.stability.missing),
                Format.percent(line.stability.trainingMissing), line.movement,
            ])
        }
        lines.append(table.text)
        let (less, unread) = (max(0, usedInputs.count - 15), inputs.count - usedInputs.count)
        if less > 0 { lines.append("  … and \(less) more inputs; --format json has all") }
        if unread > 0 { lines.append("  No term reads the other \(unread) inputs; --format json has them.") }
        lines += legend(shown)
        for line in usedInputs {
            guard !line.unseen.isEmpty else { continue }
            let shown = line.unseen.prefix(5).map { "\($0.name.quoted) \(Format.count($0.rows))" }
            let more = line.unseen.count > 5 ? ", … (\(line.unseen.count) in all)" : ""
            lines.append("  \(line.name): not in training: \(shown.joined(separator: ", "))\(more)")
        }
        lines += ["", performance, "", advice]
        return lines.joined(separator: "\n")
    }

    var performance: String {
        var table = TextTable([("", .left), ("base rate", .right), ("AUC", .right), ("log loss", .right)])
        table.append([
            "training", Format.percent(training.baseRate), "", "",
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
        return ([table.text] + [target?.text, note].compactMap { $0 }.map { "  " + $0 }).joined(
            separator: "\n")
    }

    var advice: String {
        if let ratio = realised?.intervals?[.observedToExpected], !ratio.contains(1) {
            return switch recalibrationProblem {
            case nil:
                "The probabilities are wrong on average: limpet recalibrate corrects them, or train anew."
            case .tooFew(let positives, let negatives):
                "The labels differ from the probabilities on average, but \(positives) rows of label 1 and "
                    + "\(negatives) of label 0 are too few to act upon: wait for more."
            case .noLine, .reversed:
                "The probabilities are wrong, and no recalibration corrects them: train anew."
            }
        }
        guard let worst, worst.stability.verdict != .stable else {
            return "Nothing has moved that needs attention."
        }
        return "\(worst.name) has moved most; look at its data first, then train anew on later ones."
    }
}
