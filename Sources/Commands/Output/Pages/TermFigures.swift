import LimpetDocuments
import LimpetReports
import LimpetScoring

/// The terms of a model as figures: curves over numbers with what is uncertain and where the data lie, levels
/// with their intervals, pairs as maps.
struct TermFigures {
    let model: Model
    /// The terms by figure, the most important first.
    let plots: [[Term]]

    private static let limit = 30
    /// The factor from a standard error to half of a 95 % interval.
    private static let z = 1.96

    /// The figures as HTML.
    var html: String {
        let shown = plots.prefix(Self.limit).map(figure)
        let more = plots.count - shown.count
        return "<div class=\"figures\">\n" + shown.joined(separator: "\n") + "\n</div>"
            + (more > 0 ? "<p>… and \(more) less important; limpet explain shows all.</p>" : "")
    }

    private func figure(_ terms: [Term]) -> String {
        if case .grid(let grid) = terms[0].shape {
            return GridPlot(term: terms[0], grid: grid, model: model).figure
        }
        let importance = "importance " + Format.fixed(terms.reduce(0) { $0 + $1.importance }, 3)
        return model.inputs[terms[0].input].isCategorical
            ? levels(terms, importance) : curve(terms, importance)
    }

    private func levels(_ terms: [Term], _ importance: String) -> String {
        let rows = TermPlot(terms: terms, model: model).levelValues.map { row in
            IntervalFigure.Row(
                row.label, row.value,
                interval: row.error.map { row.value - Self.z * $0...row.value + Self.z * $0 }, note: row.share
            )
        }
        let shown = rows.count > 24 ? Array(rows.prefix(12) + rows.suffix(12)) : rows
        let left = rows.count - shown.count
        return IntervalFigure(
            shown, title: model.inputs[terms[0].input].name,
            caption: "\(caption(terms, importance)); shares of the rows at the right"
                + (left > 0 ? "; \(left) levels between them are left out" : "")
        ).html
    }

    /// Returns the importance, with the share of the rows without a value and what these add.
    private func caption(_ terms: [Term], _ importance: String) -> String {
        let missing = model.training.inputs[terms[0].input].missing
        guard missing > 0, model.training.weight > 0 else { return importance }
        return "\(importance); missing (\(Format.percent(missing / model.training.weight))): "
            + Format.signed(terms.reduce(0) { $0 + $1.missing }, 3)
    }

    private func curve(_ terms: [Term], _ importance: String) -> String {
        let plot = TermPlot(terms: terms, model: model)
        let density = density(of: terms[0].input)
        let points = plot.points(from: density.first?.from ?? 0, to: density.last?.to ?? 1)
        var figure = CurveFigure(name: model.inputs[terms[0].input].name, caption: caption(terms, importance))
        figure.density = density
        let errors = points.compactMap(\.error).map { Self.z * $0 }
        figure.curves = [
            CurveFigure.Curve(
                points: points.map { ($0.x, $0.y) }, errors: errors.count == points.count ? errors : [])
        ]
        return figure.html
    }

    /// Returns the shares of the rows between edges, without the outermost hundredths, which would stretch
    /// the figure over what hardly anybody has.
    private func density(of input: Int) -> [(from: Double, to: Double, share: Double)] {
        let distribution = model.training.inputs[input]
        let total = distribution.counts.reduce(0, +)
        guard distribution.edges.count > 1, total > 0 else {
            let edge = distribution.edges.first ?? 0
            return [(edge - 1, edge + 1, 1)]
        }
        var (bars, sum): ([(from: Double, to: Double, share: Double)], Double) = ([], 0)
        for (bin, count) in distribution.counts.enumerated() {
            let (before, after) = (sum / total, (sum + count) / total)
            sum += count
            guard bin > 0, bin < distribution.edges.count, after > 0.01, before < 0.99 else { continue }
            bars.append((distribution.edges[bin - 1], distribution.edges[bin], count / total))
        }
        return bars.isEmpty
            ? [(distribution.edges[0], distribution.edges[distribution.edges.count - 1], 1)] : bars
    }
}
