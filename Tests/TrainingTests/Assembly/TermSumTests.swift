import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Sums, blends and purified fits: other terms, the same function.
@Suite struct TermSumTests {
    private static let names = ["a", "b", "c", "d"]

    /// Rows that hit edges, gaps, missing and unseen values of three numbers and two categories.
    private static let data: TrainingData = {
        var random = TestRandom(seed: 41)
        let rows = 600
        func numbers() -> TrainingData.Column {
            .numbers((0..<rows).map { _ in random.below(12) == 0 ? .nan : Double(random.below(24) - 12) / 2 })
        }
        func levels() -> TrainingData.Column {
            .levels(names: names, codes: (0..<rows).map { _ in Int32(random.below(6) - 1) })
        }
        return Samples.data(
            [("x", numbers()), ("y", numbers()), ("z", numbers()), ("c", levels()), ("d", levels())],
            labels: (0..<rows).map { $0 % 2 == 0 })
    }()

    private static func axis(_ input: Int, using random: inout TestRandom) -> Term.Axis {
        if input >= 3 {
            return .levels(names: Array(names.shuffled(using: &random).prefix(random.below(4))))
        }
        return .numbers(
            edges: Set((0..<random.below(7)).map { _ in Double(random.below(24) - 12) / 2 }).sorted())
    }

    private static func table(_ input: Int, using random: inout TestRandom) -> Term {
        let axis = axis(input, using: &random)
        let values = (0..<axis.binCount).map { _ in Double.random(in: -1...1, using: &random) }
        return Term(input: input, table: ShapeFunction(axis: axis, values: values))
    }

    private static func line(_ input: Int, _ transform: Term.Transform, using random: inout TestRandom)
        -> Term
    {
        let shape = Term.Line(
            transform: transform, coefficient: .random(in: -1...1, using: &random),
            offset: .random(in: -1...1, using: &random))
        return Term(input: input, shape: .line(shape), missing: .random(in: -1...1, using: &random))
    }

    private static func grid(_ first: Int, _ second: Int, using random: inout TestRandom) -> Term {
        let (rows, columns) = (axis(first, using: &random), axis(second, using: &random))
        let values = (0..<(rows.binCount * columns.binCount)).map { _ in
            Double.random(in: -1...1, using: &random)
        }
        return Term(
            input: first, grid: Term.Grid(second: second, rows: rows, columns: columns, values: values))
    }

    private static func difference(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).map { abs($0 - $1) }.max() ?? 0
    }

    private func values(_ terms: Term...) -> [Double] {
        AdditiveFit(intercept: 0, terms: terms).logOdds(of: Self.data)
    }

    @Test("two terms of one kind merge into their exact sum, on the edges or levels of both")
    func merged() throws {
        var random = TestRandom(seed: 42)
        for round in 0..<200 {
            let input = round % 5
            let pairs = [
                (Self.table(input, using: &random), Self.table(input, using: &random)),
                (Self.grid(0, 3, using: &random), Self.grid(0, 3, using: &random)),
                (Self.grid(1, 4, using: &random), Self.grid(4, 1, using: &random)),
                (
                    Self.line(round % 3, .signedLog, using: &random),
                    Self.line(round % 3, .signedLog, using: &random)
                ),
            ]
            for (one, other) in pairs {
                let sum = try #require(one.merged(with: other))
                #expect(Self.difference(values(sum), values(one, other)) < 1e-14)
            }
        }
    }

    @Test("the union of two axes has the edges or levels of both, once")
    func unions() throws {
        let edges = AxisUnion(.numbers(edges: [-1, 0, 2]), .numbers(edges: [0, 1]))
        #expect(edges.axis == .numbers(edges: [-1, 0, 1, 2]))
        #expect(edges.left == [0, 1, 2, 2, 3, 4])
        #expect(edges.right == [0, 0, 1, 2, 2, 3])
        let levels = AxisUnion(.levels(names: ["b", "a"]), .levels(names: ["c", "a"]))
        #expect(levels.axis == .levels(names: ["b", "a", "c"]))
        #expect(levels.left == [0, 1, 2, 2, 3])
        #expect(levels.right == [2, 1, 0, 2, 3])
    }

    @Test("terms that no one shape can hold together stay apart")
    func unmerged() {
        var random = TestRandom(seed: 43)
        let line = Self.line(0, .identity, using: &random)
        let others = [
            Self.line(0, .signedLog, using: &random), Self.line(1, .identity, using: &random),
            Self.table(0, using: &random), Self.grid(0, 1, using: &random),
        ]
        for other in others { #expect(line.merged(with: other) == nil && other.merged(with: line) == nil) }
        #expect(Self.table(0, using: &random).merged(with: Self.table(1, using: &random)) == nil)
        #expect(Self.grid(0, 1, using: &random).merged(with: Self.grid(0, 2, using: &random)) == nil)
    }

    @Test("a blend is the weighted mean of its fits in each row")
    func blend() {
        var random = TestRandom(seed: 44)
        for _ in 0..<30 {
            let linear = AdditiveFit(
                intercept: -1,
                terms: (0..<3).map { Self.line($0, .signedLog, using: &random) }
                    + [Self.table(3, using: &random)])
            let steps = AdditiveFit(
                intercept: 0.5,
                terms: [4, 2, 0, 3].map { Self.table($0, using: &random) }
                    + [Self.grid(3, 0, using: &random), Self.grid(1, 0, using: &random)])
            let more = AdditiveFit(
                intercept: 0.25,
                terms: [Self.grid(0, 3, using: &random), Self.table(0, using: &random)])
            let blend = AdditiveFit.blend([(linear, 0.5), (steps, 0.25), (more, 0.25)])
            let parts = [linear, steps, more].map { $0.logOdds(of: Self.data) }
            let mean = parts[0].indices.map {
                0.5 * parts[0][$0] + 0.25 * parts[1][$0] + 0.25 * parts[2][$0]
            }
            #expect(Self.difference(blend.logOdds(of: Self.data), mean) < 1e-12)
            // The line and the steps of an input stay two; all else is joined.
            #expect(blend.terms.map { $0.input } == [0, 0, 1, 2, 2, 3, 4, 1, 3])
            #expect(Self.difference(blend.centred(on: Self.data).logOdds(of: Self.data), mean) < 1e-12)
        }
    }

    @Test("standard errors shrink with their term, and are dropped where terms are joined")
    func standardErrors() {
        let steps = Term.Steps(edges: [0], values: [1, 2], standardErrors: [0.5, 0.25])
        let term = Term(input: 0, shape: .steps(steps), missing: 3)
        let half = AdditiveFit.blend([(AdditiveFit(intercept: 0, terms: [term]), -0.5)])
        #expect(
            half.terms.map(\.shape)
                == [.steps(.init(edges: [0], values: [-0.5, -1], standardErrors: [0.25, 0.125]))])
        let fit = AdditiveFit(intercept: 0, terms: [term])
        let both = AdditiveFit.blend([(fit, 0.5), (fit, 0.5)])
        #expect(both.terms.map(\.shape) == [.steps(.init(edges: [0], values: [1, 2]))])
    }

    @Test("purifying a fit changes no row, and leaves pairs whose rows and columns have weighted mean 0")
    func purified() throws {
        var random = TestRandom(seed: 45)
        let weights = (0..<Self.data.count).map { _ in Double(random.below(4)) / 2 }
        for useWeights in [false, true] {
            let fit = AdditiveFit(
                intercept: 0.3,
                terms: [
                    Self.table(0, using: &random), Self.line(1, .identity, using: &random),
                    Self.grid(0, 1, using: &random), Self.grid(3, 0, using: &random),
                    Self.grid(2, 4, using: &random), Self.table(3, using: &random),
                ])
            let pure = fit.purified(on: Self.data, weights: useWeights ? weights : nil)
            #expect(Self.difference(pure.logOdds(of: Self.data), fit.logOdds(of: Self.data)) < 1e-12)
            // Inputs that had no table of their own got one: 1 beside its line, 2 and 4.
            #expect(pure.terms.count == fit.terms.count + 3)
            let pairs = pure.terms.filter(\.isPair)
            #expect(pairs.count == 3)
            for pair in pairs { checkMeans(pair, useWeights ? weights : nil) }
            let centred = pure.centred(on: Self.data)
            #expect(Self.difference(centred.logOdds(of: Self.data), fit.logOdds(of: Self.data)) < 1e-12)
            for pair in centred.terms where pair.isPair { checkMeans(pair, useWeights ? weights : nil) }
        }
    }

    /// The weighted mean of the contribution of a pair over the rows of each bin of either input.
    private func checkMeans(_ pair: Term, _ weights: [Double]?) {
        guard case .grid(let grid) = pair.shape else {
            Issue.record("the sample has another shape")
            return
        }
        let added = values(pair)
        for (axis, input) in [(grid.rows, pair.input), (grid.columns, grid.second)] {
            var (sums, totals) = (
                [Double](repeating: 0, count: axis.binCount), [Double](repeating: 0, count: axis.binCount)
            )
            for (row, bin) in axis.bins(of: Self.data.columns[input]).enumerated() {
                sums[bin] += (weights?[row] ?? 1) * added[row]
                totals[bin] += weights?[row] ?? 1
            }
            for (sum, total) in zip(sums, totals) where total > 0 { #expect(abs(sum / total) < 1e-12) }
        }
    }

    @Test("a main with finer edges takes a grid's effect up on the edges of both")
    func finerMain() throws {
        let main = Term(
            input: 0, shape: .steps(.init(edges: [-4, -1, 0, 3], values: [1, 2, 3, 4, 5])), missing: 6)
        // All of the pair is one of its first input alone.
        let grid = Term.Grid(
            second: 1, rows: .numbers(edges: [-1, 1]), columns: .numbers(edges: [0]),
            values: [1, 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8])
        let fit = AdditiveFit(intercept: 0, terms: [main, Term(input: 0, grid: grid)])
        let pure = fit.purified(on: Self.data)
        guard case .steps(let steps) = pure.terms[0].shape else {
            Issue.record("a step function stays one")
            return
        }
        #expect(steps.edges == [-4, -1, 0, 1, 3])
        for (index, total) in [2.0, 3, 5, 6, 8, 9].enumerated() {
            #expect(abs(steps.values[index] + pure.intercept - total) < 1e-12)
        }
        #expect(abs(pure.terms[0].missing + pure.intercept - 14) < 1e-12)
        guard case .grid(let left)? = pure.terms.last?.shape else {
            Issue.record("a pair stays one")
            return
        }
        #expect(left.values.allSatisfy { abs($0) < 1e-12 })
    }
}
