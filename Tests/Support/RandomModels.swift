package import LimpetDocuments
import LimpetEvents
package import LimpetScoring

/// Made-up models with every shape of term, every calibrator, and names that are hard to quote.
package struct RandomModels {
    private var random: TestRandom
    private static let inputs = [
        Model.Input(name: "count_7d", isCategorical: false),
        Model.Input(name: "plan */ \"x\" ??/", isCategorical: true),
        Model.Input(name: "amount\n\\", isCategorical: false),
        Model.Input(name: "_1", isCategorical: false),
        Model.Input(name: "größe", isCategorical: true),
        Model.Input(name: "not used", isCategorical: false),
    ]
    /// The last two are one text to Unicode, and two to Limpet.
    static let levels = ["a", "b??/", "c\"\\", "d\ne", "{*/}", "A", "\u{e9}", "e\u{301}"]
    private static let (numbers, texts) = ([0, 2, 3], [1, 4])

    package init(seed: UInt64) { random = TestRandom(seed: seed) }

    /// The shapes of which models are made.
    package enum Shape: CaseIterable {
        case line, logLine, curve, logCurve, steps, levels, numberGrid, mixedGrid, textGrid
    }

    package mutating func model(_ shapes: [Shape], _ calibrator: Calibrator) -> Model {
        Model(
            kind: .stumps, source: .table(target: "y", positive: "1"), inputs: Self.inputs,
            intercept: value(),
            terms: shapes.map { term($0) }, calibrator: calibrator,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0,
                inputs: Self.inputs.map { _ in TrainingSummary.Distribution(counts: [0], missing: 0) },
                logOdds: TrainingSummary.Distribution(counts: [0], missing: 0)),
            evaluation: .null, provenance: .null)
    }

    package static let calibrators: [Calibrator] = [
        .none, .platt(slope: 0.83, intercept: -0.2),
        .isotonic(logOdds: [-2.5, -1, 0.125, 3], probabilities: [0.01, 0.2, 0.55, 0.97]),
    ]

    // MARK: Terms

    private mutating func value() -> Double { Double.random(in: -1...1, using: &random) }

    private mutating func values(_ count: Int) -> [Double] { (0..<count).map { _ in value() } }

    /// Whole, decimal and odd edges, some of them beside each other.
    private mutating func edges(_ count: Int) -> [Double] {
        var edges: Set<Double> = []
        while edges.count < count {
            let edge = Double.random(in: -30...30, using: &random)
            switch random.below(4) {
            case 0: edges.insert(edge.rounded())
            case 1: edges.formUnion([edge, edge.nextUp])
            case 2: edges.insert((edge * 100).rounded() / 100)
            default: edges.insert(edge)
            }
        }
        return Array(edges.sorted().prefix(count))
    }

    private mutating func someLevels() -> [String] {
        Array(Self.levels.shuffled(using: &random).prefix(random.below(Self.levels.count + 1)))
    }

    private mutating func term(_ shape: Shape) -> Term {
        let number = random.pick(Self.numbers)
        switch shape {
        case .line, .logLine:
            let line = Term.Line(
                transform: shape == .line ? .identity : .signedLog, coefficient: value(), offset: value())
            return Term(input: number, shape: .line(line), missing: value())
        case .curve, .logCurve:
            let count = 2 + random.below(6)
            let knots = shape == .curve ? edges(count) : edges(count).map { $0 / 10 }
            let curve = Term.Curve(
                transform: shape == .curve ? .identity : .signedLog, knots: spread(knots),
                values: values(count), slopes: values(count).map { $0 / 10 })
            return Term(input: number, shape: .curve(curve), missing: value())
        case .steps:
            let edges = edges(random.pick([0, 1, 2, 3, 7, 8, 40, 255]))
            return Term(
                input: number, shape: .steps(Term.Steps(edges: edges, values: values(edges.count + 1))),
                missing: value())
        case .levels:
            let names = someLevels()
            let levels = Term.Levels(names: names, values: values(names.count), other: value())
            return Term(input: random.pick(Self.texts), shape: .levels(levels), missing: value())
        case .numberGrid: return grid(number, (number + 2) % 4 == 1 ? 0 : (number + 2) % 4)
        case .mixedGrid: return random.below(2) == 0 ? grid(number, random.pick(Self.texts)) : grid(4, number)
        case .textGrid: return grid(1, 4)
        }
    }

    /// Knots of at least 0.01 from each other, so that cubics stay small.
    private func spread(_ knots: [Double]) -> [Double] {
        knots.enumerated().map { $1 + Double($0) * 0.01 }
    }

    private mutating func grid(_ first: Int, _ second: Int) -> Term {
        let second = first == second ? 3 : second
        let (rows, columns) = (axis(first), axis(second))
        return Term(
            input: first,
            grid: Term.Grid(
                second: second, rows: rows, columns: columns, values: values(rows.binCount * columns.binCount)
            ))
    }

    private mutating func axis(_ input: Int) -> Term.Axis {
        Self.inputs[input].isCategorical
            ? .levels(names: someLevels()) : .numbers(edges: edges(random.below(6)))
    }

    // MARK: Rows

    /// Rows at every edge and knot and one unit in the last place to either side, and random ones: whole
    /// numbers, fractions, missing values, levels and texts that no term knows.
    package mutating func rows(_ model: Model, random count: Int) -> [[JSON]] {
        var rows = model.golden.rows.map(\.values)
        for term in model.terms {
            for (input, edges) in term.edges {
                for edge in edges.flatMap({ [$0.nextDown, $0, $0.nextUp] }) {
                    var row = self.row(model)
                    row[input] = .number(edge)
                    rows.append(row)
                }
            }
        }
        for _ in 0..<count { rows.append(row(model)) }
        return rows
    }

    private mutating func row(_ model: Model) -> [JSON] {
        model.inputs.enumerated().map { index, input in
            switch random.below(8) {
            case 0: return .null
            case 1...3 where !input.isCategorical: return .number(random.below(60) - 30)
            case 4 where !input.isCategorical: return .number(Double.random(in: -1e4...1e4, using: &random))
            default:
                guard input.isCategorical else { return .number(Double.random(in: -35...35, using: &random)) }
                let known = model.terms.flatMap { $0.levelNames(of: index) } + ["unseen", "b"]
                return .string(known[random.below(known.count)])
            }
        }
    }
}

extension Term {
    /// The values at which the term may change abruptly, or change its polynomial, by input.
    fileprivate var edges: [(input: Int, edges: [Double])] {
        switch shape {
        case .line, .levels: return []
        case .steps(let steps): return [(input, steps.edges)]
        case .curve(let curve): return [(input, curve.knots.map(curve.transform.inverse))]
        case .grid(let grid):
            return [(input, grid.rows.edges), (grid.second, grid.columns.edges)].filter { !$0.1.isEmpty }
        }
    }
}

extension Term.Axis {
    fileprivate var edges: [Double] { if case .numbers(let edges) = self { edges } else { [] } }
}
