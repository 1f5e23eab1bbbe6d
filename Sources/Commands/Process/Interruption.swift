import LimpetPipelines
import Dispatch
import Glibc
import Synchronization

/// Handlers of SIGINT (Ctrl-C) and SIGTERM that stop work cleanly: the task is cancelled, and unfinished
/// files are removed.
enum Interruption {
    /// The action of a first signal in place of cancelling; nil when it cancels.
    private static let gentle = Mutex<(@Sendable () -> Void)?>(nil)

    /// Runs work; a first signal calls a closure, which requests the work's end, instead of cancelling it.
    static func asking<Result>(
        _ ask: @escaping @Sendable () -> Void, while work: () async throws -> Result
    ) async throws -> Result {
        gentle.withLock { $0 = ask }
        defer { gentle.withLock { $0 = nil } }
        return try await work()
    }

    private static func takeGentle() -> (@Sendable () -> Void)? {
        gentle.withLock { ask in
            defer { ask = nil }
            return ask
        }
    }

    /// Runs work that a signal cancels; a second signal ends the process at once.
    static func cancelling(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await work() }
        // A queue of its own gets a thread of its own: the shared threads may be busy for long.
        let queue = DispatchQueue(label: "limpet.signals")
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if let ask = takeGentle() {
                    ask()
                    // Two signals may be delivered as one call.
                    guard source.data > 1 else { return }
                }
                if task.isCancelled { _exit(ExitStatus.interrupted.rawValue) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        try await task.value
    }
}
