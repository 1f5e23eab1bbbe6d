import Foundation
import LimpetTestSupport
import Testing

/// Ctrl-C during a training.
@Suite(.serialized) final class StopTests {
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

    /// A training that would take minutes, stopped by so many signals, each after the one before was heard.
    ///
    /// Nothing here is a sleep of the task: whoever runs other tests may give it back its thread seconds later,
    /// when the training is long done.
    private func train(
        signals: Int, _ more: [String] = []
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = CommandLineTool.executable
        process.arguments =
            [
                "train", "--table", table, "--target", "left", "--positive", "1", "--id", "id", "--rounds",
                "100000", "--no-early-stopping", "--boosting", "plain", "--format", "json", "--output", model,
            ] + more
        let (output, errors) = (folder.file("output"), folder.file("errors"))
        for path in [output, errors] { FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // By then it reads no more, however busy the machine is.
        poll(process) { processorSeconds(of: process) > 2 }
        process.interrupt()
        for _ in 1..<signals {
            poll(process) {
                (try? String(contentsOfFile: errors, encoding: .utf8))?.contains("stopping") == true
            }
            process.interrupt()
        }
        poll(process) { false }
        if process.isRunning {
            process.terminate()
            Issue.record("the training did not stop")
        }
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8),
            try String(contentsOfFile: errors, encoding: .utf8)
        )
    }

    /// Waits until something holds or the process has ended, for two minutes at most.
    private func poll(_ process: Process, until holds: () -> Bool) {
        let end = ContinuousClock.now + .seconds(120)
        while process.isRunning, !holds(), ContinuousClock.now < end { usleep(2_000) }
    }

    /// The time that the processors spent on a process, from `proc_pid_stat(5)`.
    private func processorSeconds(of process: Process) -> Double {
        let path = "/proc/\(process.processIdentifier)/stat"
        guard let stat = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
        // The second field is the name in parentheses; user and system time are the 14th and 15th.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            return 0
        }
        return (user + system) / Double(sysconf(CInt(_SC_CLK_TCK)))
    }

    @Test("one Ctrl-C ends with a whole model, and with 130")
    func once() throws {
        let result = try train(signals: 1)
        #expect(result.status == 130)
        #expect(result.errors.contains("stopping at the best model so far"))
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["stoppedDuring"] as? String == "estimate")
        #expect(try #require(report["trainAuc"] as? Double) > 0.6)
        let scored = try CommandLineTool.run([
            "score", "--model", model, "--table", table, "--output", folder.file("scores.csv"),
        ])
        #expect(scored.status == 0, "\(scored.errors)")
    }

    @Test("a second one ends at once, without a model or parts of one")
    func twice() throws {
        // Bags make the fit that follows the first signal a long one.
        let result = try train(signals: 2, ["--bags", "500"])
        #expect(result.status == 130)
        #expect(result.output.isEmpty)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.file(""))
        #expect(!left.contains { $0.hasPrefix("model.json") })
    }
}
