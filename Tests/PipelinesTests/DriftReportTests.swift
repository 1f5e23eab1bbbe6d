import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetNumerics
import LimpetScoring
import LimpetTestSupport
import Testing

/// The drift of a population, measured in process.
@Suite struct DriftReportTests {
    /// A model that was trained on a hundred rows, half of them under 10 visits; no term reads `idle`.
    private static func model() throws -> ModelFile.Verified {
        let steps = Term.Steps(edges: [10], values: [-1, 1])
        let numbers = TrainingSummary.Distribution(edges: [10], counts: [50, 50], missing: 0)
        let levels = TrainingSummary.Distribution(levels: ["basic", "pro"], counts: [60, 40, 0], missing: 0)
        let model = Model(
            kind: .stumps, source: .table(target: "left", positive: "yes"),
            inputs: [("visits", false), ("plan", true), ("idle", false)].map {
                Model.Input(name: $0, isCategorical: $1)
            }, intercept: 0,
            terms: [
                Term(input: 0, shape: .steps(steps), missing: 0),
                Term(
                    input: 1,
                    shape: .levels(Term.Levels(names: ["basic", "pro"], values: [0, 0], other: 0)), missing: 0
                ),
            ], calibrator: .none,
            training: TrainingSummary(
                rows: 100, users: 100, positives: 50, inputs: [numbers, levels, numbers],
                logOdds: TrainingSummary.Distribution(edges: [0], counts: [50, 50], missing: 0)),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private let observer = RecordingObserver()

    private func report(_ rows: [String], header: String) async throws -> DriftReport {
        let folder = try TemporaryFolder()
        let text = ([header] + rows).joined(separator: "\n") + "\n"
        let source = TableSource(try folder.write(text, as: "table.csv"))
        let model = try Self.model()
        let population = try await ModelPopulation.read(model, table: source, threads: 2)
        return try await DriftReport(
            model, population, bootstrap: Bootstrap(replicates: 50, seed: 1), threads: 2, observer: observer)
    }

    @Test("a population like that of training has not moved")
    func same() async throws {
        let rows = (0..<100).map { "\($0 < 50 ? 3 : 30),\($0 % 5 < 3 ? "basic" : "pro"),\($0 < 50 ? 3 : 30)" }
        let report = try await report(rows, header: "visits,plan,idle")
        #expect(report.rows == 100 && report.training.rows == 100)
        #expect(report.inputs.map(\.stability.index) == [0, 0, 0] && report.score?.stability.index == 0)
        #expect(report.worst == nil && report.realised == nil)
        // Half of the rows have log-odds of −1, the others of 1.
        let estimate = try #require(report.estimate)
        #expect(abs(estimate.baseRate - 0.5) < 1e-12)
        #expect(observer.stages.isEmpty)
    }

    @Test("what has moved is in order of its index, with the bin that moved most and texts that are new")
    func moved() async throws {
        // 80 rows of 10 visits and more; a fifth has a plan that training did not know.
        let rows = (0..<100).map { row in
            "\(row < 20 ? 3 : 30),\(row % 5 == 0 ? "gold" : row % 5 < 3 ? "basic" : "pro"),\(row)"
        }
        let report = try await report(rows, header: "visits,plan,idle")
        #expect(report.inputs.map(\.name) == ["idle", "plan", "visits"])
        let visits = try #require(report.inputs.last)
        let shares = (0.2, 0.8, 0.5)
        let index =
            (shares.0 - shares.2) * ElementaryFunctions.log(shares.0 / shares.2)
            + (shares.1 - shares.2) * ElementaryFunctions.log(shares.1 / shares.2)
        #expect(abs(visits.stability.index - index) < 1e-12)
        #expect(visits.shares == (0.5, 0.2) && visits.movement == "under 10 50.0 % → 20.0 %")
        let plan = report.inputs[1]
        #expect(plan.unseen.map(\.name) == ["gold"] && plan.unseen.map(\.rows) == [20])
        #expect(plan.movedMost == "others" && plan.shares == (0, 0.2))
        // No term reads the one that moved most, so that it is not what needs attention.
        #expect(!report.inputs[0].isUsed && report.usedInputs.map(\.name) == ["plan", "visits"])
        #expect(report.worst?.name == "plan" && report.worst?.stability.verdict == .shifted)
        let document = report.document
        #expect(document["inputs"]?.array?.count == 3 && document["realised"] == .null)
        #expect(document["inputs"]?.array?[2]["movedMost"] == .string("under 10 50.0 % → 20.0 %"))
    }

    @Test("with labels, metrics are realised, and the drawing of users is told")
    func realised() async throws {
        let rows = (0..<100).map { row in
            "\(row < 50 ? 3 : 30),basic,3,\(row < 40 || row >= 90 ? "no" : "yes")"
        }
        let report = try await report(rows, header: "visits,plan,idle,left")
        let realised = try #require(report.realised)
        // Of the 50 high scores 40 are of leavers, and of the 50 low ones 10: an AUC of 0.8.
        #expect(realised.rows == 100 && realised.baseRate == 0.5)
        #expect(abs(try #require(realised.auc) - 0.8) < 1e-12)
        #expect(realised.intervals?[.auc]?.contains(0.8) == true)
        #expect(observer.stages == ["drawing users"])
        #expect(report.recalibrationProblem == nil && report.document["recalibration"] == .null)
    }

    @Test("labels that are too few to recalibrate by are no reason to")
    func fewLabels() async throws {
        let report = try await report(
            (0..<5).map { "30,basic,3,\($0 < 1 ? "yes" : "no")" }, header: "visits,plan,idle,left")
        #expect(report.realised?.rows == 5)
        #expect(report.recalibrationProblem == .tooFew(positives: 1, negatives: 4))
    }

    /// A model of logs, trained on 20 rows of February, where nobody had more than 15 visits, half had no
    /// plan yet, and all had visited within the week.
    private static func modelOfLog() throws -> ModelFile.Verified {
        let set = FeatureSet(features: [
            Feature(name: "visits", kind: .count, events: EventPattern(names: ["visit"])),
            Feature(name: "season", kind: .count, events: EventPattern(names: ["visit"]), window: .days(60)),
            Feature(name: "week", kind: .count, events: EventPattern(names: ["visit"]), window: .days(7)),
            Feature(name: "plan", kind: .lastCategory, property: "plan"),
        ])
        let few = TrainingSummary.Distribution(edges: [15], counts: [20, 0], missing: 0)
        let plans = TrainingSummary.Distribution(levels: ["basic"], counts: [10, 0], missing: 10)
        let model = Model(
            kind: .stumps,
            source: .log(set, Population(), Label(kind: .inactivity, events: .any, horizon: .days(7))),
            inputs: set.features.map { Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical) },
            intercept: 0,
            terms: (0..<3).map { input in
                Term(input: input, shape: .steps(Term.Steps(edges: [15], values: [0, 0])), missing: 0)
            } + [
                Term(
                    input: 3, shape: .levels(Term.Levels(names: ["basic"], values: [0], other: 0)),
                    missing: 0)
            ], calibrator: .none,
            training: TrainingSummary(
                rows: 20, users: 20, positives: 10,
                snapshots: try time("2025-02-01")...(try time("2025-02-20")),
                dataUntil: try time("2025-03-01"),
                inputs: [few, few, few, plans],
                logOdds: TrainingSummary.Distribution(edges: [1], counts: [20, 0], missing: 0)),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private static func time(_ text: String) throws -> Timestamp {
        try #require(TimeParser().parse(text)).timestamp
    }

    @Test("features that grow with the log are named as such, and call for no attention")
    func growth() async throws {
        let folder = try TemporaryFolder()
        let begin = try Self.time("2025-01-01")
        // Everybody visits each third day, from January to April, with a plan.
        let rows = (0..<34).flatMap { visit in
            (0..<20).map { "u\($0),\(begin + .days(Int64(3 * visit))),visit,basic" }
        }
        let text = (["user,time,event,plan"] + rows).joined(separator: "\n") + "\n"
        let model = try Self.modelOfLog()
        let population = try await ModelPopulation.read(
            model, log: LogSource([try folder.write(text, as: "log.csv")]), at: [], threads: 2)
        #expect(population.histories == [.grows, .grows, .independent, .values])
        let report = try await DriftReport(
            model, population, bootstrap: nil, threads: 2, observer: observer)
        let lines = Dictionary(uniqueKeysWithValues: report.inputs.map { ($0.name, $0) })
        #expect(lines["visits"]?.stability.verdict == .shifted)
        #expect(lines["week"]?.stability.index == 0 && lines["plan"]?.stability.index == 0)
        #expect(lines["plan"]?.stability.trainingMissing == 0.5)
        #expect(report.worst == nil)
        // A window that lay within the data in training, as one of 30 days did, would have counted.
        let recent = try await ModelPopulation.read(
            model, log: LogSource([try folder.write(text, as: "log.csv")]), at: [begin + .days(5)],
            threads: 2)
        #expect(recent.histories == [.grows, .grows, .grows, .values])
    }
}
