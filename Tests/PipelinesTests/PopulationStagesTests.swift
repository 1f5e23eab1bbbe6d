import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// The stages that scoring, evaluation, monitoring and extraction report.
@Suite final class PopulationStagesTests {
    private let folder: TemporaryFolder
    private let clock = StageClock()

    init() throws { folder = try TemporaryFolder() }

    private static func model(of source: Model.Source, input: String) throws -> ModelFile.Verified {
        let counts = TrainingSummary.Distribution(edges: [2], counts: [5, 5], missing: 0)
        let steps = Term.Steps(edges: [2], values: [-1, 1])
        let model = Model(
            kind: .stumps, source: source, inputs: [Model.Input(name: input, isCategorical: false)],
            intercept: 0, terms: [Term(input: 0, shape: .steps(steps), missing: 0)], calibrator: .none,
            training: TrainingSummary(rows: 10, users: 10, positives: 5, inputs: [counts], logOdds: counts),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private func ofTable() throws -> (ModelFile.Verified, TableSource) {
        let rows = (0..<60).map { "\($0 % 5),\($0 % 3 == 0 ? "yes" : "no")" }
        let path = try folder.write("visits,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv")
        return (
            try Self.model(of: .table(target: "left", positive: "yes"), input: "visits"), TableSource(path)
        )
    }

    private static let features = FeatureSet(features: [
        Feature(name: "visits", kind: .count, events: .any, window: .days(7))
    ])
    private static let churn = Label(kind: .inactivity, events: .any, horizon: .days(7))
    private static let active = Population(activeWithin: .days(14))
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)

    private func ofLog() throws -> (ModelFile.Verified, LogSource) {
        var lines = ["user,time,event"]
        for day in 0..<40 {
            for user in 0..<20 where (day + user) % 3 == 0 && (user % 2 == 0 || day < 10 + user) {
                lines.append("u\(user),\(Self.start + .days(Int64(day))),visit")
            }
        }
        let path = try folder.write(lines.joined(separator: "\n") + "\n", as: "log.csv")
        return (
            try Self.model(of: .log(Self.features, Self.active, Self.churn), input: "visits"),
            LogSource([path])
        )
    }

    private func expect(_ names: [String]) {
        let reading = clock.reading()
        #expect(reading.stages.reduce(.zero) { $0 + $1.time } == reading.total)
        #expect(reading.stages.map(\.name) == ["other"] + names)
    }

    private func score(_ scoring: BatchScoring) async throws {
        var scoring = scoring
        scoring.clock = clock
        let output = try ScoreOutput(path: folder.file("scores.csv"))
        _ = try await scoring.run(to: output)
        try output.finish()
    }

    @Test("rows of a table are read along with their scoring")
    func scoresOfTable() async throws {
        let (model, table) = try ofTable()
        try await score(BatchScoring(model, table: table, threads: 2))
        expect(["score", "write"])
    }

    @Test("users of a log are read, extracted, scored and written")
    func scoresOfLog() async throws {
        let (model, log) = try ofLog()
        try await score(try BatchScoring(model, log: log, threads: 2))
        expect(["read", "extract", "score", "write"])
    }

    @Test("an evaluation has metrics and their intervals", arguments: [true, false])
    func evaluation(isOfLog: Bool) async throws {
        if isOfLog {
            let (model, log) = try ofLog()
            var evaluation = ModelEvaluation(model, bootstrap: Bootstrap(replicates: 10), threads: 2)
            evaluation.clock = clock
            _ = try await evaluation.run(log, snapshots: SnapshotSettings(every: .days(7)))
            expect(["read", "extract", "score", "metrics", "intervals"])
        } else {
            let (model, table) = try ofTable()
            var evaluation = ModelEvaluation(model, bootstrap: nil, threads: 2)
            evaluation.clock = clock
            _ = try await evaluation.run(table)
            expect(["read", "score", "metrics"])
        }
    }

    @Test("drift is measured by metrics, with intervals where labels are known")
    func drift() async throws {
        let (model, log) = try ofLog()
        let rows = try await ModelPopulation.read(
            model, log: log, at: [Self.start + .days(20)], threads: 2, clock: clock)
        _ = try await DriftReport(
            model, rows, bootstrap: Bootstrap(replicates: 10), threads: 2, observer: SilentObserver(),
            clock: clock)
        expect(["read", "extract", "score", "metrics", "intervals"])
    }

    @Test("features are read, extracted and written, given or proposed", arguments: [true, false])
    func features(isGiven: Bool) async throws {
        var extraction = LogExtraction(
            try ofLog().1, label: Self.churn, population: Self.active,
            snapshots: SnapshotSettings(every: .days(7)), threads: 2)
        if isGiven { extraction.features = .set(Self.features) }
        _ = try await extraction.write(to: folder.file("features.csv"), clock: clock)
        expect(["read", "extract", "write"])
    }
}
