import LimpetCommands
import LimpetDocuments
import LimpetParallel
import LimpetTestSupport
import Testing

/// The time of a run as its report tells it, and the flags that shorten it.
@Suite final class StagesReportTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("one line has the longest stage first, and sums up those of less than a hundredth")
    func line() {
        let short = StageClock.Reading(stages: [("other", .zero), ("read", .seconds(1))], total: .seconds(1))
        #expect(StagesReport(short).text == nil && StagesReport(short).hint == nil)
        let long = StageClock.Reading(
            stages: [
                ("other", .milliseconds(30)), ("read", .milliseconds(9_000)),
                ("prepare", .milliseconds(70)), ("boost", .milliseconds(31_400)),
            ], total: .milliseconds(40_500))
        #expect(StagesReport(long).text == "Took 40.5 s: boost 31.4, read 9.0, other 0.1")
        #expect(StagesReport(long).hint?.contains("for a first look: --fast") == true)
        #expect(StagesReport(long).document["prepare"]?.double == 0.07)
    }

    private func train(_ more: [String]) async throws -> ChildProcess.Result {
        let rows = (0..<300).map { "\($0 * 37 % 101),\($0 * 37 % 101 < 40 || $0 % 7 == 0 ? 1 : 0)" }
        let table = try folder.write("x,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv")
        return try await CommandLineTool.run(
            ["train", "--table", table, "--target", "left", "--positive", "1", "--rounds", "30"] + more)
    }

    @Test("a first look has no estimate, and keeps the calibration")
    func fast() async throws {
        let result = try await train(["--fast", "--format", "json"])
        try #require(result.status == 0, "\(result.errors)")
        let report = try JSONReader.read(Array(result.output.utf8)[...])
        #expect(report["auc"] == .null && report["pooled"] == nil)
        #expect(report["calibration"]?.text == "platt")
        let stages = report["seconds"]?.members?.map(\.name) ?? []
        #expect(stages.first == "other" && stages.contains("summary") && !stages.contains("intervals"))
        // What asks for nothing that takes time goes along.
        #expect(try await train(["--fast", "--folds", "0", "--bootstrap", "0"]).status == 0)
    }

    @Test(
        "scores, evaluation and drift tell the seconds of their stages, which take no longer than the process"
    )
    func populations() async throws {
        let output = folder.file("model.json")
        try #require(try await train(["--fast", "--output", output]).status == 0)
        let flags = ["--model", output, "--table", folder.file("table.csv"), "--format", "json"]
        for (command, last) in [("score", "write"), ("evaluate", "metrics"), ("monitor", "metrics")] {
            let more =
                command == "score"
                ? ["--output", folder.file("scores.csv")]
                : ["--target", "left", "--positive", "1", "--bootstrap", "0"]
            let start = ContinuousClock.now
            let result = try await CommandLineTool.run([command] + flags + more)
            let wall = start.duration(to: .now) / .seconds(1)
            try #require(result.status == 0, "\(result.errors)")
            let text = command == "score" ? result.errors : result.output
            let stages = try #require(try JSONReader.read(Array(text.utf8)[...])["seconds"]?.members)
            #expect(stages.first?.name == "other" && stages.last?.name == last, "\(stages)")
            // The start of the process is known to a hundredth of a second.
            #expect(stages.reduce(0) { $0 + ($1.value.double ?? .nan) } < wall + 0.02)
        }
    }

    @Test(
        "a first look is refused beside what contradicts it, with the names of both flags",
        arguments: [
            ["--folds", "5"], ["--bootstrap", "200"], ["--repeats", "2"], ["--out-of-fold", "out.csv"],
        ])
    func contradiction(more: [String]) async throws {
        let result = try await train(["--fast"] + more)
        #expect(result.status == 64)
        #expect(result.errors.contains("--fast and \(more[0]) exclude each other"), "\(result.errors)")
    }

    @Test("the memory of the curvature has a name of its own")
    func memory() async throws {
        #expect(try await train(["--curvature-memory", "64MB"]).status == 0)
        let result = try await train(["--curvature-memory", "many"])
        #expect(result.status == 64 && result.errors.contains("--curvature-memory many: expected a size"))
        let predictions = try await train(["--folds", "0", "--out-of-fold", folder.file("out.csv")])
        #expect(predictions.status == 64 && predictions.errors.contains("--out-of-fold"))
    }
}
