import Foundation
import LimpetTestSupport
import Testing

/// A package elsewhere that embeds the scorer: with `traits: []` it resolves nothing but Limpet itself.
@Suite struct EmbeddingTests {
    @Test("an outside package with no traits resolves no dependency, builds, and prints a score")
    func outsidePackage() throws {
        let sample = CommandLineTool.root.appendingPathComponent("Tests/Samples/Embed").path
        // A folder that stays, so that the second build is a short one.
        let scratch = CommandLineTool.root.appendingPathComponent("out/sample-build").path
        // The time of processors, as other tests run beside the build.
        let build = try CommandLineTool.run(
            [
                "-c", "TIMEFORMAT='%U %S'; time swift build --package-path \"$0\" --scratch-path \"$1\" 2>&1",
                sample, scratch,
            ],
            program: URL(fileURLWithPath: "/bin/bash"), environment: ["LC_ALL": "C"])
        try #require(build.status == 0, "\(build.output) \(build.errors)")
        let seconds = build.errors.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        try #require(seconds.count == 2, "\(build.errors)")
        print("the outside package took \(seconds[0] + seconds[1]) s of processors to build")
        #expect(seconds[0] + seconds[1] < 180)
        let checkouts = scratch + "/checkouts"
        #expect(((try? FileManager.default.contentsOfDirectory(atPath: checkouts)) ?? []).isEmpty)
        let model = CommandLineTool.root.appendingPathComponent("models/cancellation.json").path
        let run = try CommandLineTool.run([model], program: URL(fileURLWithPath: scratch + "/debug/Embed"))
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        let probability = try #require(Double(lines.first?.split(separator: " ").last ?? ""))
        #expect(probability > 0 && probability < 1)
        // Three reasons, then what changed.
        #expect(lines.count >= 5 && lines[1].hasPrefix("  ") && run.output.contains("since a week ago"))
    }
}
