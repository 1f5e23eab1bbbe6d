import LimpetPipelines
import ArgumentParser
import Glibc
import LimpetEvents
import LimpetExport
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// The exit codes that scripts rely on, those of `sysexits.h`.
enum ExitStatus: Int32 {
    case usage = 64
    case badData = 65
    case cannotRead = 66
    case unavailable = 69
    case internalError = 70
    case cannotWrite = 73
    case configuration = 78
    case interrupted = 130

    /// Makes the exit code for an error.
    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .interrupted
        case let error as FileError:
            switch error {
            case .cannotRead: self = .cannotRead
            case .truncatedGzip: self = .badData
            case .cannotWrite: self = .cannotWrite
            }
        case is ConfigurationError: self = .configuration
        case is ServiceUnavailable: self = .unavailable
        case is InputError, is TooManyBadRows, is TrainingError, is BacktestError, is LogisticRegressionError,
            is LogisticFitError, is LogisticInferenceError,
            is MissingColumnError, is FeatureSetError, is EventRowError, is UnknownEventError, is ExportError:
            self = .badData
        default: self = .internalError
        }
    }
}

/// The error of a port that is taken, or of a service that cannot be reached.
struct ServiceUnavailable: Error, CustomStringConvertible {
    let description: String
}

extension LimpetCommand {
    /// Parses the arguments, runs the command and ends the process with its code.
    public static func runToExit() async -> Never {
        do {
            if let service = try parseAsRoot() as? ServeCommand {
                // The service handles signals itself: it answers open requests before it stops.
                try await service.run()
                Glibc.exit(0)
            }
            try await Interruption.cancelling {
                var command = try parseAsRoot()
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            Glibc.exit(0)
        } catch {
            // Help, versions and usage errors are the parser's own to print.
            if let error = error as? RequestError { exit(withError: ValidationError(error.description)) }
            guard !isParserError(error) else { exit(withError: error) }
            let status = ExitStatus(error)
            let message = status == .interrupted ? "stopped" : "\(error)"
            Terminal.writeError("limpet: \(message)\n")
            Glibc.exit(status.rawValue)
        }
    }

    private static func isParserError(_ error: any Error) -> Bool {
        if error is ExitCode || error is ValidationError || error is CleanExit { return true }
        return exitCode(for: error) == .validationFailure || exitCode(for: error) == .success
    }
}
