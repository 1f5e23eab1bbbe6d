import LimpetDocuments
import LimpetScoring

/// A pair as a table of numbers with shades: the bins of its first input downwards, of its second across.
struct GridPlot {
    let term: Term
    let grid: Term.Grid
    let model: Model

    private static let sideLimit = 8

    struct Side {
        var labels: [String]
        /// The shorter names for a figure.
        var starts: [String]
        var groups: [AxisGroups.Group]

        init(_ axis: Term.Axis, distribution: TrainingSummary.Distribution) {
            // One row or column is kept for missing values.
            let groups = AxisGroups(axis, distribution: distribution, limit: sideLimit - 1)
            (labels, starts) = (groups.labels, groups.starts)
            self.groups = groups.bins
            guard let missing = groups.missing else { return }
            labels.append("missing")
            starts.append("missing")
            self.groups.append(missing)
        }
    }

    /// Returns the groups of an axis, by the distribution of its input.
    func side(_ axis: Term.Axis, _ input: Int) -> Side {
        Side(axis, distribution: model.training.inputs[input])
    }

    var text: String {
        let rows = Side(grid.rows, distribution: model.training.inputs[term.input])
        let columns = Side(grid.columns, distribution: model.training.inputs[grid.second])
        let cells = rows.groups.map { row in columns.groups.map { column in mean(row, column) } }
        let most = max(cells.joined().map(\.magnitude).max() ?? 1, 1e-9)
        var table = TextTable([("", .right)] + columns.labels.map { ($0, .right) })
        for (label, row) in zip(rows.labels, cells) {
            table.append([label] + row.map { "\(Bar.shade($0 / most)) \(Format.signed($0, 3))" })
        }
        let (first, second) = (model.inputs[term.input].name, model.inputs[grid.second].name)
        return """
            \(first) × \(second)  importance \(Format.fixed(term.importance, 3))
              log-odds beside those of each alone; downwards \(first), across \(second)\
            \(joinedText(rows, columns))
            \(table.text)
            """
    }

    private func joinedText(_ rows: Side, _ columns: Side) -> String {
        let isJoined = (rows.groups + columns.groups).contains { $0.states.count > 1 }
        return isJoined ? "; joined bins with their mean" : ""
    }

    /// Returns the mean of joined cells, as if the two inputs were independent: the model file holds no joint
    /// counts.
    func mean(_ row: AxisGroups.Group, _ column: AxisGroups.Group) -> Double {
        row.mean { state in column.mean { grid[state.state, $0.state] } }
    }
}

extension Bar {
    /// Returns a shade for a magnitude from 0 to 1.
    static func shade(_ value: Double) -> String {
        [" ", "░", "▒", "▓", "█"][Int((min(1, value.magnitude) * 4).rounded())]
    }
}
