import LimpetFeatures
import LimpetScoring

/// What a model has learnt: each term as a plot, with importances and standard errors.
struct ModelExplanation {
    let model: Model
    let hash: String
    /// The inputs to show; empty for all.
    let only: Set<String>

    private var terms: [Term] {
        model.terms.filter { only.isEmpty || only.contains(model.inputs[$0.input].name) }
            .sorted { $0.importance > $1.importance }
    }

    var document: JSON {
        guard case .object(var members) = model.document else { return model.document }
        members.removeAll { $0.name == "golden" }
        let shown = Set(terms.map { model.inputs[$0.input].name })
        members = members.map { member in
            guard member.name == "terms", let list = member.value.array else { return member }
            return JSONMember(
                name: "terms", value: .array(list.filter { shown.contains($0["input"]?.text ?? "") }))
        }
        members.append(JSONMember(name: "sha256", value: .string(hash)))
        return .object(members)
    }

    var text: String {
        let rate = Double(model.training.positives) / Double(max(1, model.training.rows))
        let used = Set(model.terms.map { model.inputs[$0.input].name })
        let unused = model.inputs.map(\.name).filter { !used.contains($0) }
        var lines = ["\(model.kind.rawValue) model \(hash.prefix(12))…", sourceText]
        lines.append(
            "trained on \(Format.count(model.training.rows)) rows of \(Format.count(model.training.users)) users, "
                + "\(Format.percent(rate)) with label 1; intercept \(Format.fixed(model.intercept, 4)); "
                + "calibration \(calibrationText)")
        lines.append("Each value is what the term adds to the log-odds of the average user.")
        for term in terms { lines += ["", TermPlot(term: term, model: model).text] }
        if only.isEmpty, !unused.isEmpty {
            lines += ["", "Not used: \(unused.joined(separator: ", "))"]
        }
        return lines.joined(separator: "\n")
    }

    private var sourceText: String {
        switch model.source {
        case .log(_, let population, let label):
            "predicts: \(label.description); population: \(population.description)"
        case .table(let target, let positive): "predicts: \(target) = \(positive)"
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

/// One term as rows of bars: a line at some of its values, a step function by its steps, a table by its levels.
struct TermPlot {
    let term: Term
    let model: Model

    private static let rowLimit = 16

    private struct Row {
        var label: String
        var value: Double
        var note = ""
    }

    var text: String {
        let name = model.inputs[term.input].name
        let rows = rows
        let most = max(rows.map(\.value.magnitude).max() ?? 1, 1e-9)
        var table = TextTable([(name, .right), ("log-odds", .right), ("", .left), ("", .left)])
        for row in rows {
            table.append([
                row.label, (row.value >= 0 ? "+" : "") + Format.fixed(row.value, 3),
                Bar.signed(row.value / most, halfWidth: 16), row.note,
            ])
        }
        return "\(name)  importance \(Format.fixed(term.importance, 3))\(coefficientText)\n\(table.text)"
    }

    private var coefficientText: String {
        guard case .line(let line) = term.shape else { return "" }
        let error = line.standardError.map { " ± \(Format.fixed($0, 4))" } ?? ""
        let unit = line.transform == .signedLog ? " per unit of log(1 + x)" : ""
        return "  coefficient \(Format.fixed(line.coefficient, 4))\(error)\(unit)"
    }

    private var distribution: TrainingSummary.Distribution { model.training.inputs[term.input] }

    private var rows: [Row] {
        let missing =
            distribution.missing > 0
            ? [Row(label: "missing", value: term.missing, note: share(distribution.missing))] : []
        switch term.shape {
        case .line(let line):
            return distribution.edges.map { edge in
                Row(label: Format.short(edge), value: line.offset + line.coefficient * line.transform(edge))
            } + missing
        case .steps(let steps): return stepRows(steps) + missing
        case .levels(let levels): return levelRows(levels) + missing
        }
    }

    private func share(_ count: Int) -> String {
        Format.percent(Double(count) / Double(max(1, model.training.rows)), 0)
    }

    /// The steps; many are joined to about as many groups of rows as fit, each with its mean value.
    private func stepRows(_ steps: Term.Steps) -> [Row] {
        let counts = distribution.counts
        guard counts.count == steps.values.count else { return [] }
        let total = Double(max(1, counts.reduce(0, +)))
        var rows: [Row] = []
        var (start, count, sum) = (0, 0, 0.0)
        for index in steps.values.indices {
            count += counts[index]
            sum += Double(counts[index]) * steps.values[index]
            let isFull = Double(count) >= total / Double(Self.rowLimit)
            guard isFull || steps.values.count <= Self.rowLimit || index == steps.values.count - 1 else {
                continue
            }
            let value = count > 0 ? sum / Double(count) : steps.values[index]
            rows.append(
                Row(label: interval(steps.edges, start, index), value: value, note: share(count)))
            (start, count, sum) = (index + 1, 0, 0)
        }
        return rows
    }

    private func interval(_ edges: [Double], _ first: Int, _ last: Int) -> String {
        if edges.isEmpty { return "any" }
        if first == 0 { return "under \(Format.short(edges[min(last, edges.count - 1)]))" }
        if last == edges.count { return "\(Format.short(edges[first - 1])) and more" }
        return "\(Format.short(edges[first - 1])) to \(Format.short(edges[last]))"
    }

    private func levelRows(_ levels: Term.Levels) -> [Row] {
        let counts = distribution.counts
        var rows = levels.names.enumerated().map { index, name in
            let error = levels.standardErrors.map { " ± \(Format.fixed($0[index], 3))" } ?? ""
            return Row(
                label: name, value: levels.values[index],
                note: (index < counts.count ? share(counts[index]) : "") + error)
        }
        rows.sort { $0.value > $1.value }
        if let others = counts.last, others > 0 {
            rows.append(Row(label: "others", value: levels.other, note: share(others)))
        }
        return rows
    }
}
