import Dispatch
import Synchronization

/// A queue of work that other threads do ahead; the results are taken in the order in which the work was
/// added.
package struct WorkAhead<Result: Sendable> {
    private var jobs: [Job] = []
    /// The work that no thread has begun; nil when there are no other threads.
    private let queue: Queue?

    /// - Parameters:
    ///   - threads: the number of threads that work at the same time, the caller among them while it waits
    ///     for a result; with one, work is done when its result is taken.
    ///   - start: starts a thread of the system's pool.
    package init(
        threads: Int,
        start: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { work in
            DispatchQueue.global().async(execute: work)
        }
    ) {
        queue = threads > 1 ? Queue(threads: threads - 1, start: start) : nil
    }

    /// The number of results still to be taken.
    package var count: Int { jobs.count }

    /// Adds work. The caller bounds how much lies ahead by taking a result before adding more.
    package mutating func add(_ work: @escaping @Sendable () -> Result) {
        let job = Job(work)
        jobs.append(job)
        queue?.add(job)
    }

    /// Waits for the next result and returns it; nil when there is no more work.
    ///
    /// Meanwhile the caller does work that lies ahead: a caller that sleeps holds one of the threads that the
    /// system gives to a process, so that half of two processors would stand idle.
    package mutating func next() -> Result? {
        guard !jobs.isEmpty else { return nil }
        let job = jobs.removeFirst()
        guard let queue else {
            job.run()
            return job.result
        }
        // The first work of the queue is the caller's own, where no thread has begun it.
        while !job.isFinished, let next = queue.take() { next.run() }
        return job.result
    }

    /// A queue from which a bounded number of threads takes work in order, each job once.
    private final class Queue: Sendable {
        private struct Waiting: Sendable {
            var jobs: [Job] = []
            var threads = 0
        }

        private let threads: Int
        private let start: @Sendable (@escaping @Sendable () -> Void) -> Void
        private let waiting = Mutex(Waiting())

        init(threads: Int, start: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void) {
            (self.threads, self.start) = (threads, start)
        }

        /// Adds work, and a thread for it unless all are busy: these look for more when they are done.
        func add(_ job: Job) {
            let needsThread = waiting.withLock { waiting in
                waiting.jobs.append(job)
                guard waiting.threads < threads else { return false }
                waiting.threads += 1
                return true
            }
            if needsThread { start { self.work() } }
        }

        /// Takes the next work that no thread has begun.
        func take() -> Job? {
            waiting.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        }

        private func work() {
            while let job = next() { job.run() }
        }

        /// Returns the next work; a thread that gets none ends.
        private func next() -> Job? {
            waiting.withLock { waiting in
                guard waiting.jobs.isEmpty else { return waiting.jobs.removeFirst() }
                waiting.threads -= 1
                return nil
            }
        }
    }

    /// Work that is done once, by whoever took it from the queue.
    private final class Job: Sendable {
        private let work: @Sendable () -> Result
        private let found = Mutex(Result?.none)
        private let isDone = DispatchSemaphore(value: 0)

        init(_ work: @escaping @Sendable () -> Result) { self.work = work }

        func run() {
            let result = work()
            found.withLock { $0 = result }
            isDone.signal()
        }

        /// True when the result is there.
        var isFinished: Bool { found.withLock { $0 != nil } }

        /// The result, when it is there; nil where it has been taken.
        var result: Result? {
            isDone.wait()
            return found.withLock { $0.take() }
        }
    }
}
