package import Foundation
import Synchronization

/// A program that was started, whose end is awaited without holding a thread.
package final class ChildProcess: Sendable {
    private let process = Process()
    private let ending = Ending()

    /// Starts a program in the project's folder.
    ///
    /// - Parameters:
    ///   - environment: what is added to the environment of the tests.
    ///   - input: what it reads; nothing where it is not given.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        input: FileHandle = .nullDevice, output: FileHandle = .nullDevice, errors: FileHandle = .nullDevice
    ) throws {
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = Project.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
        process.terminationHandler = { [ending] in ending.reach($0.terminationStatus) }
        try process.run()
    }

    /// True until its end has been reported.
    package var isRunning: Bool { ending.status == nil }

    /// Sends a signal, unless it has ended.
    package func send(_ signal: Int32) { if isRunning { kill(process.processIdentifier, signal) } }

    /// Waits for its end; the exit code, or the signal that ended it.
    package func end() async -> Int32 { await ending.reached() }

    /// Waits until something holds or the program has ended.
    ///
    /// The condition is polled on a separate thread: a sleep of the task may end seconds late, when other
    /// tests hold all threads of the pool.
    package func wait(until holds: @escaping @Sendable () -> Bool) async {
        await onOwnThread { [self] in
            while isRunning, !holds() { usleep(1_000) }
        }
    }

    /// The time that the processors have spent on it, from `proc_pid_stat(5)`; 0 where nothing is told.
    package var processorTime: Duration {
        let path = "/proc/\(process.processIdentifier)/stat"
        guard let stat = try? String(contentsOfFile: path, encoding: .utf8) else { return .zero }
        // The second field is the name in parentheses; user and system time are the 14th and 15th.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
            return .zero
        }
        return .seconds(1) * (user + system) / sysconf(CInt(_SC_CLK_TCK))
    }
}

/// The end of a program, and the tasks that wait for it.
private final class Ending: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    /// The exit code, once there is one.
    var status: Int32? { state.withLock { $0.status } }

    func reach(_ status: Int32) {
        let waiting = state.withLock { state in
            defer { state = State(status: status) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    func reached() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }
}
