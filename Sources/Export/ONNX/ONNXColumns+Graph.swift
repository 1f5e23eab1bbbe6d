import LimpetScoring

extension ONNXColumns {
    /// Returns the matrix of ``numbers``, `[rows][numbers]`; nil when there are none.
    func numberMatrix(_ tensors: [ONNXGraph.Value], _ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        guard !numbers.isEmpty else { return nil }
        var plain: [ONNXGraph.Value] = []
        var logarithms: [ONNXGraph.Value] = []
        for number in numbers {
            let column = graph.column(tensors[number.input])
            if number.transform == .identity { plain.append(column) } else { logarithms.append(column) }
        }
        if !logarithms.isEmpty { plain.append(graph.signedLog(graph.beside(logarithms))) }
        return graph.beside(plain)
    }

    /// Returns the matrix of ``states``, `[rows][states]`; nil when there are none.
    func stateMatrix(
        _ tensors: [ONNXGraph.Value], numbers matrix: ONNXGraph.Value?, _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value? {
        var parts: [ONNXGraph.Value] = []
        if let matrix, let bins = bins(matrix, &graph) { parts.append(bins) }
        var codes: [Int: ONNXGraph.Value] = [:]
        for case .codes(let input) in states {
            let code = graph.column(
                encoded(tensors[input], self.inputs.codes[self.inputs.places[input]], &graph))
            codes[input] = code
            parts.append(code)
        }
        for case .levels(let input, let axis) in states {
            guard let code = codes[input] else { continue }
            parts.append(graph.elements(of: graph.constant(axis), at: code))
        }
        return parts.isEmpty ? nil : graph.beside(parts)
    }

    private func bins(_ matrix: ONNXGraph.Value, _ graph: inout ONNXGraph) -> ONNXGraph.Value? {
        var (columns, edges): ([Int], [[Double]]) = ([], [])
        for case .bins(let number, let bounds) in states {
            columns.append(place(of: number))
            edges.append(bounds)
        }
        guard !columns.isEmpty else { return nil }
        let numbers = graph.columns(matrix, columns)
        let bins = graph.bins(of: numbers, edges: edges)
        let missing = graph.constant(edges.map { $0.count + 1 })
        return graph.choice(graph.isMissing(numbers), missing, bins)
    }

    private func encoded(
        _ texts: ONNXGraph.Value, _ codes: CategoryCodes, _ graph: inout ONNXGraph
    ) -> ONNXGraph.Value {
        graph.node(
            "LabelEncoder", [texts], domain: "ai.onnx.ml",
            [
                "keys_strings": .texts(codes.names + [""]),
                "values_int64s": .integers(Array(codes.names.indices) + [codes.missing]),
                "default_int64": .integer(codes.other),
            ])
    }
}
