import Foundation
import LimpetTestSupport

/// The Python of `scripts/setup --engines`, and the scripts that run in it.
enum ExternalEngines {
    /// The environment variables that make `limpet` use that Python.
    static let environment = ["LIMPET_PYTHON": Project.enginePython]

    /// Where the Python keeps its packages.
    private static let packages: URL? = {
        let folder = Project.root.appending(path: "out/engines/lib")
        let versions = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return versions?.first { $0.hasPrefix("python") }.map {
            folder.appending(path: "\($0)/site-packages")
        }
    }()

    /// Returns true if all modules are installed; prints a message when one is not.
    static func has(module names: String...) -> Bool {
        for name in names {
            let path = packages?.appending(path: name).path ?? ""
            guard FileManager.default.fileExists(atPath: path) else {
                print("SKIPPED: \(name) is not there; scripts/setup --engines installs it")
                return false
            }
        }
        return true
    }

    /// Runs a script of `scripts/engines` and expects it to end well.
    static func run(script name: String, _ arguments: [String]) async throws {
        try await ChildProcess.succeed(
            [Project.enginePython, Project.path("scripts/engines/\(name)")] + arguments)
    }
}
