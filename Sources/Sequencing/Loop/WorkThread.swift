import Dispatch
import Foundation
import Synchronization

/// A thread that does one piece of work after the other.
final class WorkThread: Sendable {
    private let work = Mutex<[@Sendable () -> Void]>([])
    private let bell = DispatchSemaphore(value: 0)
    private let isStopping = Atomic<Bool>(false)
    private let isDone = DispatchSemaphore(value: 0)

    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.start()
    }

    /// Adds work, which is done after what was added before.
    func add(_ body: @escaping @Sendable () -> Void) {
        work.withLock { $0.append(body) }
        bell.signal()
    }

    /// Ends the thread after all work is done; blocks until then.
    func stop() {
        guard !isStopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        bell.signal()
        isDone.wait()
    }

    private func run() {
        while true {
            bell.wait()
            let next = work.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let next {
                next()
            } else if isStopping.load(ordering: .acquiring) {
                break
            }
        }
        isDone.signal()
    }
}
