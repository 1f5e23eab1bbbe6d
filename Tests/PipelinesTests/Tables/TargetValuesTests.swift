import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// What a table's target and its header say, in process.
@Suite final class TargetValuesTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func table(_ lines: [String], positive: String = "Yes") throws -> TableSource {
        let path = try folder.write(lines.joined(separator: "\n") + "\n", as: "table.csv")
        var source = TableSource(path, observer: observer)
        (source.target, source.positive) = ("left", positive)
        return source
    }

    /// The error of reading a table to train on.
    private func error(_ source: TableSource) async -> InputError? {
        do {
            _ = try await TrainingInput.read(source, threads: 1)
            return nil
        } catch {
            return error as? InputError
        }
    }

    @Test("the values that became 1 and 0 are told with their rows")
    func told() async throws {
        let source = try table(["visits,left", "1,Yes", "2,No", "3,Unknown", "4,No", "5,Yes"])
        let target = try #require(try await TrainingInput.read(source, threads: 1).target)
        #expect(target.text == #"left: 1 is "Yes" (2 rows); 0 is "No" (2 rows), "Unknown" (1 rows)"#)
        let document = target.document
        #expect(document["one"]?["rows"] == .number(2) && document["values"] == .number(3))
        #expect(document["zero"]?.array?.map { $0["value"] } == [.string("No"), .string("Unknown")])
        // Of a share of the rows with label 0 they are those of the table.
        let few = try await TrainingInput.read(source, threads: 1).keepingZeros(0.5, seed: 1)
        #expect(few.target?.text == target.text)
    }

    @Test("of many values ten are told, and the number of the others")
    func many() async throws {
        let rows = (0..<40).map { "\($0),\($0 == 0 ? "Yes" : "v\($0 % 15)")" }
        let source = try table(["visits,left"] + rows)
        let target = try #require(try await TrainingInput.read(source, threads: 1).target)
        #expect(target.others.count == 15 && target.text.hasSuffix(", … (6 more values)"))
        #expect(target.document["zero"]?.array?.count == 9 && target.document["values"] == .number(16))
    }

    @Test(
        "a value that differs from the positive one in case, spaces or Unicode form alone is refused",
        arguments: ["yes", "YES", "Y es", "Yes\u{a0}"])
    func alike(value: String) async throws {
        let error = try #require(await error(try table(["visits,left", "1,Yes", "2,No", "3,\(value)"])))
        #expect(error.place.line == 4 && error.place.field == "left")
        #expect(error.problem.hasPrefix("found \(value.quoted), which differs from \"Yes\" of --positive"))
    }

    @Test("Unicode forms of one value are told apart by their bytes, and refused")
    func forms() async throws {
        let lines = ["visits,left", "1,perdu\u{301}", "2,non", "3,perdú"]
        let error = try #require(await error(try table(lines, positive: "perdú")))
        #expect(error.place.line == 2)
        // Where the table has one form and the flag the other, nothing is learnt by accident either.
        let other = try table(Array(lines.dropLast()), positive: "perdú")
        #expect(await self.error(other)?.place.line == 2)
    }

    @Test("evaluation and drift refuse and tell the same values")
    func otherPaths() async throws {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let model = Model(
            kind: .stumps, source: .table(target: "left", positive: "Yes"),
            inputs: [Model.Input(name: "visits", isCategorical: false)], intercept: 0,
            terms: [Term(input: 0, shape: .steps(Term.Steps(edges: [2], values: [-1, 1])), missing: 0)],
            calibrator: .none,
            training: TrainingSummary(rows: 0, users: 0, positives: 0, inputs: [empty], logOdds: empty),
            evaluation: .null, provenance: .null)
        let verified = try ModelFile.decode(ModelFile.encode(model).bytes)
        let evaluation = ModelEvaluation(
            verified,
            decision: UsedDecision(MetricSettings(), threshold: nil, valuePlace: nil, model: model),
            bootstrap: nil, threads: 1)
        var good = try table(["visits,left", "1,Yes", "2,No", "3,No"])
        (good.target, good.positive) = (nil, nil)
        let report = try await evaluation.run(good)
        #expect(report.target?.others.first?.rows == 2)
        #expect(report.document["target"]?["one"]?["value"] == .string("Yes"))
        let population = try await ModelPopulation.read(verified, table: good, threads: 1)
        let drift = try await DriftReport(
            verified, population, bootstrap: nil, threads: 1, observer: observer)
        #expect(drift.document["target"]?["one"]?["rows"] == .number(1))
        var bad = try table(["visits,left", "1,Yes", "2,No", "3,yes"])
        (bad.target, bad.positive) = (nil, nil)
        let source = bad
        await #expect(throws: InputError.self) { try await evaluation.run(source) }
        await #expect(throws: InputError.self) {
            try await ModelPopulation.read(verified, table: source, threads: 1)
        }
    }

    @Test("a delimiter at the end of each line is no input, however many there are")
    func trailing() async throws {
        let input = try await TrainingInput.read(
            try table(["visits,left,,", "1,Yes,,", "2,No,,"]), threads: 1)
        #expect(input.data.inputs.map(\.name) == ["visits"])
        #expect(observer.notes.count == 2)
        #expect(observer.notes[0].contains("column 3 has no name and no value, and is left out"))
    }

    @Test("a column without a name that has values is refused by its place, unless it is left out")
    func nameless() async throws {
        var source = try table([",visits,left", "0,1,Yes", "1,2,No"])
        let error = try #require(await error(source))
        #expect(error.place.field == "column 1" && error.place.line == 2)
        #expect(error.problem.contains(#"--drop """#))
        source.drop = [""]
        let input = try await TrainingInput.read(source, threads: 1)
        #expect(input.data.inputs.map(\.name) == ["visits"] && observer.notes.isEmpty)
    }

    @Test("a column without a name is no property of events")
    func events() throws {
        let path = try folder.write(
            "user,time,event,\na,2025-01-01,buy,\na,2025-01-02,buy,7\n", as: "log.csv")
        let log = try LogSource([path]).read()
        #expect(log.count == 2 && log.texts.isEmpty)
    }
}
