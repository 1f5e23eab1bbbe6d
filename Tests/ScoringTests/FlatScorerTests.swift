import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// Rows in memory get the scores of the scorer, bit for bit, with every vector unit, layout and number width.
@Suite struct FlatScorerTests {
    /// A model of many terms of one shape or of all, and its rows as a matrix.
    private struct Example {
        var name: String
        var flat: FlatScorer
        var rows: [Double]
        var vectors: [FeatureVector]

        init(_ name: String, _ model: Model, _ values: [[JSON]], level: Int32) {
            self.name = name
            flat = FlatScorer(Scorer(model), vectorLevel: level)
            (rows, vectors) = ([], [])
            for row in values {
                var vector = FeatureVector(count: row.count)
                for (input, value) in row.enumerated() {
                    if model.inputs[input].isCategorical {
                        vector.categories[input] = value.text.map { TextKey($0) } ?? .missing
                        rows.append(value.text.map { flat.code(of: $0, input: input) } ?? .nan)
                    } else {
                        vector.numbers[input] = value.double ?? .nan
                        rows.append(value.double ?? .nan)
                    }
                }
                vectors.append(vector)
            }
        }

        var count: Int { vectors.count }
        var expected: [Scorer.Score] { vectors.map { flat.scorer.score($0) } }
    }

    private static func examples(seed: UInt64, level: Int32, random count: Int) -> [Example] {
        var models = RandomModels(seed: seed)
        let shapes = RandomModels.Shape.allCases
        var made = RandomModels.calibrators.map { ("\($0)", models.model(shapes + shapes, $0)) }
        for shape in shapes { made.append(("\(shape)", models.model([shape, shape, shape], .none))) }
        made.append(("none", models.model([], .none)))
        return made.map { Example($0, $1, models.rows($1, random: count), level: level) }
    }

    private static func scores(
        _ flat: FlatScorer, rows: Int, _ body: (inout MutableSpan<Double>, inout MutableSpan<Double>) -> Void
    ) -> [Scorer.Score] {
        var (logOdds, probabilities) = (
            [Double](repeating: -1, count: rows), [Double](repeating: -1, count: rows)
        )
        var first = logOdds.mutableSpan
        var second = probabilities.mutableSpan
        body(&first, &second)
        return zip(logOdds, probabilities).map { Scorer.Score(logOdds: $0, probability: $1) }
    }

    private static func differing(_ found: [Scorer.Score], _ expected: [Scorer.Score]) -> Int {
        guard found.count == expected.count else { return max(found.count, expected.count) }
        return zip(found, expected).count {
            $0.logOdds.bitPattern != $1.logOdds.bitPattern
                || $0.probability.bitPattern != $1.probability.bitPattern
        }
    }

    @Test("all layouts give the bits of the scorer", arguments: [0, 1, 2] as [Int32], [1, 2, 3] as [UInt64])
    func sameBits(level: Int32, seed: UInt64) {
        // Not a multiple of any vector or block.
        for example in Self.examples(seed: seed, level: level, random: 777) {
            let (flat, rows, count) = (example.flat, example.rows, example.count)
            let expected = example.expected
            let name = "\(example.name), level \(level), seed \(seed)"
            let byRows = Self.scores(flat, rows: count) {
                flat.score(rows.span, layout: .rows, logOdds: &$0, probabilities: &$1)
            }
            #expect(Self.differing(byRows, expected) == 0, "rows, \(name)")
            // A gap of 3 after each column.
            var columns: [Double] = []
            for input in 0..<flat.width {
                columns += (0..<count).map { rows[$0 * flat.width + input] } + [7, 7, 7]
            }
            let byColumns = Self.scores(flat, rows: count) {
                flat.score(
                    columns.span, layout: .columns, stride: count + 3, logOdds: &$0, probabilities: &$1)
            }
            #expect(Self.differing(byColumns, expected) == 0, "columns, \(name)")
            let alone = (0..<count).map {
                flat.score(rows.span.extracting($0 * flat.width..<($0 + 1) * flat.width))
            }
            #expect(Self.differing(alone, expected) == 0, "one by one, \(name)")
        }
    }

    @Test("numbers of 32 bits count as the doubles that they are", arguments: [0, 2] as [Int32])
    func single(level: Int32) {
        for example in Self.examples(seed: 9, level: level, random: 300) {
            let (flat, count) = (example.flat, example.count)
            let single = example.rows.map { Float($0) }
            let widened = single.map { Double($0) }
            let expected = Self.scores(flat, rows: count) {
                flat.score(widened.span, layout: .rows, logOdds: &$0, probabilities: &$1)
            }
            let byRows = Self.scores(flat, rows: count) {
                flat.score(single.span, layout: .rows, logOdds: &$0, probabilities: &$1)
            }
            #expect(Self.differing(byRows, expected) == 0, "\(example.name)")
            let columns = (0..<flat.width).flatMap { input in
                (0..<count).map { single[$0 * flat.width + input] }
            }
            let byColumns = Self.scores(flat, rows: count) {
                flat.score(columns.span, layout: .columns, logOdds: &$0, probabilities: &$1)
            }
            #expect(Self.differing(byColumns, expected) == 0, "\(example.name)")
        }
    }

    @Test("infinite numbers and codes that there are none of")
    func odd() throws {
        var models = RandomModels(seed: 5)
        let model = models.model(RandomModels.Shape.allCases, .none)
        for level in [0, 1, 2] as [Int32] {
            let flat = FlatScorer(Scorer(model), vectorLevel: level)
            for odd in [-1, 0.5, 1e300, .infinity, -.infinity, 2e9] {
                let row = model.inputs.map { $0.isCategorical ? odd : 1.0 }
                let other = model.inputs.indices.map {
                    model.inputs[$0].isCategorical ? flat.code(of: "no such text", input: $0) : 1.0
                }
                #expect(flat.score(row.span) == flat.score(other.span), "\(odd)")
            }
        }
        let steps = models.model([.steps, .steps, .steps, .numberGrid], .none)
        for odd in [Double.infinity, -.infinity, .greatestFiniteMagnitude, -0.0] {
            let row = steps.inputs.map { $0.isCategorical ? .nan : odd }
            let scores = ([0, 1, 2] as [Int32]).map {
                FlatScorer(Scorer(steps), vectorLevel: $0).score(row.span)
            }
            var vector = FeatureVector(count: row.count)
            vector.numbers = row
            #expect(scores == [Scorer.Score](repeating: Scorer(steps).score(vector), count: 3))
        }
    }

    @Test("the logistic of many is that of each")
    func logistic() {
        var model = Model.empty
        model.inputs = [Model.Input(name: "x", isCategorical: false)]
        model.terms = [
            Term(
                input: 0, shape: .line(Term.Line(transform: .identity, coefficient: 1, offset: 0)),
                missing: .nan)
        ]
        var random = TestRandom(seed: 4)
        let special = [
            0, -0.0, 745.1332191019412, -745.1332191019412, 745.14, -745.14, -744.9, 709.8, 1e300, -1e300,
            .infinity, -.infinity, .nan, 36.8, -36.8, .leastNonzeroMagnitude,
        ]
        let values =
            special + (0..<50_000).map { _ in Double.random(in: -760...760, using: &random) }
            + (0..<50_000).map { _ in Double.random(in: -8...8, using: &random) }
        let flat = FlatScorer(Scorer(model))
        let scores = Self.scores(flat, rows: values.count) {
            flat.score(values.span, layout: .rows, logOdds: &$0, probabilities: &$1)
        }
        let wrong = zip(values, scores).filter { value, score in
            let expected = ElementaryFunctions.logistic(value)
            return expected.isNaN
                ? !score.probability.isNaN : score.probability.bitPattern != expected.bitPattern
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("the logarithm of many is that of each")
    func logarithm() {
        var random = TestRandom(seed: 5)
        let values =
            [
                0, -0.0, 1, 2, 0.5, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e-310,
                .leastNormalMagnitude, .greatestFiniteMagnitude, 1.0.nextUp, 1.0.nextDown,
                1.4142135623730951, 1.4142135623730952, 0x1p-1022.nextDown,
            ] + (0..<50_000).map { _ in Double.random(in: 0...1, using: &random) }
            + (0..<50_000).map { _ in Double(bitPattern: random.next()) }
        var logarithms = values
        var span = logarithms.mutableSpan
        ElementaryFunctions.replaceByLog(&span)
        let wrong = zip(values, logarithms).filter { value, ours in
            let expected = ElementaryFunctions.log(value)
            return expected.isNaN ? !ours.isNaN : ours.bitPattern != expected.bitPattern
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("reasons of a row are those of its vector")
    func reasons() {
        var models = RandomModels(seed: 6)
        let model = models.model(RandomModels.Shape.allCases, .none)
        let rows = models.rows(model, random: 50)
        let example = Example("", model, rows, level: 2)
        for (place, vector) in example.vectors.enumerated() {
            let width = example.flat.width
            let row = example.rows.span.extracting(place * width..<(place + 1) * width)
            let found = example.flat.reasons(row, count: 3, raisingOnly: false)
            let expected = example.flat.scorer.reasons(vector, count: 3, raisingOnly: false)
            #expect(found.map(\.topic) == expected.map(\.topic))
            #expect(found.map(\.contribution) == expected.map(\.contribution))
            for count in [0, 1, 3, 50] {
                for raisingOnly in [false, true] {
                    var room = [TopicContribution](
                        repeating: TopicContribution(topic: -1, contribution: 0), count: count)
                    var span = room.mutableSpan
                    let (score, topics) = example.flat.strongestTopics(
                        row, raisingOnly: raisingOnly, into: &span)
                    let wanted = example.flat.scorer.reasons(vector, count: count, raisingOnly: raisingOnly)
                    #expect(score == example.flat.scorer.score(vector))
                    #expect(room.prefix(topics).map { example.flat.topics[$0.topic] } == wanted.map(\.topic))
                    #expect(room.prefix(topics).map(\.contribution) == wanted.map(\.contribution))
                }
            }
            var parts = [Double](repeating: 0, count: model.terms.count)
            var span = parts.mutableSpan
            example.flat.contributions(row, into: &span)
            #expect(parts == example.flat.scorer.contributions(vector))
        }
    }
}

extension Model {
    /// A model of nothing.
    fileprivate static var empty: Model {
        Model(
            kind: .stumps, source: .table(target: "y", positive: "1"), inputs: [], intercept: 0, terms: [],
            calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: [],
                logOdds: TrainingSummary.Distribution(counts: [0], missing: 0)),
            evaluation: .null, provenance: .null)
    }
}
