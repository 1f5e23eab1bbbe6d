import Dispatch
import Synchronization

/// Work that other threads do ahead, whose results are taken in the order in which it was given.
package struct WorkAhead<Result: Sendable> {
    private final class Job: Sendable {
        let result = Mutex<Result?>(nil)
        let isDone = DispatchSemaphore(value: 0)

        func finish(_ result: Result) {
            self.result.withLock { $0 = result }
            isDone.signal()
        }
    }

    private let isInline: Bool
    private var jobs: [Job] = []

    /// - Parameter threads: how many threads there are; with one, work is done when it is given.
    package init(threads: Int) { isInline = threads <= 1 }

    /// How many results are to be taken.
    package var count: Int { jobs.count }

    /// Gives work. How much is done at the same time is up to the caller, who takes a result before giving more.
    package mutating func add(_ work: @escaping @Sendable () -> Result) {
        let job = Job()
        jobs.append(job)
        guard !isInline else { return job.finish(work()) }
        DispatchQueue.global().async { job.finish(work()) }
    }

    /// The next result, when it is there; nil where there is no more work.
    package mutating func next() -> Result? {
        guard !jobs.isEmpty else { return nil }
        let job = jobs.removeFirst()
        job.isDone.wait()
        return job.result.withLock { $0.take() }
    }
}
