import Foundation

extension ChildProcess {
    /// The exit code and the output of a program that has ended.
    package struct Result: Sendable {
        /// The exit code, or the signal that ended it.
        package let status: Int32
        /// The text that it wrote to standard output.
        package let output: String
        /// The text that it wrote to standard error.
        package let errors: String

        /// Creates the result of a program that was started by other means.
        package init(status: Int32, output: String, errors: String) {
            (self.status, self.output, self.errors) = (status, output, errors)
        }

        /// True if the exit code is 0.
        package var isGood: Bool { status == 0 }
    }

    /// A program that was expected to end well.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs a program to its end and collects what it prints; as many at one time as there are processors.
    ///
    /// The output goes through files, so that a program never waits for its reader.
    ///
    /// - Parameter input: what the program reads; nothing where it is not given.
    package static func run(
        _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let (output, errors) = (try folder.write("", as: "output"), try folder.write("", as: "errors"))
        let text = try input.map { try folder.write($0, as: "input") }
        let status = try await ProcessGate.shared.pass {
            let process = try ChildProcess(
                program, arguments, environment: environment,
                input: text.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? .nullDevice,
                output: FileHandle(forWritingTo: URL(filePath: output)),
                errors: FileHandle(forWritingTo: URL(filePath: errors)))
            return await process.end()
        }
        return Result(status: status, output: try folder.text(output), errors: try folder.text(errors))
    }

    /// Runs a program that is found by the PATH, and expects it to end well.
    @discardableResult package static func succeed(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Result {
        let result = try await run("/usr/bin/env", arguments, environment: environment)
        guard result.isGood else {
            let command = arguments.joined(separator: " ")
            throw Failure(description: "\(command): \(result.status): \(result.output)\(result.errors)")
        }
        return result
    }
}
