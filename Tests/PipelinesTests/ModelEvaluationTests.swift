import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Models evaluated and recalibrated in process.
@Suite final class ModelEvaluationTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    /// A model of one number, whose log-odds are −1 below 2 and 1 from there on.
    private static func model(of source: Model.Source, input: String) throws -> ModelFile.Verified {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let steps = Term.Steps(edges: [2], values: [-1, 1])
        let model = Model(
            kind: .stumps, source: source, inputs: [Model.Input(name: input, isCategorical: false)],
            intercept: 0, terms: [Term(input: 0, shape: .steps(steps), missing: 0)], calibrator: .none,
            training: TrainingSummary(rows: 0, users: 0, positives: 0, inputs: [empty], logOdds: empty),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private static let ofTable = Model.Source.table(target: "left", positive: "yes")

    private func evaluation(
        _ model: ModelFile.Verified, threshold: Double? = nil, bootstrap: Bootstrap? = nil
    ) -> ModelEvaluation {
        let decision = UsedDecision(
            MetricSettings(), threshold: threshold, valuePlace: nil, model: model.scorer.model)
        return ModelEvaluation(model, decision: decision, bootstrap: bootstrap, threads: 2)
    }

    private func table(_ rows: [(score: Int, left: Bool)]) throws -> TableSource {
        let lines = rows.map { "\($0.score),\($0.left ? "yes" : "no")" }
        let path = try folder.write((["visits,left"] + lines).joined(separator: "\n") + "\n", as: "table.csv")
        return TableSource(path, observer: observer)
    }

    @Test("rows of a table are evaluated by the model's target, and by the threshold")
    func table() async throws {
        let model = try Self.model(of: Self.ofTable, input: "visits")
        // Of ten high scores eight are of leavers, of ten low ones two.
        let source = try table((0..<20).map { ($0 < 10 ? 5 : 1, $0 < 8 || $0 >= 18) })
        let report = try await evaluation(model, threshold: 0.5).run(source)
        #expect(report.hash == model.hash && report.unlabelled == 0 && report.segmentations.isEmpty)
        #expect(report.overall.rows == 20 && report.overall.positives == 10)
        #expect(abs(try #require(report.overall.auc) - 0.8) < 1e-12)
        #expect(report.overall.intervals == nil)
        let contacts = try #require(report.decisionEvaluation.contacts)
        // A leaver brings 0.3 · (200 − 10) − 1, another costs 11; all ten high scores are contacted.
        #expect(abs(contacts.mean.value - (8 * 56.0 - 2 * 11) / 20) < 1e-9)
        #expect(contacts.fraction.value == 0.5)
        // The low scores bring 2 · 56 − 8 · 11 more, so that contacting everybody would have been best.
        #expect(report.decisionEvaluation.best?.fraction == 1)
        let most = try #require(report.decisionEvaluation.best?.mean)
        #expect(abs(most - 22.5) < 1e-9)
        #expect(report.document["decision"]?["from"] == .string("flag"))
        #expect(observer.stages == ["reading", "drawing users"])
    }

    @Test("without a request a model is evaluated by the threshold, the costs and the values that it ships")
    func shipped() async throws {
        let plain = try Self.model(of: Self.ofTable, input: "visits")
        #expect(UsedDecision(plain.scorer.model).metrics.threshold == nil)
        var model = plain.scorer.model
        model.decision = Model.Decision(
            threshold: 0.5, value: 80, successProbability: 0.2, offerCost: 5, contactCost: 0.5,
            valueInput: "visits")
        let decision = UsedDecision(model)
        #expect(decision.origin == .model && decision.valuePlace == 0 && !decision.hasOtherCosts)
        let costs = Profit(value: 80, successProbability: 0.2, offerCost: 5, contactCost: 0.5)
        #expect(decision.metrics.profit == costs && decision.metrics.expectedMaximumProfit.value == 80)
        let shipped = try ModelFile.decode(ModelFile.encode(model).bytes)
        let source = try table((0..<20).map { ($0 < 10 ? 50 : 1, $0 < 8 || $0 >= 18) })
        let report = try await ModelEvaluation(shipped).run(source)
        let explicit = try await ModelEvaluation(
            shipped,
            decision: UsedDecision(MetricSettings(profit: costs), valuePlace: 0, model: model)
        ).run(source)
        #expect(report.decisionEvaluation.contacts?.fraction.value == 0.5)
        #expect(report.document == explicit.document)
        // The same rows as a population, with all that has a default.
        let rows = try await ModelPopulation.read(shipped, table: source)
        let drift = try await DriftReport(shipped, rows)
        #expect(drift.rows == 20 && drift.realised?.auc == report.overall.auc && drift.hash == shipped.hash)
    }

    @Test("a weight is that many rows: 0 leaves a row out, and 2 is two of them")
    func weights() async throws {
        let model = try Self.model(of: Self.ofTable, input: "visits")
        let rows = (0..<60).map { (score: $0 % 3 == 0 ? 5 : 1, left: $0 % 5 < 2, weight: $0 % 3) }
        let lines = rows.map { "\($0.score),\($0.left ? "yes" : "no"),\($0.weight)" }
        let path = try folder.write("visits,left,w\n" + lines.joined(separator: "\n"), as: "weighted.csv")
        var weighted = TableSource(path)
        weighted.weight = "w"
        let copies = try table(rows.flatMap { Array(repeating: ($0.score, $0.left), count: $0.weight) })
        let expected = try await evaluation(model).run(copies).overall
        let found = try await evaluation(model).run(weighted).overall
        for metric in ReportMetric.allCases {
            guard let right = expected[metric] else { continue }
            #expect(abs(try #require(found[metric]) - right) < 1e-12, "\(metric)")
        }
        // Without the weights the rows say something else.
        weighted.weight = nil
        let plain = try await evaluation(model).run(weighted).overall
        #expect(abs(try #require(plain[.logLoss]) - (try #require(expected[.logLoss]))) > 1e-3)
    }

    @Test("a model of logs is not evaluated on a table, nor one of a table on a log")
    func otherSource() async throws {
        let set = FeatureSet(features: [Feature(name: "visits", kind: .count)])
        let label = Label(kind: .inactivity, events: .any, horizon: .days(5))
        let ofLog = try Self.model(of: .log(set, Population(), label), input: "visits")
        let source = try table([(1, true), (5, false)])
        let onTable = evaluation(ofLog)
        await #expect(
            throws: RequestError("the model is of event logs; give --events FILE instead of --table")
        ) {
            try await onTable.run(source)
        }
        let onLog = evaluation(try Self.model(of: Self.ofTable, input: "visits"))
        await #expect(throws: RequestError.self) { try await onLog.run(LogSource(["log.csv"])) }
    }

    @Test("snapshots of a log are evaluated on the labels that are known, also on another label")
    func log() async throws {
        let set = FeatureSet(features: [Feature(name: "visits", kind: .count)])
        let label = Label(kind: .inactivity, events: .any, horizon: .days(5))
        let model = try Self.model(of: .log(set, Population(), label), input: "visits")
        let rows = """
            user,time,event
            a,2025-01-01,visit
            a,2025-01-02,visit
            b,2025-01-03,visit
            b,2025-01-11,visit
            c,2025-01-04,visit
            c,2025-01-20,buy

            """
        let source = LogSource([try folder.write(rows, as: "log.csv")], observer: observer)
        let times = try ["2025-01-10", "2025-01-18"].map { try #require(TimeParser().parse($0)).timestamp }
        let snapshots = SnapshotSettings(times: times)
        let report = try await evaluation(model).run(source, snapshots: snapshots)
        // The label of 18 January is not known when the log ends on the 20th.
        #expect(report.overall.rows == 3 && report.unlabelled == 3 && report.overall.positives == 2)
        #expect(report.overall.users == 3 && report.decisionEvaluation.contacts == nil)
        // Of the leavers a has the high score, and c the low one, as b has who stays.
        #expect(report.overall.auc == 0.75)
        let shorter = Label(kind: .event, events: EventPattern(names: ["buy"]), horizon: .days(3))
        let other = try await evaluation(model).run(source, otherLabel: shorter, snapshots: snapshots)
        #expect(other.overall.rows == 6 && other.overall.positives == 1 && other.unlabelled == 0)
        let never = Label(kind: .event, events: EventPattern(names: ["bye"]), horizon: .days(3))
        let misspelt = evaluation(model)
        await #expect(throws: UnknownEventError.self) {
            try await misspelt.run(source, otherLabel: never, snapshots: snapshots)
        }
        let late = evaluation(model)
        await #expect(throws: InputError.self) {
            try await late.run(source, snapshots: SnapshotSettings(times: [times[1]]))
        }
    }

    @Test("after a recalibration as many are expected as happened, and the order of rows stays")
    func recalibration() async throws {
        let model = try Self.model(of: Self.ofTable, input: "visits")
        // Of 400 low scores a tenth leave, of 400 high ones half; the model says 27 and 73 %.
        let rows = (0..<800).map { row in (row < 400 ? 1 : 5, row < 400 ? row % 10 == 0 : row % 2 == 0) }
        let source = try table(rows)
        let population = try await ModelPopulation.read(model, table: source, threads: 2)
        let result = try await RecalibratedModel(
            model, population, file: source.file, bootstrap: nil, threads: 2, observer: observer)
        let ratio = try #require(result.before.observedToExpected)
        #expect(abs(ratio - 240 / (400 * (1 / (1 + 2.718281828459045) + 0.7310585786300049))) < 1e-9)
        #expect(abs(try #require(result.after.observedToExpected) - 1) < 1e-6)
        #expect(result.before.auc == result.after.auc && result.parent == model.hash)
        let entry = try #require(result.model.provenance["recalibrations"]?.array?.last)
        #expect(entry["parent"] == .string(model.hash) && entry["rows"]?.double == 800)
        #expect(entry["positives"]?.double == 240)
        #expect(result.model.terms == model.scorer.model.terms)
        // What is written is read again.
        #expect(throws: Never.self) { try ModelFile.decode(ModelFile.encode(result.model).bytes) }
        let few = try await ModelPopulation.read(
            model, table: try table([(1, true), (5, false)]), threads: 1)
        await #expect(throws: InputError.self) {
            try await RecalibratedModel(
                model, few, file: "few.csv", bootstrap: nil, threads: 1, observer: SilentObserver())
        }
    }
}
