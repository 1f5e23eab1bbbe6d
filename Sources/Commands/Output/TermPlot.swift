import LimpetPipelines
import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The terms of one input as rows of bars for their sum: a line or a curve at some of its values, a step
/// function by its steps, a table by its levels.
struct TermPlot {
    /// One term, or several of the same input.
    let terms: [Term]
    let model: Model

    private static let rowLimit = 16

    private struct Row {
        var label: String
        var value: Double
        var note = ""
    }

    private var input: Int { terms[0].input }
    private var distribution: TrainingSummary.Distribution { model.training.inputs[input] }

    var text: String {
        let name = model.inputs[input].name
        let rows = rows
        let most = max(rows.map(\.value.magnitude).max() ?? 1, 1e-9)
        var table = TextTable([(name, .right), ("log-odds", .right), ("", .left), ("", .left)])
        for row in rows {
            table.append([
                row.label, Format.signed(row.value, 3), Bar.signed(row.value / most, halfWidth: 16), row.note,
            ])
        }
        return "\(name)  \(importanceText)\(coefficientText)\n\(table.text)"
    }

    private var importanceText: String {
        let parts = terms.map { term in
            Format.fixed(term.importance, 3) + (terms.count > 1 ? " (\(term.shape.name))" : "")
        }
        return "importance " + parts.joined(separator: " and ")
    }

    private var coefficientText: String {
        let texts = terms.compactMap { term -> String? in
            switch term.shape {
            case .line(let line):
                let error = line.standardError.map { " ± \(Format.fixed($0, 4))" } ?? ""
                let unit = line.transform == .signedLog ? " per unit of log(1 + x)" : ""
                return "  coefficient \(Format.fixed(line.coefficient, 4))\(error)\(unit)"
            case .curve(let curve):
                let value = curve.transform == .signedLog ? " of log(1 + x)" : ""
                return "  curve\(value) with \(curve.knots.count) knots"
            case .steps, .levels, .grid: return nil
            }
        }
        return texts.joined()
    }

    private var rows: [Row] {
        let missing =
            distribution.missing > 0
            ? [
                Row(
                    label: "missing", value: terms.reduce(0.0) { $0 + $1.missing },
                    note: share(distribution.missing))
            ] : []
        if model.inputs[input].isCategorical { return levelRows + missing }
        return (terms.contains { $0.shape.isContinuous } ? pointRows : stepRows) + missing
    }

    private func share(_ rows: Double) -> String {
        Format.percent(model.training.weight > 0 ? rows / model.training.weight : 0, 0)
    }

    /// Returns the sum of the terms at a number.
    func value(at number: Double) -> Double {
        terms.reduce(0.0) { sum, term in
            switch term.shape {
            case .line(let line): sum + line.offset + line.coefficient * line.transform(number)
            case .curve(let curve): sum + curve(number)
            case .steps(let steps): sum + steps.values[steps.bin(number)]
            case .levels, .grid: sum
            }
        }
    }

    /// The sum at edges of the training distribution, at most `rowLimit` of them; with steps also just under
    /// the first.
    private var pointRows: [Row] {
        let edges = distribution.edges
        let count = min(edges.count, Self.rowLimit)
        var rows: [Row] = []
        if let first = edges.first, terms.contains(where: { $0.shape.name == "steps" }) {
            rows.append(Row(label: "just under \(Format.short(first))", value: value(at: first.nextDown)))
        }
        for row in 0..<count {
            let edge = edges[count > 1 ? row * (edges.count - 1) / (count - 1) : 0]
            rows.append(Row(label: Format.short(edge), value: value(at: edge), note: errorText(at: edge)))
        }
        return rows
    }

    /// Returns the standard error of a single curve at one of its knots; empty elsewhere.
    private func errorText(at edge: Double) -> String {
        guard terms.count == 1, case .curve(let curve) = terms[0].shape, let errors = curve.standardErrors,
            let knot = curve.knots.firstIndex(where: { curve.transform.inverse($0) == edge })
        else { return "" }
        return "± \(Format.fixed(errors[knot], 3))"
    }

    /// The steps; many are joined to about as many groups of rows as fit, each with its mean value. The
    /// standard error of a mean is at most the mean of the standard errors, which is printed.
    private var stepRows: [Row] {
        let tables = terms.compactMap { term -> Term.Steps? in
            if case .steps(let steps) = term.shape { steps } else { nil }
        }
        let axis = Term.Axis.numbers(edges: Set(tables.flatMap(\.edges)).sorted())
        let groups = AxisGroups(axis, distribution: distribution, limit: Self.rowLimit)
        return zip(groups.labels, groups.bins).map { label, bins in
            let mean = bins.mean { bin in tables.reduce(0.0) { $0 + $1.values[$1.bin(bin.start)] } }
            var note = share(bins.count)
            if tables.count == 1, let errors = tables[0].standardErrors {
                note += " ± \(Format.fixed(bins.mean { errors[$0.state] }, 3))"
            }
            return Row(label: label, value: mean, note: note)
        }
    }

    /// A level's value.
    struct LevelValue {
        var label: String
        var value: Double
        var error: Double?
        /// The share of the training rows as text; empty where it is not known.
        var share: String
    }

    private var levelRows: [Row] {
        levelValues.map { level in
            Row(
                label: level.label, value: level.value,
                note: level.share + (level.error.map { " ± \(Format.fixed($0, 3))" } ?? ""))
        }
    }

    /// The levels of all tables, the highest value first, and all others.
    var levelValues: [LevelValue] {
        let tables = terms.compactMap { term -> Term.Levels? in
            if case .levels(let levels) = term.shape { levels } else { nil }
        }
        var countOfName: [VerbatimText: Double] = [:]
        for (name, count) in zip(distribution.levels, distribution.counts) {
            countOfName[VerbatimText(name)] = count
        }
        let errors = tables.count == 1 ? tables[0].standardErrors : nil
        var levels = tables.flatMap(\.names).uniqued.enumerated().map { index, name in
            LevelValue(
                label: name, value: tables.reduce(0.0) { $0 + $1.value(of: name) }, error: errors?[index],
                share: countOfName[VerbatimText(name)].map(share) ?? "")
        }
        levels.sort { $0.value > $1.value }
        if let others = distribution.counts.last, others > 0 {
            let value = tables.reduce(0.0) { $0 + $1.other }
            levels.append(LevelValue(label: "others", value: value, error: nil, share: share(others)))
        }
        return levels
    }
}

extension Term.Shape {
    /// True when the shape changes between two of its numbers, so that it is plotted at points.
    fileprivate var isContinuous: Bool {
        switch self {
        case .line, .curve: true
        case .steps, .levels, .grid: false
        }
    }
}

extension Term.Levels {
    fileprivate func value(of name: String) -> Double {
        names.firstIndex { VerbatimText($0) == VerbatimText(name) }.map { values[$0] } ?? other
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<VerbatimText> = []
        return filter { seen.insert(VerbatimText($0)).inserted }
    }
}
