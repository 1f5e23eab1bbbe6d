import Foundation
import LimpetTestSupport
import Testing

/// The built `limpet`, run as a person or a script would.
struct CommandLineTool {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The project's root, found from this file.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The executable beside the tests.
    static let executable = root.appendingPathComponent(".build/release/limpet")

    /// Runs a program to its end and collects what it prints.
    static func run(
        _ arguments: [String], program: URL = executable, input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let folder = try TemporaryFolder()
        let output = folder.file("output")
        let errors = folder.file("errors")
        for path in [output, errors] { FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        if let input {
            let path = try folder.write(input, as: "input")
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// Runs `limpet` and expects it to end well.
    static func json(_ arguments: [String]) throws -> [String: Any] {
        let result = try run(arguments + ["--format", "json"])
        try #require(result.status == 0, "\(arguments.first ?? ""): \(result.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(document as? [String: Any])
    }
}

/// The public data sets, where they are.
enum PublicData {
    static let folder: String = {
        let named = ProcessInfo.processInfo.environment["LIMPET_DATA"]
        return named ?? CommandLineTool.root.appendingPathComponent("../shared/data").standardized.path
    }()

    /// Whether a file is there; says aloud when it is not.
    static func has(_ file: String) -> Bool {
        if FileManager.default.fileExists(atPath: "\(folder)/\(file)") { return true }
        print("SKIPPED: \(folder)/\(file) is not there; set LIMPET_DATA to test on public data")
        return false
    }
}
