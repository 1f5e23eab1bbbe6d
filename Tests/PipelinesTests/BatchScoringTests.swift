import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Scoring in process, as a program that embeds the pipelines calls it.
@Suite struct BatchScoringTests {
    private static let rows = 5_000

    /// A model of a table with two numbers and a category, and rows with missing values and unseen levels.
    private static func model() throws -> ModelFile.Verified {
        let terms = [
            Term(
                input: 0,
                shape: .steps(Term.Steps(edges: [0, 2, 5], values: [-0.7, -0.1, 0.4, 0.9])), missing: 0.2),
            Term(
                input: 1, shape: .line(Term.Line(transform: .signedLog, coefficient: 0.3, offset: -0.1)),
                missing: 0),
            Term(
                input: 2,
                shape: .levels(Term.Levels(names: ["basic", "pro"], values: [0.3, -0.4], other: 0.1)),
                missing: -0.2),
        ]
        let inputs = [("visits", false), ("amount", false), ("plan", true)].map {
            Model.Input(name: $0, isCategorical: $1)
        }
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let model = Model(
            kind: .blend, source: .table(target: "left", positive: "yes"), inputs: inputs, intercept: -1,
            terms: terms, calibrator: .platt(slope: 1.1, intercept: 0.05),
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: inputs.map { _ in empty }, logOdds: empty),
            evaluation: .null, provenance: .null)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    private static func table() -> [[String]] {
        var random = TestRandom(seed: 11)
        return (0..<rows).map { row in
            [
                "u\(row)", random.pick(["", "-1", "0", "1.5", "2", "4", "7", "1e3"]),
                random.pick(["", "0", "12.25", "-3"]), random.pick(["", "basic", "pro", "gold", "a,b"]),
            ]
        }
    }

    private static func csv(_ rows: [[String]]) -> String {
        let lines = rows.map { $0.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") }
        return (["id,visits,amount,plan"] + lines).joined(separator: "\n") + "\n"
    }

    private static func vector(_ row: [String]) -> FeatureVector {
        var vector = FeatureVector(count: 3)
        vector.numbers[0] = Double(row[1]) ?? .nan
        vector.numbers[1] = Double(row[2]) ?? .nan
        vector.categories[2] = TextKey(row[3])
        return vector
    }

    @Test("each row of a table gets the score and the reasons of the reference, to the bit")
    func table() async throws {
        let folder = try TemporaryFolder()
        let verified = try Self.model()
        let rows = Self.table()
        var source = TableSource(try folder.write(Self.csv(rows), as: "table.csv"))
        source.id = "id"
        let path = folder.file("scores.csv")
        let output = try ScoreOutput(path: path)
        let summary = try await BatchScoring(verified, table: source).run(to: output)
        try output.finish()
        #expect(summary.rows == rows.count && summary.hash == verified.hash)
        let lines = try folder.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == rows.count + 2)
        #expect(lines[0] == "id,probability,log_odds,reason_1,reason_2,reason_3")
        for (row, line) in zip(rows, lines.dropFirst()) {
            let vector = Self.vector(row)
            let score = verified.scorer.score(vector)
            let reasons = verified.scorer.reasons(vector, count: 3) { key in
                row[3] == "" || TextKey(row[3]) != key ? nil : row[3]
            }
            let sentences = (0..<3).map { $0 < reasons.count ? CSV.field(reasons[$0].sentence) : "" }
            let fields = [row[0], "\(score.probability)", "\(score.logOdds)"] + sentences
            #expect(line == fields.joined(separator: ","))
        }
    }

    @Test("without reasons, and by any number of threads, the scores are the same")
    func withoutReasons() async throws {
        let folder = try TemporaryFolder()
        let verified = try Self.model()
        let file = try folder.write(Self.csv(Self.table()), as: "table.csv")
        var texts: [String] = []
        for (threads, reasons) in [(1, 0), (2, 0), (2, 3)] {
            let path = folder.file("scores\(threads)\(reasons).csv")
            let columns: Set<ScoreLines.Column> = [.id, .probability, .logOdds, .reasons]
            let lines = ScoreLines(
                form: .csv, columns: columns, hasTimes: false, reasonCount: reasons, threshold: nil)
            let output = try ScoreOutput(path: path)
            _ = try await BatchScoring(
                verified, table: TableSource(file), lines: lines, threads: threads
            ).run(to: output)
            try output.finish()
            // Without the reasons, which stand last.
            texts.append(
                try folder.text(path).split(separator: "\n").map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).prefix(3).joined(
                        separator: ",")
                }.joined(separator: "\n"))
        }
        #expect(texts[0] == texts[1] && texts[0] == texts[2])
        // Rows without an id column are numbered from 1.
        #expect(texts[0].split(separator: "\n").dropFirst().first?.hasPrefix("1,") == true)
    }

    @Test("an id that occurs twice is refused with both lines")
    func repeatedID() async throws {
        let folder = try TemporaryFolder()
        var rows = Self.table()
        rows[40][0] = "u7"
        var source = TableSource(try folder.write(Self.csv(rows), as: "table.csv"))
        source.id = "id"
        let output = try ScoreOutput(path: folder.file("scores.csv"))
        do {
            _ = try await BatchScoring(try Self.model(), table: source).run(to: output)
            Issue.record("the id should have been refused")
        } catch let error as InputError {
            #expect(error.place.line == 42 && error.problem.hasPrefix("the id stands in line 9 too"))
        }
        #expect(!folder.names.contains("scores.csv"))
    }

    @Test("a log cannot be scored with a model of a table")
    func wrongSource() throws {
        #expect(throws: RequestError.self) {
            try BatchScoring(try Self.model(), log: LogSource(["log.csv"]))
        }
    }

    @Test("an observer hears of stages and of rows that are left out")
    func observer() async throws {
        let folder = try TemporaryFolder()
        let listener = RecordingObserver()
        let text = "user,time,event\na,2025-01-01,visit\nb,never,visit\n"
        let source = LogSource(
            [try folder.write(text, as: "log.csv")], rows: RowSettings(maximumBadRows: 1), observer: listener)
        let log = try source.read()
        #expect(log.count == 1)
        #expect(listener.stages == ["reading"])
        let notes = listener.notes
        #expect(notes.count == 2 && notes[0].hasPrefix("bad row: ") && notes[1] == "1 bad rows were left out")
    }
}
