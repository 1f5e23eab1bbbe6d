import LimpetDocuments
import LimpetReports
import LimpetScoring

extension TermPlot {
    /// A value of the terms at a number, with its standard error where one is known.
    struct Point {
        var x: Double
        var y: Double
        var error: Double?
    }

    private static let pointCount = 120

    /// Returns points of the terms' sum: two at each edge of steps, so that these are upright, and others in
    /// equal distances.
    func points(from start: Double, to end: Double) -> [Point] {
        var places = (0...Self.pointCount).map {
            start + (end - start) * Double($0) / Double(Self.pointCount)
        }
        for term in terms {
            if case .steps(let steps) = term.shape {
                places += steps.edges.filter { $0 > start && $0 < end }.flatMap { [$0.nextDown, $0] }
            }
        }
        return places.sorted().map { Point(x: $0, y: value(at: $0), error: error(at: $0)) }
    }

    private func error(at number: Double) -> Double? {
        guard terms.count == 1 else { return nil }
        switch terms[0].shape {
        case .steps(let steps): return steps.standardErrors.map { $0[steps.bin(number)] }
        case .line(let line):
            guard let error = line.standardError, line.coefficient != 0 else { return nil }
            // A line is 0 at the average of the training rows.
            return error * (line.transform(number) + line.offset / line.coefficient).magnitude
        case .curve, .levels, .grid: return nil
        }
    }
}

extension GridPlot {
    /// The pair as a map.
    var figure: String {
        let (rows, columns) = (side(grid.rows, term.input), side(grid.columns, grid.second))
        let (first, second) = (model.inputs[term.input].name, model.inputs[grid.second].name)
        let cells = rows.groups.map { row in columns.groups.map { mean(row, $0) } }
        let most = cells.joined().map(\.magnitude).max() ?? 0
        return MapFigure(
            rows: rows.starts, columns: columns.starts, cells: cells,
            title: "\(first) × \(second)",
            caption: "importance \(Format.fixed(term.importance, 3)), beside each alone; downwards \(first), "
                + "across \(second); the deepest colour is \(Format.fixed(most, 3)) in log-odds, red above 0"
        ).html
    }
}
