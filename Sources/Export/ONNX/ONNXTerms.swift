import LimpetScoring

/// The contributions of a model's terms, as matrices `[rows][terms]`: terms of one shape are computed
/// together.
struct ONNXTerms {
    private let model: Model
    private let columns: ONNXColumns
    private var numbers: ONNXGraph.Value?
    private var states: ONNXGraph.Value?

    init(_ model: Model) {
        self.model = model
        columns = ONNXColumns(model)
    }

    /// Returns the contributions as matrices with one column for each term, grouped by shape.
    ///
    /// - Parameter tensors: the graph's inputs, in the order of the model's.
    mutating func contributions(
        _ tensors: [ONNXGraph.Value], _ graph: inout ONNXGraph
    ) -> [ONNXGraph.Value] {
        numbers = columns.numberMatrix(tensors, &graph)
        states = columns.stateMatrix(tensors, numbers: numbers, &graph)
        return [lines(&graph), curves(&graph), tables(&graph), grids(&graph)].compactMap(\.self)
    }

    private func lines(_ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        var (places, lines, missing): ([Int], [Term.Line], [Double]) = ([], [], [])
        for term in model.terms {
            guard case .line(let line) = term.shape, let number = term.number else { continue }
            places.append(columns.place(of: number))
            lines.append(line)
            missing.append(term.missing)
        }
        guard let numbers, !lines.isEmpty else { return nil }
        let x = graph.columns(numbers, places)
        let product = graph.binary("Mul", graph.constant(lines.map(\.coefficient)), x)
        let value = graph.binary("Add", graph.constant(lines.map(\.offset)), product)
        return graph.choice(graph.isMissing(x), graph.constant(missing), value)
    }

    private func curves(_ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        var (places, bins, pieces): ([Int], [Int], [[Term.Curve.Piece]]) = ([], [], [])
        var missing: [Double] = []
        for term in model.terms {
            guard case .curve(let curve) = term.shape, let number = term.number,
                let state = term.states(columns.inputs).first
            else { continue }
            places.append(columns.place(of: number))
            bins.append(columns.place(of: state))
            // Missing numbers have a bin and need a piece, whose value is not used.
            pieces.append(curve.pieces + curve.pieces.prefix(1))
            missing.append(term.missing)
        }
        guard let numbers, let states, !places.isEmpty else { return nil }
        let starts = graph.constant(ONNXGraph.starts(of: pieces.map(\.count)))
        let place = graph.binary("Add", graph.columns(states, bins), starts)
        let x = graph.columns(numbers, places)
        let value = polynomial(pieces.flatMap(\.self), at: place, x, &graph)
        return graph.choice(graph.isMissing(x), graph.constant(missing), value)
    }

    /// Evaluates polynomials; linear pieces have quadratic and cubic coefficients of 0.
    private func polynomial(
        _ pieces: [Term.Curve.Piece], at place: ONNXGraph.Value, _ x: ONNXGraph.Value,
        _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        let parts = [\Term.Curve.Piece.constant, \.linear, \.square, \.cube].map { part in
            graph.elements(of: graph.constant(pieces.map { $0[keyPath: part] }), at: place)
        }
        let u = graph.binary("Sub", x, graph.elements(of: graph.constant(pieces.map(\.origin)), at: place))
        var sum = parts[3]
        for part in parts.dropLast().reversed() {
            sum = graph.binary("Add", part, graph.binary("Mul", u, sum))
        }
        return sum
    }

    /// Looks up the terms of steps and levels: a value for each bin.
    private func tables(_ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        var (places, values): ([Int], [[Double]]) = ([], [])
        for term in model.terms {
            guard let table = table(of: term), let state = term.states(columns.inputs).first else { continue }
            places.append(columns.place(of: state))
            values.append(table)
        }
        guard let states, !places.isEmpty else { return nil }
        let starts = graph.constant(ONNXGraph.starts(of: values.map(\.count)))
        let place = graph.binary("Add", graph.columns(states, places), starts)
        return graph.elements(of: graph.constant(values.flatMap(\.self)), at: place)
    }

    private func table(of term: Term) -> [Double]? {
        switch term.shape {
        case .steps(let steps): steps.values + [term.missing]
        case .levels(let levels):
            columns.inputs.codes[columns.inputs.places[term.input]].table(
                levels.names, levels.values, other: levels.other, missing: term.missing)
        case .line, .curve, .grid: nil
        }
    }

    private func grids(_ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        var (rows, seconds, grids): ([Int], [Int], [Term.Grid]) = ([], [], [])
        for term in model.terms {
            guard case .grid(let grid) = term.shape else { continue }
            let axes = term.states(columns.inputs).map(columns.place(of:))
            rows.append(axes[0])
            seconds.append(axes[1])
            grids.append(grid)
        }
        guard let states, !grids.isEmpty else { return nil }
        let widths = graph.constant(grids.map(\.columns.binCount))
        let row = graph.binary("Mul", graph.columns(states, rows), widths)
        let cell = graph.binary("Add", row, graph.columns(states, seconds))
        let starts = graph.constant(ONNXGraph.starts(of: grids.map(\.values.count)))
        return graph.elements(
            of: graph.constant(grids.flatMap(\.values)), at: graph.binary("Add", cell, starts))
    }
}
