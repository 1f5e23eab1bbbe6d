import Foundation
import LimpetTestSupport

/// Programs that scores are compared with: a C compiler, and the Python of `scripts/setup --engines`.
enum ExternalEngines {
    /// The project's root, found from this file.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let python = root.appendingPathComponent("out/engines/bin/python").path

    /// The scripts that make and score rows.
    static func script(_ name: String) -> String {
        root.appendingPathComponent("scripts/engines/\(name)").path
    }

    /// Whether a module is there for Python; says aloud when it is not.
    static func has(module: String) -> Bool {
        let isThere = (try? run(python, ["-c", "import \(module)"]).status) == 0
        if !isThere { print("SKIPPED: \(module) is not there; scripts/setup --engines installs it") }
        return isThere
    }

    /// The C compilers that are there; says aloud when there is none.
    static let compilers: [String] = {
        let found = ["cc", "clang"].filter { (try? run("/usr/bin/env", [$0, "--version"]).status) == 0 }
        if found.isEmpty { print("SKIPPED: there is no C compiler") }
        return found
    }()

    struct Result {
        var status: Int32
        var output: String
    }

    /// Runs a program to its end; standard error is part of the output.
    static func run(_ program: String, _ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.standardInput = FileHandle.nullDevice
        let folder = try TemporaryFolder()
        let output = try folder.write("", as: "output")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        (process.standardOutput, process.standardError) = (handle, handle)
        try process.run()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: try folder.text(output))
    }
}
