import LimpetPipelines
import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and a polite kill stop work cleanly: the task is cancelled, and files under way vanish.
enum Interruption {
    /// What a first signal does in place of cancelling; nil when it cancels.
    private static let gentle = Mutex<(@Sendable () -> Void)?>(nil)

    /// Lets a first signal ask for an end instead of enforcing it while `work` is done.
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

    /// Runs work that a signal cancels. One more signal ends the process at once.
    static func cancelling(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await work() }
        // A queue of its own has a thread of its own: all others may be at work for long.
        let queue = DispatchQueue(label: "limpet.signals")
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if let ask = takeGentle() {
                    ask()
                    // Two signals may come as one call.
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
