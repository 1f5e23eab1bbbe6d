import Foundation
import LimpetTestSupport
import Testing

/// Tables and logs as people's programs write them, read back cell by cell.
@Suite struct ForeignFileTests {
    /// The number of new tables and logs, from the environment variable `LIMPET_FOREIGN_FILES`.
    private static let count =
        ProcessInfo.processInfo.environment["LIMPET_FOREIGN_FILES"].flatMap(Int.init) ?? 30

    @Test(
        "random tables and logs are read as they were written, the same ones and new ones",
        arguments: [(seed: 1, count: 30), (Int.random(in: 1_000...1_000_000_000), count)])
    func readAsWritten(seed: Int, count: Int) async throws {
        let folder = try TemporaryFolder()
        print("foreign files from seed \(seed)")
        try await ExternalEngines.run(
            script: "foreign_files.py",
            [Project.limpet, folder.path, "\(seed)", "\(count)"])
    }
}
