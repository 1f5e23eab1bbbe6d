import Foundation
import LimpetTestSupport
import Testing

/// A package elsewhere that embeds the scorer: with `traits: []` it resolves nothing but Limpet itself.
@Suite struct EmbeddingTests {
    @Test("an outside package with no traits resolves no dependency, builds, and prints a score")
    func outsidePackage() throws {
        let folder = try TemporaryFolder()
        let sources = folder.file("Sources/app")
        try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: true)
        _ = try folder.write(
            """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "app",
                dependencies: [.package(name: "limpet", path: "\(CommandLineTool.root.path)", traits: [])],
                targets: [
                    .executableTarget(
                        name: "app", dependencies: [.product(name: "LimpetScoring", package: "limpet")])
                ])
            """, as: "Package.swift")
        _ = try folder.write(
            """
            import Foundation
            import LimpetFeatures
            import LimpetScoring

            let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
            let verified = try ModelFile.decode(Array(bytes))
            let inputs = verified.scorer.model.inputs.count
            print(verified.scorer.score(FeatureVector(count: inputs)).probability)
            """, as: "Sources/app/main.swift")
        let swift = URL(fileURLWithPath: "/usr/bin/env")
        let start = ContinuousClock.now
        let build = try CommandLineTool.run(
            ["swift", "build", "--package-path", folder.path, "--scratch-path", folder.file("build")],
            program: swift)
        try #require(build.status == 0, "\(build.output) \(build.errors)")
        let duration = start.duration(to: .now)
        print("the outside package built in \(duration)")
        #expect(duration < .seconds(180))
        let checkouts = folder.file("build/checkouts")
        #expect(((try? FileManager.default.contentsOfDirectory(atPath: checkouts)) ?? []).isEmpty)
        let model = CommandLineTool.root.appendingPathComponent("models/cancellation.json").path
        let run = try CommandLineTool.run(
            [model], program: URL(fileURLWithPath: folder.file("build/debug/app")))
        let probability = try #require(Double(run.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(probability > 0 && probability < 1)
    }
}
