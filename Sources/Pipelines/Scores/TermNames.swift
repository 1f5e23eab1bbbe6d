package import LimpetScoring

/// The names of a model's terms: those of their inputs, followed by the shape where several terms have the
/// same inputs.
package struct TermNames {
    private let model: Model
    private var termCounts: [[Int]: Int] = [:]

    package init(_ model: Model) {
        self.model = model
        for term in model.terms { termCounts[term.inputs, default: 0] += 1 }
    }

    package func name(of term: Term) -> String {
        let inputs = term.inputs.map { model.inputs[$0].name }.joined(separator: " × ")
        return termCounts[term.inputs, default: 0] > 1 ? "\(inputs) (\(term.shape.name))" : inputs
    }
}

extension Term.Shape {
    package var name: String {
        switch self {
        case .line: "line"
        case .curve: "curve"
        case .steps: "steps"
        case .levels: "levels"
        case .grid: "grid"
        }
    }
}
