import Foundation
import LimpetTestSupport
import Testing

/// Ctrl-C during a training.
@Suite(.serialized, .timeLimit(.minutes(30))) final class StopTests {
    private let folder: TemporaryFolder
    private let table: String
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        var uniforms = Uniforms(seed: 4)
        var lines = ["id,a,b,c,left"]
        for row in 0..<20_000 {
            let (a, b, c) = (uniforms.normal(), uniforms.normal(), uniforms.normal())
            let left = uniforms.next() < 1 / (1 + exp(1 - a + b * b / 2))
            lines.append("\(row),\(a),\(b),\(c),\(left ? 1 : 0)")
        }
        table = try folder.write(lines.joined(separator: "\n") + "\n", as: "table.csv")
        model = folder.file("model.json")
    }

    /// A training that would take minutes, stopped by the given number of signals, each after the one before
    /// was handled.
    private func train(signals: Int, _ more: [String] = []) async throws -> ChildProcess.Result {
        let (output, errors) = (try folder.write("", as: "output"), try folder.write("", as: "errors"))
        let process = try ChildProcess(
            Project.limpet,
            [
                "train", "--table", table, "--target", "left", "--positive", "1", "--id", "id", "--rounds",
                "100000", "--no-early-stopping", "--boosting", "plain", "--format", "json", "--output", model,
            ] + more, output: FileHandle(forWritingTo: URL(filePath: output)),
            errors: FileHandle(forWritingTo: URL(filePath: errors)))
        // By then it reads no more, however busy the machine is.
        await process.wait { process.processorTime > .seconds(2) }
        process.send(SIGINT)
        for _ in 1..<signals {
            await process.wait {
                (try? String(contentsOfFile: errors, encoding: .utf8))?.contains("stopping") == true
            }
            process.send(SIGINT)
        }
        // A process that goes on for that much work has not handled the signal.
        await process.wait { process.processorTime > .seconds(120) }
        if process.isRunning {
            process.send(SIGTERM)
            Issue.record("the training did not stop")
        }
        return ChildProcess.Result(
            status: await process.end(), output: try folder.text(output), errors: try folder.text(errors))
    }

    @Test("one Ctrl-C ends with a whole model, and with 130")
    func once() async throws {
        let result = try await train(signals: 1)
        #expect(result.status == 130)
        #expect(result.errors.contains("stopping at the best model so far"))
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["stoppedDuring"] as? String == "estimate")
        #expect(try #require(report["trainAuc"] as? Double) > 0.6)
        let scored = try await CommandLineTool.run([
            "score", "--model", model, "--table", table, "--output", folder.file("scores.csv"),
        ])
        #expect(scored.status == 0, "\(scored.errors)")
    }

    @Test("a second one ends at once, without a model, whole or partial")
    func twice() async throws {
        // Bags make the fit that follows the first signal a long one.
        let result = try await train(signals: 2, ["--bags", "500"])
        #expect(result.status == 130)
        #expect(result.output.isEmpty)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.file(""))
        #expect(!left.contains { $0.hasPrefix("model.json") })
    }
}
