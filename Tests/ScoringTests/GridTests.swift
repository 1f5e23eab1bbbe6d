import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct GridTests {
    /// Numbers that lie on edges, beside them, far away, or nowhere.
    private static func number(_ edges: [Double], using random: inout TestRandom) -> Double {
        let edge = edges.isEmpty ? 0 : random.pick(edges)
        return random.pick([
            edge, edge.nextDown, edge.nextUp, -edge, .nan, .infinity, -.infinity, 0, -0.0,
            .greatestFiniteMagnitude, Double.random(in: -20...20, using: &random),
        ])
    }

    private static func edges(using random: inout TestRandom) -> [Double] {
        Set((0..<random.below(9)).map { _ in Double(random.below(40) - 20) / 4 }).sorted()
    }

    private static let names = ["a", "b", "c", "\u{e9}", "e\u{301}"]

    private static func axis(isCategorical: Bool, using random: inout TestRandom) -> Term.Axis {
        guard isCategorical else { return .numbers(edges: edges(using: &random)) }
        return .levels(names: Array(names.shuffled(using: &random).prefix(random.below(names.count + 1))))
    }

    /// Four inputs, every other one a category, and grids over pairs of them in either order.
    private static func model(using random: inout TestRandom) -> Model {
        var model = TestModels.table()
        model.inputs = (0..<4).map { Model.Input(name: "i\($0)", isCategorical: $0 % 2 == 1) }
        model.terms = (0..<6).map { _ in
            let pair = Array([0, 1, 2, 3].shuffled(using: &random).prefix(2))
            let rows = axis(isCategorical: pair[0] % 2 == 1, using: &random)
            let columns = axis(isCategorical: pair[1] % 2 == 1, using: &random)
            let values = (0..<(rows.binCount * columns.binCount)).map { _ in
                Double.random(in: -1...1, using: &random)
            }
            return Term(
                input: pair[0],
                grid: Term.Grid(second: pair[1], rows: rows, columns: columns, values: values))
        }
        return model
    }

    private struct Row {
        var numbers: [Double]
        var texts: [String]

        var vector: FeatureVector {
            var vector = FeatureVector(count: numbers.count)
            vector.numbers = numbers
            vector.categories = texts.map { TextKey($0) }
            return vector
        }
    }

    private static func row(_ model: Model, using random: inout TestRandom) -> Row {
        var edges: [Double] = []
        for case .grid(let grid) in model.terms.map(\.shape) {
            for case .numbers(let some) in [grid.rows, grid.columns] { edges += some }
        }
        return Row(
            numbers: (0..<4).map { _ in number(edges, using: &random) },
            texts: (0..<4).map { _ in random.pick(names + ["", "unseen"]) })
    }

    /// The bin by counting, as defined.
    private static func referenceBin(_ axis: Term.Axis, _ row: Row, _ input: Int) -> Int {
        switch axis {
        case .numbers(let edges):
            let x = row.numbers[input]
            return x.isNaN ? edges.count + 1 : edges.filter { $0 <= x }.count
        case .levels(let names):
            let text = row.texts[input]
            guard !text.isEmpty else { return names.count + 1 }
            return names.firstIndex { Array($0.utf8) == Array(text.utf8) } ?? names.count
        }
    }

    @Test("grids score to the bit like counting edges and comparing texts, one by one and by columns")
    func reference() {
        var random = TestRandom(seed: 31)
        for _ in 0..<60 {
            let model = Self.model(using: &random)
            let scorer = Scorer(model)
            let rows = (0..<200).map { _ in Self.row(model, using: &random) }
            var expected: [Double] = []
            for row in rows {
                let parts = model.terms.map { term -> Double in
                    guard case .grid(let grid) = term.shape else { return .nan }
                    let place =
                        Self.referenceBin(grid.rows, row, term.input) * grid.columns.binCount
                        + Self.referenceBin(grid.columns, row, grid.second)
                    return grid.values[place]
                }
                #expect(scorer.contributions(row.vector) == parts)
                expected.append(parts.reduce(model.intercept, +))
            }
            #expect(rows.map { scorer.score($0.vector).logOdds.bitPattern } == expected.map(\.bitPattern))
            let numbers = (0..<4).map { input in input % 2 == 1 ? [] : rows.map { $0.numbers[input] } }
            let keys = (0..<4).map { input in
                input % 2 == 0 ? [] : rows.map { TextKey($0.texts[input]).rawValue }
            }
            let scores = scorer.scores(numbers: numbers, keys: keys, rowCount: rows.count)
            #expect(scores.map(\.logOdds.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test("the bins of an axis are its ranges or levels, all other levels, and last the missing")
    func bins() {
        let numbers = Term.Axis.numbers(edges: [0, 2])
        #expect(numbers.binCount == 4 && numbers.missing == 3)
        #expect([-1, 0, 1, 2, .infinity, .nan].map { numbers.bin(of: $0) } == [0, 1, 1, 2, 2, 3])
        #expect(Term.Axis.numbers(edges: []).binCount == 2)
        let levels = Term.Axis.levels(names: ["a", "b"])
        #expect(levels.binCount == 4 && levels.missing == 3)
    }

    @Test("a transposed grid is the same function")
    func transposed() {
        var random = TestRandom(seed: 32)
        var model = Self.model(using: &random)
        var other = model
        other.terms = model.terms.map { term in
            guard case .grid(let grid) = term.shape else { return term }
            return Term(input: grid.second, grid: grid.transposed(input: term.input))
        }
        #expect(other.terms != model.terms)
        for _ in 0..<500 {
            let vector = Self.row(model, using: &random).vector
            #expect(Scorer(model).contributions(vector) == Scorer(other).contributions(vector))
        }
        model.terms = []
        #expect(Scorer(model).score(FeatureVector(count: 4)).logOdds == model.intercept)
    }

    @Test("a term says which inputs it reads, and a grid's own missing value is not read")
    func inputs() {
        let model = TestModels.pairs()
        #expect(model.terms.map(\.inputs) == [[0], [1], [0], [2], [0, 2], [1, 0], [3, 1]])
        var other = model
        for index in 4..<7 { other.terms[index].missing = 99 }
        let vector = FeatureVector(count: 4)
        #expect(Scorer(model).contributions(vector) == Scorer(other).contributions(vector))
    }
}
