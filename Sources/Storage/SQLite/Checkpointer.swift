import Dispatch
import Foundation
import Synchronization

/// The thread that copies a write-ahead log into its database file, with a connection of its own, so that
/// commits do not wait for it.
final class Checkpointer: Sendable {
    private let connection = Mutex<SQLiteConnection?>(nil)
    private let open: @Sendable () throws(StorageError) -> SQLiteConnection
    private let report: @Sendable (Result<Int, StorageError>) -> Void
    private let failure: @Sendable (SQLiteFault) -> StorageError
    private let interval: DispatchTimeInterval
    private let isStopping = Atomic<Bool>(false)
    private let bell = DispatchSemaphore(value: 0)
    private let isDone = DispatchSemaphore(value: 0)
    private let hasThread = Atomic<Bool>(false)
    /// The frames that the database file held after the last checkpoint.
    private let lastCopied = Atomic<Int>(0)

    /// - Parameters:
    ///   - interval: the longest time between two checkpoints.
    ///   - report: called with the frames that a checkpoint copied, or why there was none.
    init(
        interval: DispatchTimeInterval, open: @escaping @Sendable () throws(StorageError) -> SQLiteConnection,
        failure: @escaping @Sendable (SQLiteFault) -> StorageError,
        report: @escaping @Sendable (Result<Int, StorageError>) -> Void
    ) {
        (self.interval, self.open, self.failure, self.report) = (interval, open, failure, report)
    }

    /// Starts the thread.
    func start() {
        guard !hasThread.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let thread = Thread { [self] in
            while !isStopping.load(ordering: .acquiring) {
                _ = bell.wait(timeout: .now() + interval)
                guard !isStopping.load(ordering: .acquiring) else { break }
                checkpoint()
            }
            isDone.signal()
        }
        thread.name = "limpet checkpoints"
        thread.start()
    }

    /// Asks for a checkpoint soon.
    func ring() { bell.signal() }

    /// Makes a passive checkpoint now.
    func checkpoint() {
        let result = connection.withLock { connection -> Result<Int, StorageError>? in
            guard !isStopping.load(ordering: .acquiring) else { return nil }
            do throws(StorageError) {
                let current: SQLiteConnection
                if let connection { current = connection } else { current = try open() }
                connection = current
                do throws(SQLiteFault) {
                    let copied = try current.checkpoint(.passive).copied
                    let before = lastCopied.exchange(copied, ordering: .relaxed)
                    // A smaller number than before is that of a log that has begun anew.
                    return .success(copied >= before ? copied - before : copied)
                } catch {
                    if !error.isBusy {
                        current.close()
                        connection = nil
                    }
                    throw error.isBusy ? .busy(path: "") : failure(error)
                }
            } catch {
                return .failure(error)
            }
        }
        if let result { report(result) }
    }

    /// Does something while no checkpoint of this thread runs, as one by the writer.
    func pausing<Value: Sendable>(_ body: () throws(StorageError) -> Value) throws(StorageError) -> Value {
        try connection.withLock { _ throws(StorageError) in try body() }
    }

    /// Takes notice that the writer has copied the log up to a frame; returns the frames copied before.
    func noteCopied(upTo frame: Int) -> Int { lastCopied.exchange(frame, ordering: .relaxed) }

    /// Closes the connection; the next checkpoint opens anew.
    func drop() {
        connection.withLock { connection in
            connection?.close()
            connection = nil
        }
    }

    /// Ends the thread, after a checkpoint that runs.
    func stop() {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if hasThread.load(ordering: .acquiring) {
            bell.signal()
            isDone.wait()
        }
        drop()
    }
}
