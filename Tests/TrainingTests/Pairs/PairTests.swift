import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Pairs on their way from a fit into a model: contributions, centring, distributions, golden rows.
@Suite struct PairTests {
    private let data = Samples.data(
        [
            ("x", .numbers([0, 1, 2, 2.5, 3, 9])),
            ("level", .levels(names: ["a", "b", "never"], codes: [0, 1, -1, 3, 0, 1])),
            ("y", .numbers([.nan, -1, 5, 5, 7, .nan])),
        ], labels: [true, false, true, false, true, false])

    private func pair(_ input: Int, _ rows: Term.Axis, _ second: Int, _ columns: Term.Axis) -> Term {
        let values = (0..<(rows.binCount * columns.binCount)).map { Double($0 + 1) }
        return Term(
            input: input, grid: Term.Grid(second: second, rows: rows, columns: columns, values: values))
    }

    private var fit: AdditiveFit {
        AdditiveFit(
            intercept: 1,
            terms: [
                Term(input: 0, shape: .steps(.init(edges: [1.5], values: [1, 2])), missing: 9),
                pair(0, .numbers(edges: [2, 4]), 1, .levels(names: ["b", "a"])),
                pair(2, .numbers(edges: [5]), 1, .levels(names: ["never"])),
            ])
    }

    @Test("a pair adds the cell of both bins")
    func contributions() {
        let pair = AdditiveFit(intercept: 0, terms: [fit.terms[1]]).logOdds(of: data)
        // Rows of 4: b, a, others, missing; bins of x: below 2, below 4, from 4 on, missing.
        #expect(pair == [2, 1, 8, 7, 6, 9])
        let other = AdditiveFit(intercept: 0, terms: [fit.terms[2]]).logOdds(of: data)
        #expect(other == [8, 2, 6, 5, 5, 8])
    }

    @Test("rows and scorer agree on pairs")
    func agreement() {
        let inputs = data.inputs
        let model = Model(
            kind: .stumps, source: .table(target: "t", positive: "1"), inputs: inputs, intercept: 1,
            terms: fit.terms, calibrator: .none,
            training: TrainingSummary(data, fit: fit, logOdds: fit.logOdds(of: data)), evaluation: .null,
            provenance: .null)
        let keys = ["a", "b", "", "no name", "a", "b"].map { TextKey($0).rawValue }
        let scores = Scorer(model).scores(
            numbers: [[0, 1, 2, 2.5, 3, 9], [], [.nan, -1, 5, 5, 7, .nan]], keys: [[], keys, []], rowCount: 6)
        #expect(scores.map(\.logOdds) == fit.logOdds(of: data))
    }

    @Test("centring leaves pairs where purification put them, records their spread, and zeroes unseen bins")
    func centring() throws {
        let centred = fit.centred(on: data)
        #expect(
            centred.logOdds(of: data).map { ($0 * 1e9).rounded() }
                == fit.logOdds(of: data).map { ($0 * 1e9).rounded() })
        guard case .grid(let some) = centred.terms[1].shape, case .grid(let other) = centred.terms[2].shape
        else {
            Issue.record("pairs stay pairs")
            return
        }
        // x is never missing: the last of four rows of four falls silent, all else stays.
        #expect(some.values == (1...12).map(Double.init) + [0, 0, 0, 0])
        // No row has the level "never", the first of three columns.
        #expect(other.values == [0, 2, 3, 0, 5, 6, 0, 8, 9])
        let values = [2.0, 1, 8, 7, 6, 9]
        let variance = values.reduce(0.0) { $0 + ($1 - 5.5) * ($1 - 5.5) } / 6
        #expect(abs(centred.terms[1].importance - variance.squareRoot()) < 1e-12)
    }

    @Test("a distribution has the edges of all terms of its input, also where only a pair reads it")
    func distributions() {
        let summary = TrainingSummary(data, fit: fit, logOdds: fit.logOdds(of: data))
        #expect(summary.inputs[0].edges == [1.5, 2, 4])
        #expect(summary.inputs[0].counts == [2, 0, 3, 1] && summary.inputs[0].missing == 0)
        #expect(summary.inputs[1].levels == ["a", "b", "never"])
        #expect(summary.inputs[1].counts == [2, 2, 0, 1] && summary.inputs[1].missing == 1)
        #expect(summary.inputs[2].edges == [5])
        #expect(summary.inputs[2].counts == [1, 3] && summary.inputs[2].missing == 2)
    }

    @Test("the input of a line and of a pair also keeps the edges of about equal shares")
    func lineDistribution() {
        let numbers = (0..<100).map(Double.init)
        let data = Samples.data(
            [("x", .numbers(numbers)), ("y", .numbers(numbers))], labels: numbers.map { $0 < 50 })
        let line = Term(
            input: 0, shape: .line(.init(transform: .identity, coefficient: 1, offset: 0)), missing: 0)
        let alone = TrainingSummary(
            data, fit: AdditiveFit(intercept: 0, terms: [line]), logOdds: numbers)
        #expect(alone.inputs[0].edges.count == 9)
        let pair = pair(1, .numbers(edges: [3]), 0, .numbers(edges: [0.25]))
        let both = TrainingSummary(
            data, fit: AdditiveFit(intercept: 0, terms: [line, pair]), logOdds: numbers)
        #expect(both.inputs[0].edges == [0.25] + alone.inputs[0].edges)
        #expect(both.inputs[0].counts.reduce(0, +) == 100)
        #expect(both.inputs[1].edges == [3])
    }

    /// A model over two numbers of the given number of bins each and a category.
    private func model(bins: Int) -> Model {
        let edges = (1..<bins).map(Double.init)
        let axis = Term.Axis.numbers(edges: edges.filter { Int($0) % 7 == 0 })
        let names = (0..<9).map { "l\($0)" }
        let steps = Term.Steps(edges: edges, values: (0..<bins).map { Double($0 * $0 % 13) })
        let distribution = TrainingSummary.Distribution(
            edges: edges, counts: [Double](repeating: 1, count: bins), missing: 0)
        let levels = TrainingSummary.Distribution(
            levels: names, counts: [Double(bins)] + [Double](repeating: 0, count: 9), missing: 0)
        return Model(
            kind: .stumps, source: .table(target: "t", positive: "1"),
            inputs: [
                .init(name: "x", isCategorical: false), .init(name: "y", isCategorical: false),
                .init(name: "c", isCategorical: true),
            ],
            intercept: 0,
            terms: [
                Term(input: 0, shape: .steps(steps), missing: 0), pair(0, axis, 1, axis),
                pair(2, .levels(names: names), 1, axis),
            ], calibrator: .none,
            training: TrainingSummary(
                rows: bins, users: bins, positives: 1, inputs: [distribution, distribution, levels],
                logOdds: .init(counts: [Double(bins)], missing: 0)), evaluation: .null, provenance: .null)
    }

    @Test(
        "golden rows touch every bin, every level, the unseen and the missing", arguments: [5, 12, 80, 256])
    func goldenRows(bins: Int) throws {
        let model = try model(bins: bins).withGoldenInputs(zone: .utc)
        for input in 0..<2 {
            var seen = Set<Int>()
            for row in model.golden.rows {
                let steps = Term.Steps(edges: (1..<bins).map(Double.init), values: [])
                seen.insert(row.values[input].double.map { steps.bin($0) } ?? bins)
            }
            #expect(seen == Set(0...bins))
        }
        let texts = Set(model.golden.rows.map { $0.values[2].text })
        #expect(texts.count == 11 && texts.contains(nil))
        guard case .grid(let grid) = model.terms[1].shape else {
            Issue.record("the sample has another shape")
            return
        }
        let cells = Set(
            model.golden.rows.map { row in
                grid.rows.bin(of: row.values[0].double ?? .nan) * grid.columns.binCount
                    + grid.columns.bin(of: row.values[1].double ?? .nan)
            })
        // Not only the diagonal: as many cells as rows can reach, but for chance.
        #expect(cells.count > min(grid.values.count, model.golden.rows.count) / 3)
        #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model == model)
    }

    @Test("a wide model has few golden rows, and one of many levels an even choice")
    func boundedGoldenRows() throws {
        let wide = try model(bins: 2_000).withGoldenInputs(zone: .utc)
        #expect(wide.golden.rows.count == 300)
        let values = wide.golden.rows.compactMap { $0.values[0].double }.sorted()
        #expect(values.count == 299 && Set(values).count == 299)
        #expect(values.first == 0 && (values.last ?? 0) > 1_985)
    }
}
