import Foundation

/// The built `limpet`, run as a person or a script would.
package enum CommandLineTool {
    /// Runs `limpet` to its end and collects what it prints.
    package static func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> ChildProcess.Result {
        try await ChildProcess.run(Project.limpet, arguments, input: input, environment: environment)
    }

    /// Runs `limpet` and expects it to end well; its report.
    package static func json(_ arguments: [String]) async throws -> [String: Any] {
        let result = try await run(arguments + ["--format", "json"])
        guard result.isGood,
            let document = try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        else {
            let command = arguments.joined(separator: " ")
            throw ChildProcess.Failure(
                description: "\(command): \(result.status): \(result.errors)\(result.output)")
        }
        return document
    }
}
