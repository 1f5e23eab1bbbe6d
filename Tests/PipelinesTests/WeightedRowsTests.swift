import LimpetDocuments
import LimpetEvaluation
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// A weight is that many rows wherever a table is read with weights: 0 is absence.
@Suite final class WeightedRowsTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func source(_ rows: [String], header: String, weight: String? = nil) throws -> TableSource {
        let path = try folder.write(
            ([header] + rows).joined(separator: "\n") + "\n", as: weight == nil ? "plain.csv" : "weighted.csv"
        )
        var source = TableSource(path, observer: observer)
        (source.target, source.positive, source.weight) = ("left", "yes", weight)
        return source
    }

    @Test("rows of weight 0 leave no trace in what is trained on, and their number is told")
    func absence() async throws {
        // Rows of weight 0 come first, have levels of their own, and lie far from the others.
        let absent = (0..<20).map { "\(1_000 + $0),odd\($0 % 3),no" }
        let present = (0..<30).map {
            "\($0 % 7),\($0 % 2 == 0 ? "pro" : "basic"),\($0 % 3 == 0 ? "yes" : "no")"
        }
        let header = "visits,plan,left"
        let weighted = try source(
            absent.map { $0 + ",0" } + present.map { $0 + ",1" }, header: header + ",w", weight: "w")
        let found = try await TrainingInput.read(weighted, threads: 2)
        let expected = try await TrainingInput.read(try source(present, header: header), threads: 2)
        #expect(found.data.labels == expected.data.labels && found.data.users == expected.data.users)
        #expect(found.data.weights == [Double](repeating: 1, count: 30))
        for (one, other) in zip(found.data.columns, expected.data.columns) {
            switch (one, other) {
            case (.numbers(let left), .numbers(let right)): #expect(left == right)
            case (.levels(let names, let codes), .levels(let otherNames, let otherCodes)):
                #expect(names == otherNames && codes == otherCodes)
            default: Issue.record("columns of different kinds")
            }
        }
        #expect(found.target?.text == expected.target?.text)
        let notes = observer.notes.filter { $0.contains("weight") }
        #expect(notes.count == 1 && notes[0].contains(#"20 of 50 rows have a weight of 0 by "w""#))
    }

    /// A model of a number and a category, trained on a hundred rows.
    private static func model() throws -> ModelFile.Verified {
        let steps = Term.Steps(edges: [10], values: [-1, 1])
        let numbers = TrainingSummary.Distribution(edges: [10], counts: [50, 50], missing: 0)
        let plans = TrainingSummary.Distribution(levels: ["basic", "pro"], counts: [60, 40, 0], missing: 0)
        let model = Model(
            kind: .stumps, source: .table(target: "left", positive: "yes"),
            inputs: [
                Model.Input(name: "visits", isCategorical: false),
                Model.Input(name: "plan", isCategorical: true),
            ], intercept: 0, terms: [Term(input: 0, shape: .steps(steps), missing: 0.25)], calibrator: .none,
            training: TrainingSummary(
                rows: 100, users: 100, positives: 50, inputs: [numbers, plans],
                logOdds: TrainingSummary.Distribution(edges: [0], counts: [50, 50], missing: 0)),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    /// Rows with weights from 0 to 3, and the rows that they stand for.
    private func sources() throws -> (weighted: TableSource, copies: TableSource) {
        var uniforms = Uniforms(seed: 8)
        let rows = (0..<700).map { row in
            let visits = uniforms.next() < 0.1 ? "" : "\(Int(uniforms.next() * 18))"
            let plan = ["basic", "pro", "team"][Int(uniforms.next() * 3)]
            return (text: "\(visits),\(plan),\(uniforms.next() < 0.4 ? "yes" : "no")", weight: row % 4)
        }
        return (
            try source(rows.map { "\($0.text),\($0.weight)" }, header: "visits,plan,left,w", weight: "w"),
            try source(
                rows.flatMap { Array(repeating: $0.text, count: $0.weight) }, header: "visits,plan,left")
        )
    }

    @Test("drift and its estimates are those of the rows themselves")
    func drift() async throws {
        let model = try Self.model()
        let (weighted, copies) = try sources()
        func report(_ source: TableSource) async throws -> DriftReport {
            let population = try await ModelPopulation.read(model, table: source, threads: 2)
            return try await DriftReport(model, population, bootstrap: nil, threads: 2, observer: observer)
        }
        let (found, expected) = (try await report(weighted), try await report(copies))
        #expect(found.rows == 525 && expected.rows == 1_050)
        #expect(found.inputs.map(\.stability) == expected.inputs.map(\.stability))
        #expect(found.inputs.map(\.movement) == expected.inputs.map(\.movement))
        #expect(found.score?.stability == expected.score?.stability)
        let (one, other) = (try #require(found.estimate), try #require(expected.estimate))
        #expect(abs(one.baseRate - other.baseRate) < 1e-12 && abs(one.logLoss - other.logLoss) < 1e-12)
        #expect(abs(one.brier - other.brier) < 1e-12)
        #expect(abs(try #require(one.auc) - (try #require(other.auc))) < 1e-12)
        let (left, right) = (try #require(found.realised), try #require(expected.realised))
        for metric in ReportMetric.allCases {
            guard let value = right[metric] else { continue }
            #expect(abs(try #require(left[metric]) - value) < 1e-12, "\(metric)")
        }
    }

    @Test("a model is recalibrated on the rows themselves")
    func recalibration() async throws {
        let model = try Self.model()
        let (weighted, copies) = try sources()
        func recalibrated(_ source: TableSource) async throws -> Recalibration {
            let population = try await ModelPopulation.read(model, table: source, threads: 2)
            return try await RecalibratedModel(
                model, population, file: source.file, bootstrap: nil, threads: 2, observer: observer
            ).recalibration
        }
        let (found, expected) = (try await recalibrated(weighted), try await recalibrated(copies))
        #expect(abs(found.intercept - expected.intercept) < 1e-9 && abs(expected.intercept) > 0.01)
        #expect(abs(found.slope - expected.slope) < 1e-9)
    }

    @Test("the movement from one model to another is that of the rows themselves")
    func movement() async throws {
        // Of each kind of row there are as many that a tenth ends between two kinds.
        let weights = [1, 2, 3, 4, 5, 5, 4, 3, 2, 1]
        let rows = weights.enumerated().map { "\($0.offset),\($0.element)" }
        let copies = weights.enumerated().flatMap { row in
            [String](repeating: "\(row.offset)", count: row.element)
        }
        func movement(_ source: TableSource) async throws -> ScoreMovement {
            let models = try [1.0, -0.5].map { slope in
                let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
                let steps = Term.Steps(
                    edges: (1..<10).map { Double($0) }, values: (0..<10).map { slope * Double(($0 * 3) % 10) }
                )
                let model = Model(
                    kind: .stumps, source: .table(target: "left", positive: "yes"),
                    inputs: [Model.Input(name: "x", isCategorical: false)], intercept: 0,
                    terms: [Term(input: 0, shape: .steps(steps), missing: 0)], calibrator: .none,
                    training: TrainingSummary(
                        rows: 0, users: 0, positives: 0, inputs: [empty], logOdds: empty),
                    evaluation: .null, provenance: .null)
                return try ModelFile.decode(ModelFile.encode(model).bytes)
            }
            var source = source
            (source.target, source.positive) = (nil, nil)
            var populations: [ModelPopulation] = []
            for model in models {
                populations.append(try await ModelPopulation.read(model, table: source, threads: 1))
            }
            return try ScoreMovement(models, populations, file: source.file)
        }
        let found = try await movement(try source(rows, header: "x,w", weight: "w"))
        let expected = try await movement(try source(copies, header: "x"))
        #expect(found.tenths.reduce(0) { $0 + $1.weight } == 30 && found.rows == 10 && expected.rows == 30)
        let one = try #require(found.rankCorrelation)
        #expect(abs(one - (try #require(expected.rankCorrelation))) < 1e-12)
        func mean(_ movement: ScoreMovement) -> Double { movement.tenths.reduce(0) { $0 + $1.newSum } / 30 }
        #expect(abs(mean(found) - mean(expected)) < 1e-12)
    }
}
