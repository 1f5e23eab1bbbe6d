import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Scores explained in process.
@Suite final class ExplanationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A model of a number, whose log-odds are −1 below 2 and 1 from there on, and of a text.
    private static func model(of source: Model.Source) throws -> ModelFile.Verified {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let steps = Term.Steps(edges: [2], values: [-1, 1])
        let model = Model(
            kind: .stumps, source: source,
            inputs: [
                Model.Input(name: "visits", isCategorical: false),
                Model.Input(name: "plan", isCategorical: true),
            ],
            intercept: 0.5,
            terms: [
                Term(input: 0, shape: .steps(steps), missing: 0.25),
                Term(
                    input: 1, shape: .levels(Term.Levels(names: ["pro"], values: [-2], other: 0.125)),
                    missing: 0),
            ],
            calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: [empty, empty], logOdds: empty),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    @Test("the contributions of a row are those of its values, and add up to the score")
    func row() async throws {
        let model = try Self.model(of: .table(target: "left", positive: "yes"))
        let text = "id,visits,plan\na,5,pro\nb,,\nc,1,basic\n"
        var source = TableSource(try folder.write(text, as: "table.csv"))
        source.id = "id"
        let a = try await Explanation.read(model, row: "a", of: source)
        #expect(a.id == "a" && a.time == nil && a.isInPopulation && a.hash == model.hash)
        #expect(a.intercept == 0.5 && a.score.logOdds == 0.5 + 1 - 2)
        #expect(a.contributions.map(\.name) == ["visits", "plan"])
        #expect(a.contributions.map(\.logOdds) == [1, -2])
        #expect(a.contributions.map(\.values) == [[.number(5)], [.text("pro")]])
        #expect(a.reasons.count == 2 && a.raisingReasons.count == 1)
        #expect(a.document["terms"]?.array?.first?["value"]?.double == 5)
        let b = try await Explanation.read(model, row: "b", of: source)
        #expect(b.contributions.map(\.values) == [[.missing], [.missing]] && b.score.logOdds == 0.75)
        let c = try await Explanation.read(model, row: "c", of: source)
        #expect(c.contributions.map(\.values) == [[.number(1)], [.text("basic")]])
        #expect(c.contributions.map(\.logOdds) == [-1, 0.125])
        let other = source
        await #expect(throws: InputError.self) { try await Explanation.read(model, row: "d", of: other) }
    }

    @Test("a user of a log is explained at any time, and so is the change between two")
    func user() throws {
        let set = FeatureSet(features: [
            Feature(name: "visits", kind: .count, window: .days(7)),
            Feature(name: "plan", kind: .lastCategory, property: "plan"),
        ])
        let label = Label(kind: .inactivity, events: .any, horizon: .days(5))
        let model = try Self.model(of: .log(set, Population(activeWithin: .days(10)), label))
        let rows = """
            user,time,event,plan
            a,2025-01-01,visit,pro
            a,2025-01-03,visit,pro
            b,2025-01-20,visit,basic

            """
        let log = try ModelLog(model, source: LogSource([try folder.write(rows, as: "log.csv")]))
        let user = try log.user("a")
        let time = try #require(TimeParser().parse("2025-01-05")).timestamp
        let then = try user.explanation(at: time)
        #expect(then.time == time && then.isInPopulation && then.score.logOdds == 0.5 + 1 - 2)
        #expect(then.contributions.map(\.values) == [[.number(2)], [.text("pro")]])
        let now = try user.explanation()
        #expect(now.time == log.dataUntil && !now.isInPopulation && now.score.logOdds == 0.5 - 1 - 2)
        let change = user.change(between: time...log.dataUntil)
        #expect(change.before == then.score && change.after == now.score && change.change == -2)
        #expect(throws: InputError.self) { try log.user("c") }
    }
}
