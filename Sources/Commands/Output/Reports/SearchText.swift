import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import LimpetTraining

/// The trials of a search as a table, with facts about the choice among them.
struct SearchText {
    let result: SearchResult

    /// The points that the folds of the estimate have chosen on their own rows.
    let repeated: [SearchPoint]
    /// The choice of how snapshots fade; nil where there was none.
    let halfLife: HalfLifeChoice?

    init(_ result: SearchResult, pipelines: [Estimate.Pipeline], halfLife: HalfLifeChoice? = nil) {
        (self.result, self.halfLife) = (result, halfLife)
        repeated = pipelines.compactMap(\.point)
    }

    var table: TitledTable {
        let seconds = result.trials.reduce(0) { $0 + $1.seconds }
        let made = result.trials.count == 1 ? "1 trial" : "\(result.trials.count) trials"
        var table = TitledTable(
            "\(made) in \(Format.fixed(seconds, 0)) s, on the same held-out users:",
            [
                ("trial", .right), ("settings", .left), (result.metric.rawValue, .right),
                ("± to best", .right), ("seconds", .right), ("", .left),
            ])
        for (place, trial) in result.trials.enumerated() {
            table.rows.append([
                "\(place + 1)", Self.settings(trial.point), Format.fixed(trial.value, 5),
                Format.fixed(trial.standardError, 5), Format.fixed(trial.seconds, 1), warning(place),
            ])
        }
        table.conclusion = conclusion
        return table
    }

    private static func settings(_ point: SearchPoint) -> String {
        (point.document.members ?? []).map { member in
            switch member.value {
            case .string(let text): member.name == "model" ? text : "\(member.name) \(text)"
            case .number(let number): "\(member.name) \(Double(number).map(Format.short) ?? number)"
            default: member.name
            }
        }.joined(separator: ", ")
    }

    private func warning(_ place: Int) -> String {
        if place == result.chosen { return place == result.best ? "taken: best" : "taken" }
        return place == result.best ? "best" : ""
    }

    /// The line that tells whether the estimate contains the search.
    private var contained: String {
        guard !repeated.isEmpty else {
            return "These settings were chosen among \(result.trials.count) on the same users."
        }
        let same = repeated.count { $0 == result.point }
        return
            "The estimate below contains the search: each of its parts (\(repeated.count)) chose among "
            + "these trials without its rows; \(same) of \(repeated.count) took the settings taken here."
    }

    private var conclusion: [String] {
        var lines: [String] = []
        if result.chosen != result.best {
            lines.append(
                "Trial \(result.chosen + 1) is taken: it is simpler than the best, and within one standard "
                    + "error of it.")
        }
        if result.trials.count < result.planned {
            let reason =
                switch result.end {
                case .complete: ""
                case .trials: ": the requested number was reached"
                case .time: ": the time was over"
                case .stop: ": a stop was requested"
                }
            lines.append(
                "\(result.planned - result.trials.count) of \(result.planned) trials were not made"
                    + "\(reason).")
        }
        lines.append(contained)
        let command = CommandText.repeating(result.point, halfLife: halfLife, isTuned: true)
        lines.append("Without the search: \(command)")
        if let optimism = result.optimism, optimism >= 0.00001 {
            lines.append(
                "The best value flatters itself by about \(Format.fixed(optimism, 5)) (Tibshirani and "
                    + "Tibshirani, 2009).")
        }
        return lines
    }
}
