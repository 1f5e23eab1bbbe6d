import LimpetScoring

/// A calibrator, as operations of a graph.
struct ONNXCalibrator {
    let calibrator: Calibrator

    init(_ calibrator: Calibrator) { self.calibrator = calibrator }

    /// Returns the probabilities `[rows]` of log-odds `[rows]`.
    func probability(of logOdds: ONNXGraph.Value, _ graph: inout ONNXGraph) -> ONNXGraph.Value {
        switch calibrator {
        case .none: return graph.node("Sigmoid", [logOdds])
        case .platt(let slope, let intercept):
            let product = graph.binary("Mul", graph.constant([slope]), logOdds)
            return graph.node("Sigmoid", [graph.binary("Add", graph.constant([intercept]), product)])
        case .isotonic(let knots, let values): return isotonic(knots, values, logOdds, &graph)
        }
    }

    /// Interpolates between knots; the pieces before the first knot and after the last have a rise of 0.
    private func isotonic(
        _ knots: [Double], _ values: [Double], _ logOdds: ONNXGraph.Value, _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        let lefts = knots.prefix(1) + knots
        let widths = [1] + zip(knots.dropFirst(), knots).map { $0 - $1 } + [1]
        let starts = values.prefix(1) + values
        let ends = values + values.suffix(1)
        let rises = zip(ends, starts).map { $0 - $1 }
        let place = graph.node(
            "Reshape", [graph.bins(of: graph.column(logOdds), edges: [knots]), graph.constant([-1])])
        func piece(_ numbers: some Sequence<Double>) -> ONNXGraph.Value {
            graph.elements(of: graph.constant(Array(numbers)), at: place)
        }
        let share = graph.binary("Div", graph.binary("Sub", logOdds, piece(lefts)), piece(widths))
        let value = graph.binary("Add", piece(starts), graph.binary("Mul", share, piece(rises)))
        return graph.binary("Min", piece(ends), value)
    }
}
