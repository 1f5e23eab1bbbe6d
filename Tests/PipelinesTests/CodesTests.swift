import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Columns that were declared to be categories, and hold numbers.
@Suite final class CodesTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func source(_ codes: [String]) throws -> TableSource {
        let rows = codes.enumerated().map { "\($1),\($0 * 7 % 11 < 2 + $0 % 4 * 2 ? "yes" : "no")" }
        var source = TableSource(
            try folder.write("code,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv"),
            observer: observer)
        (source.target, source.positive, source.categorical) = ("left", "yes", ["code"])
        return source
    }

    private func levels(_ codes: [String]) async throws -> (
        input: Model.Input, names: [String], codes: [Int32]
    ) {
        let data = try await TrainingInput.read(try source(codes), threads: 2).data
        guard case .levels(let names, let codes) = data.columns[0] else {
            Issue.record("a declared category is one")
            return (data.inputs[0], [], [])
        }
        return (data.inputs[0], names, codes)
    }

    @Test("equal numbers are one level, and a missing one stays missing")
    func equalNumbers() async throws {
        let found = try await levels(["1.0", "2", "", "1", "2.50", "2.5", "+2.0"])
        #expect(found.input.codes == .exact && found.names == ["1", "2", "2.5"])
        #expect(found.codes == [0, 1, -1, 0, 2, 2, 1])
    }

    @Test("one text that is no plain decimal makes texts of all", arguments: ["01", "K1A", "1e3"])
    func texts(odd: String) async throws {
        let found = try await levels(["1.0", "1", odd])
        #expect(found.input.codes == nil && found.names == ["1.0", "1", odd])
    }

    @Test("a model of codes gives one score to all spellings of a number, read from a table or by code")
    func scores() async throws {
        let codes = (0..<600).map { ["1.0", "2.0", "3.0", "4"][$0 % 4] }
        let input = try await TrainingInput.read(try source(codes), threads: 2)
        var settings = TrainingSettings(kind: .logistic)
        (settings.folds, settings.logistic.penalty) = (0, 1)
        let trained = try await ModelTrainer(settings).train(input.data, source: input.source)
        let verified = try ModelFile.decode(ModelFile.encode(trained.model).bytes)
        let model = verified.scorer.model
        #expect(model == trained.model && model.format == 3 && model.inputs[0].codes == .exact)
        let spellings = [["1", "1.0", "01", "+1"], ["2", "2.00"], ["9", "7"], ["x"], ["4", "4.0"]]
        let population = try await ModelPopulation.read(
            verified, table: try source(spellings.flatMap { $0 }), threads: 2)
        let scores = try population.scores(verified.scorer).map(\.logOdds)
        let flat = FlatScorer(verified.scorer)
        var row = 0
        for group in spellings {
            for text in group {
                #expect(scores[row] == scores[row - (group.firstIndex(of: text) ?? 0)], "\(text)")
                #expect(flat.score([flat.code(of: text, input: 0)].span).logOdds == scores[row], "\(text)")
                row += 1
            }
        }
        #expect(Set(scores).count == 4)
        let path = folder.file("scores.csv")
        let output = try ScoreOutput(path: path)
        _ = try await BatchScoring(verified, table: TableSource(try source(spellings.flatMap { $0 }).file))
            .run(to: output)
        try output.finish()
        let written = try folder.text(path).split(separator: "\n").dropFirst().map {
            Double($0.split(separator: ",", omittingEmptySubsequences: false)[2])
        }
        #expect(written == scores)
    }

    @Test("texts of events stay what they are byte by byte")
    func events() async throws {
        let rows = """
            user,time,event,plan
            a,2025-01-01T00:00:00Z,visit,1
            b,2025-01-01T00:00:00Z,visit,1.0
            """
        let log = LogSource([try folder.write(rows, as: "log.csv")])
        let set = FeatureSet(features: [
            Feature(name: "plan", kind: .lastCategory, property: "plan")
        ])
        let time = try #require(TimeParser().parse("2025-01-02")).timestamp
        let table = try await LogExtraction(
            log, snapshots: SnapshotSettings(times: [time]), features: .set(set), threads: 2
        ).run().table
        #expect(Set(table.keys[0]) == [TextKey("1").rawValue, TextKey("1.0").rawValue])
    }
}
