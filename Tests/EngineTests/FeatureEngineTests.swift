import LimpetDocuments
import LimpetFeatures
import LimpetFiles
import LimpetTestSupport
import Testing

/// `limpet features check` with the engines that teams run the same definitions on.
@Suite struct FeatureEngineTests {
    @Test("PostgreSQL agrees on every kind")
    func postgres() async throws {
        try await PostgresServer.run { try await compare("postgres", $0) }
    }

    @Test("engines outside agree on every kind", arguments: ["duckdb", "spark"])
    func engines(name: String) async throws {
        guard ExternalEngines.has(module: name == "spark" ? "pyspark" : name) else { return }
        try await compare(name, ExternalEngines.environment)
    }

    private func compare(_ name: String, _ environment: [String: String]) async throws {
        let folder = try TemporaryFolder()
        let features = RandomHistories.engineSet
        let flags = try RandomHistories.write(to: folder, users: 60, features: features.document.yaml)
        let result = try await CommandLineTool.run(
            ["features", "check"] + flags + ["--sql", name, "--format", "json"], environment: environment)
        try #require(!result.output.isEmpty, "\(result.errors.suffix(2_000))")
        let report = try JSONReader.read(Array(result.output.utf8)[...])
        let part = try #require(report["parts"]?.array?.last, "\(result.errors)")
        #expect(part["name"]?.text == "batch and \(name)")
        #expect(part["differences"]?.integer == 0, "\(part.compact)")
        #expect(part["compared"]?.integer ?? 0 > 50 * 5 * features.features.count)
        #expect(result.isGood)
    }
}
