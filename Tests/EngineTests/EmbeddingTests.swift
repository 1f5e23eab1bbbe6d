import Foundation
import LimpetTestSupport
import Testing

/// A package elsewhere that embeds the scorer: with `traits: []` it resolves nothing but Limpet itself.
@Suite struct EmbeddingTests {
    @Test("an outside package with no traits resolves no dependency, builds, and prints a score")
    func outsidePackage() async throws {
        // A folder that stays, so that the second build is a short one.
        let scratch = Project.path("out/sample-build")
        try await ChildProcess.succeed([
            "swift", "build", "--package-path", Project.path("Tests/Samples/Embed"), "--scratch-path",
            scratch,
        ])
        let checkouts = scratch + "/checkouts"
        #expect(((try? FileManager.default.contentsOfDirectory(atPath: checkouts)) ?? []).isEmpty)
        let run = try await ChildProcess.succeed([scratch + "/debug/Embed", Project.shippedModel])
        let lines = run.output.split(separator: "\n")
        let probability = try #require(Double(lines.first?.split(separator: " ").last ?? ""))
        #expect(probability > 0 && probability < 1)
        // Three reasons, then what changed.
        #expect(lines.count >= 5 && lines[1].hasPrefix("  ") && run.output.contains("since a week ago"))
    }
}
