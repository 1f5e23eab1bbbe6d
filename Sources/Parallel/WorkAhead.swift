import Dispatch
import Synchronization

/// Work that other threads do ahead, whose results are taken in the order in which it was given.
package struct WorkAhead<Result: Sendable> {
    private let isInline: Bool
    private var jobs: [Job] = []

    /// - Parameter threads: how many threads there are; with one, work is done when its result is taken.
    package init(threads: Int) { isInline = threads <= 1 }

    /// How many results are to be taken.
    package var count: Int { jobs.count }

    /// Gives work. How much is done at the same time is up to the caller, who takes a result before giving more.
    package mutating func add(_ work: @escaping @Sendable () -> Result) {
        let job = Job(work)
        jobs.append(job)
        if !isInline { DispatchQueue.global().async { job.run() } }
    }

    /// The next result, when it is there; nil where there is no more work.
    package mutating func next() -> Result? { jobs.isEmpty ? nil : jobs.removeFirst().result }

    private final class Job: Sendable {
        private enum State: Sendable { case waiting, running, done(Result) }

        private let work: @Sendable () -> Result
        private let state = Mutex(State.waiting)
        private let isDone = DispatchSemaphore(value: 0)

        init(_ work: @escaping @Sendable () -> Result) { self.work = work }

        /// Does the work, unless another thread has begun with it.
        func run() {
            let isMine = state.withLock { state in
                guard case .waiting = state else { return false }
                state = .running
                return true
            }
            guard isMine else { return }
            let result = work()
            state.withLock { $0 = .done(result) }
            isDone.signal()
        }

        /// The result. Work that nobody has begun is done here: who waits for a thread that never comes, because all
        /// of them wait, would wait for ever.
        var result: Result? {
            run()
            isDone.wait()
            return state.withLock { if case .done(let result) = $0 { result } else { nil } }
        }
    }
}
