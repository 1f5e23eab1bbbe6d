import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Warnings of levels that training did not have.
@Suite final class UnseenLevelTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    /// A model of one category with the levels basic and pro; a share of the training rows had rarer ones.
    private static func model(of source: Model.Source, rare: Double = 0) throws -> ModelFile.Verified {
        let levels = Term.Levels(names: ["basic", "pro"], values: [0.5, -0.5], other: 0)
        let plans = TrainingSummary.Distribution(
            levels: ["basic", "pro"], counts: [50, 50, rare], missing: 0)
        let model = Model(
            kind: .logistic, source: source,
            inputs: [Model.Input(name: "plan", isCategorical: true)], intercept: 0,
            terms: [Term(input: 0, shape: .levels(levels), missing: 0)], calibrator: .none,
            training: TrainingSummary(
                rows: 100 + Int(rare), users: 100, positives: 50, inputs: [plans],
                logOdds: TrainingSummary.Distribution(counts: [100 + rare], missing: 0)),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private static let ofTable = Model.Source.table(target: "left", positive: "yes")

    private func table(_ plans: [String]) throws -> TableSource {
        let rows = plans.enumerated().map { "\($1),\($0 % 2 == 0 ? "yes" : "no")" }
        let text = (["plan,left"] + rows).joined(separator: "\n") + "\n"
        return TableSource(try folder.write(text, as: "table.csv"), observer: observer)
    }

    /// Scores a table; returns the warnings.
    private func scored(_ model: ModelFile.Verified, _ plans: [String], reasons: Int = 3) async throws
        -> [String]
    {
        let lines = ScoreLines(
            form: .csv, columns: Set(ScoreLines.Column.allCases), hasTimes: false, reasonCount: reasons,
            threshold: nil)
        let output = try ScoreOutput(path: "\(folder.path)/scores.csv")
        let summary = try await BatchScoring(model, table: table(plans), lines: lines, threads: 2).run(
            to: output)
        try output.finish()
        #expect(summary.rows == plans.count)
        return observer.notes
    }

    private static let mixed = (0..<100).map { $0 < 60 ? "basic" : $0 < 90 ? "Pro" : $0 < 95 ? "gold" : "" }

    @Test("scoring a table tells the share of unseen levels and the most frequent one", arguments: [0, 3])
    func table(reasons: Int) async throws {
        let found = try await scored(try Self.model(of: Self.ofTable), Self.mixed, reasons: reasons)
        #expect(found.count == 1)
        #expect(
            found[0].hasPrefix("warning: plan: 35.0 % of the rows have levels that training did not have"))
        #expect(found[0].contains(#"most often "Pro""#))
    }

    @Test("few rows with unseen levels, and levels as rare as in training, are no matter")
    func few() async throws {
        let plans = (0..<100).map { $0 < 5 ? "gold" : "basic" }
        #expect(try await scored(try Self.model(of: Self.ofTable), plans).isEmpty)
        // A tenth of the training rows had levels that were too rare to be kept.
        let rare = (0..<100).map { $0 < 14 ? "r\($0)" : "basic" }
        #expect(try await scored(try Self.model(of: Self.ofTable, rare: 12), rare).isEmpty)
        #expect(try await scored(try Self.model(of: Self.ofTable), rare).count == 1)
    }

    @Test("evaluation of a table warns too")
    func evaluation() async throws {
        let model = try Self.model(of: Self.ofTable)
        let decision = UsedDecision(
            MetricSettings(), threshold: nil, valuePlace: nil, model: model.scorer.model)
        _ = try await ModelEvaluation(model, decision: decision, bootstrap: nil, threads: 1).run(
            table(Self.mixed))
        #expect(observer.notes.count == 1 && observer.notes[0].contains(#"35.0 % of the rows"#))
    }

    @Test("scoring and evaluation of a log warn of levels that training did not have")
    func log() async throws {
        let set = FeatureSet(features: [Feature(name: "plan", kind: .lastCategory, property: "plan")])
        let model = try Self.model(
            of: .log(set, Population(), Label(kind: .inactivity, events: .any, horizon: .days(5))))
        let rows = (0..<20).map { "u\($0),2025-01-0\(1 + $0 % 9),visit,\($0 < 5 ? "gold" : "pro")" }
        let text =
            (["user,time,event,plan"] + rows + ["u0,2025-01-30,visit,gold"]).joined(separator: "\n") + "\n"
        let source = LogSource([try folder.write(text, as: "log.csv")], observer: observer)
        let output = try ScoreOutput(path: "\(folder.path)/scores.csv")
        _ = try await BatchScoring(model, log: source, threads: 2).run(to: output)
        try output.finish()
        #expect(observer.notes.count == 1 && observer.notes[0].contains(#"25.0 % of the rows have levels"#))
        #expect(observer.notes[0].contains(#"most often "gold""#))
        let time = try #require(TimeParser().parse("2025-01-15")).timestamp
        let decision = UsedDecision(
            MetricSettings(), threshold: nil, valuePlace: nil, model: model.scorer.model)
        _ = try await ModelEvaluation(model, decision: decision, bootstrap: nil, threads: 1).run(
            source, snapshots: SnapshotSettings(times: [time]))
        #expect(observer.notes.count == 2)
    }
}
