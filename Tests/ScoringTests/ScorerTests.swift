import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ScorerTests {
    private func vector(_ numbers: [Double], _ categories: [String] = []) -> FeatureVector {
        var vector = FeatureVector(count: max(numbers.count, categories.count))
        for (index, number) in numbers.enumerated() { vector.numbers[index] = number }
        for (index, text) in categories.enumerated() { vector.categories[index] = TextKey(text) }
        return vector
    }

    /// The contribution of one term at a value.
    private func contribution(_ shape: Term.Shape, number: Double = .nan, text: String = "") -> Double? {
        var model = TestModels.table()
        model.terms = [Term(input: 0, shape: shape, missing: 9)]
        return Scorer(model).contributions(vector([number], [text])).first
    }

    @Test(
        "a value equal to an edge lies on its right",
        arguments: [
            (-Double.infinity, 0), (-1.5, 0), ((-1.0).nextDown, 0), (-1, 1), (-0.0, 2), (0, 2),
            (0.0.nextDown, 1),
            (2.0.nextDown, 2), (2, 3), (1e300, 3), (.infinity, 3),
        ])
    func steps(value: Double, bin: Int) {
        let steps = Term.Steps(edges: [-1, 0, 2], values: [10, 20, 30, 40])
        #expect(steps.bin(value) == bin)
        #expect(contribution(.steps(steps), number: value) == Double(bin + 1) * 10)
    }

    @Test("bins agree with counting the edges at or below a value")
    func bins() {
        var random = TestRandom(seed: 9)
        for count in 0..<40 {
            let edges = Set((0..<count).map { _ in Double(Int.random(in: -50...50, using: &random)) })
                .sorted()
            let steps = Term.Steps(edges: edges, values: [])
            for value in -52...52 {
                #expect(steps.bin(Double(value)) == edges.filter { $0 <= Double(value) }.count)
            }
        }
    }

    @Test("a step function without edges is a constant")
    func noEdges() {
        let steps = Term.Steps(edges: [], values: [5])
        #expect(contribution(.steps(steps), number: 3) == 5)
    }

    @Test("a line is an offset and a coefficient, of the value or of its signed log")
    func lines() {
        let plain = Term.Line(transform: .identity, coefficient: 2, offset: -1)
        #expect(contribution(.line(plain), number: 3) == 5)
        let log = Term.Line(transform: .signedLog, coefficient: 2, offset: -1)
        #expect(contribution(.line(log), number: 3) == -1 + 2 * ElementaryFunctions.log1p(3))
        #expect(contribution(.line(log), number: -3) == -1 - 2 * ElementaryFunctions.log1p(3))
        #expect(contribution(.line(log), number: 0) == -1)
    }

    @Test("a missing value has a value of its own in every shape")
    func missing() {
        #expect(contribution(.line(Term.Line(transform: .identity, coefficient: 2, offset: -1))) == 9)
        #expect(contribution(.steps(Term.Steps(edges: [0], values: [1, 2]))) == 9)
        #expect(contribution(.levels(Term.Levels(names: ["a"], values: [1], other: 2))) == 9)
    }

    @Test(
        "a level has its value, an unseen one that of all others",
        arguments: [("a", 1), ("b", 2), ("c", 3), ("A", 3)])
    func levels(text: String, value: Double) {
        let levels = Term.Levels(names: ["a", "b"], values: [1, 2], other: 3)
        #expect(contribution(.levels(levels), text: text) == value)
    }

    private func randomVector(_ model: Model, using random: inout TestRandom) -> FeatureVector {
        let numbers = model.inputs.map { _ in
            [Double.nan, 0, 10.5, -3, .random(in: -1e3...1e7, using: &random)][
                Int.random(in: 0..<5, using: &random)]
        }
        let texts = model.inputs.map { _ in
            ["", "mobile", "desktop", "tv", "yearly"][Int.random(in: 0..<5, using: &random)]
        }
        return vector(numbers, texts)
    }

    @Test("contributions added to the intercept in order are the log-odds, to the bit")
    func additive() {
        var random = TestRandom(seed: 10)
        for model in [TestModels.log(), TestModels.table()] {
            let scorer = Scorer(model)
            for _ in 0..<2_000 {
                let vector = randomVector(model, using: &random)
                let sum = scorer.contributions(vector).reduce(model.intercept, +)
                let score = scorer.score(vector)
                #expect(score.logOdds.bitPattern == sum.bitPattern)
                #expect(score.probability == model.calibrator.probability(sum))
            }
        }
    }

    @Test("scores by columns are the scores by rows, to the bit, and columns after the inputs are ignored")
    func columns() {
        var random = TestRandom(seed: 11)
        for model in [TestModels.log(), TestModels.table()] {
            let scorer = Scorer(model)
            let rows = (0..<300).map { _ in randomVector(model, using: &random) }
            let numbers = model.inputs.indices.map { input in
                model.inputs[input].isCategorical ? [] : rows.map { $0.numbers[input] }
            }
            let keys = model.inputs.indices.map { input in
                model.inputs[input].isCategorical ? rows.map { $0.categories[input].rawValue } : []
            }
            let scores = scorer.scores(numbers: numbers + [[]], keys: keys + [[]], rowCount: rows.count)
            #expect(scores == rows.map { scorer.score($0) })
        }
        #expect(Scorer(TestModels.table()).scores(numbers: [[], []], keys: [[], []], rowCount: 0).isEmpty)
    }

    @Test("a model without terms gives everybody its intercept")
    func noTerms() {
        var model = TestModels.table()
        model.terms = []
        let scorer = Scorer(model)
        #expect(scorer.score(FeatureVector(count: 2)).logOdds == -1)
        #expect(scorer.reasons(FeatureVector(count: 2), count: 3).isEmpty)
    }
}
