import LimpetDocuments
import LimpetFeatures
import LimpetScoring

/// A plot of each term of a model, with importances and standard errors.
struct ModelExplanation {
    let model: Model
    let hash: String
    /// The inputs whose terms are plotted; empty for all.
    let only: VerbatimSet

    private func isShown(_ term: Term) -> Bool {
        only.isEmpty || term.inputs.contains { only.contains(model.inputs[$0].name) }
    }

    /// The terms by plot, the most important first: those of one input share a plot, each pair has one of its
    /// own.
    var plots: [[Term]] {
        var groups: [[Term]] = []
        var groupOfInput: [Int: Int] = [:]
        for term in model.terms where isShown(term) {
            if term.inputs.count == 1, let group = groupOfInput[term.input] {
                groups[group].append(term)
            } else {
                if term.inputs.count == 1 { groupOfInput[term.input] = groups.count }
                groups.append([term])
            }
        }
        func importance(_ group: [Term]) -> Double { group.reduce(0.0) { $0 + $1.importance } }
        return groups.sorted { importance($0) > importance($1) }
    }

    var document: JSON {
        guard case .object(var members) = model.document else { return model.document }
        members.removeAll { $0.name == "golden" }
        members = members.map { member in
            guard member.name == "terms", let list = member.value.array else { return member }
            let shown = zip(model.terms, list).filter { isShown($0.0) }.map(\.1)
            return JSONMember(name: "terms", value: .array(shown))
        }
        members.append(JSONMember(name: "sha256", value: .string(hash)))
        return .object(members)
    }

    /// The inputs that no term reads.
    var unused: [String] {
        let used = VerbatimSet(model.terms.flatMap(\.inputs).map { model.inputs[$0].name })
        return model.inputs.map(\.name).filter { !used.contains($0) }
    }

    /// The source of the model's inputs, and the rows of its training.
    var heading: [String] {
        var lines = [sourceText]
        lines.append(
            "trained on \(Format.count(model.training.rows)) rows of "
                + "\(Format.count(model.training.users)) users, "
                + "\(Format.percent(model.training.baseRate)) with label 1; "
                + "intercept \(Format.fixed(model.intercept, 4)); "
                + "calibration \(calibrationText)")
        if let decision = model.decision { lines.append(DecisionText(decision).text) }
        return lines
    }

    var text: String {
        var lines = ["\(model.kind.rawValue) model \(hash.prefix(12))…"] + heading
        lines.append("Each value is what the term adds to the log-odds of the average user.")
        for terms in plots { lines += ["", plot(terms)] }
        if only.isEmpty, !unused.isEmpty {
            lines += ["", "Not used: \(unused.joined(separator: ", "))"]
        }
        return lines.joined(separator: "\n")
    }

    private func plot(_ terms: [Term]) -> String {
        if case .grid(let grid) = terms[0].shape {
            return GridPlot(term: terms[0], grid: grid, model: model).text
        }
        return TermPlot(terms: terms, model: model).text
    }

    private var sourceText: String {
        switch model.source {
        case .log(_, let population, let label):
            "predicts: \(label.description); population: \(population.description)"
        case .table(let target, let positive):
            "predicts: \(target) \(positive.isEmpty ? "has a value" : "= \(positive)")"
        }
    }

    private var calibrationText: String {
        switch model.calibrator {
        case .none: "none"
        case .platt(let slope, let intercept):
            "Platt (slope \(Format.fixed(slope, 3)), intercept \(Format.fixed(intercept, 3)))"
        case .isotonic(let knots, _): "isotonic (\(knots.count) knots)"
        }
    }
}
