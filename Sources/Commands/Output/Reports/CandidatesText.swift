import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import LimpetTraining

/// The candidates of a training whose kind of model was to be chosen, with what each costs beside the best.
struct CandidatesText {
    let result: SearchResult
    /// The points that the folds of the estimate have chosen.
    let repeated: [SearchPoint]
    /// The reason why not all kinds were tried; nil where all were.
    let restriction: String?
    /// The choice of how snapshots fade; nil where there was none.
    let halfLife: HalfLifeChoice?

    init(
        _ result: SearchResult, pipelines: [Estimate.Pipeline], restriction: String?,
        halfLife: HalfLifeChoice? = nil
    ) {
        (self.result, self.restriction, self.halfLife) = (result, restriction, halfLife)
        repeated = pipelines.compactMap(\.point)
    }

    var table: TitledTable {
        var table = TitledTable(
            "Candidates, on the same held-out users:",
            [("", .left), (result.metric.rawValue, .right), ("to best", .right), ("±", .right), ("", .left)])
        for (place, trial) in result.trials.enumerated() {
            table.rows.append([
                Self.name(trial.point), Format.fixed(trial.value, 5), difference(trial),
                place == result.best ? "" : Format.fixed(trial.standardError, 5), verdict(place),
            ])
        }
        table.conclusion = conclusion
        return table
    }

    /// Returns the name of a candidate, such as "stumps with pairs".
    static func name(_ point: SearchPoint) -> String {
        switch point.pairs {
        case nil, .exactly(0): point.kind.rawValue
        case .exactly(1): "\(point.kind.rawValue) with 1 pair"
        case .exactly(let count): "\(point.kind.rawValue) with \(count) pairs"
        case .chosen: "\(point.kind.rawValue) with pairs"
        }
    }

    private func difference(_ trial: SearchResult.Trial) -> String {
        guard let value = trial.value, let best = result.trials[result.best].value, value != best else {
            return ""
        }
        return (value > best ? "+" : "-") + (Format.fixed(abs(value - best), 5))
    }

    private func verdict(_ place: Int) -> String {
        guard place == result.chosen else { return place == result.best ? "best" : "" }
        return place == result.best ? "taken: best" : "taken: simpler, and nearly as good"
    }

    private var conclusion: [String] {
        var lines: [String] = []
        if let restriction { lines.append("Not all kinds were tried: \(restriction).") }
        if result.end == .stop { lines.append("A stop was requested before all were tried.") }
        if repeated.count > 1 {
            let same = repeated.count { $0 == result.point }
            lines.append(
                "The estimate below contains this choice: \(same) of its \(repeated.count) parts chose "
                    + "the same.")
        }
        lines.append("Without the choice: \(CommandText.repeating(result.point, halfLife: halfLife))")
        return lines
    }
}
