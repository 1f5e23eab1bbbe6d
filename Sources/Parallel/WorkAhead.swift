import Dispatch
import Synchronization

/// A queue of work that other threads do ahead; the results are taken in the order in which the work was
/// added.
package struct WorkAhead<Result: Sendable> {
    private var jobs: [Job] = []
    /// The work that no thread has begun; nil when there are no other threads.
    private let queue: Queue?

    /// - Parameter threads: the number of threads that work at the same time, the caller among them while it
    ///   waits for a result; with one, work is done when its result is taken.
    package init(threads: Int) { queue = threads > 1 ? Queue(threads: threads - 1) : nil }

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
        job.run()
        while !job.isFinished, let other = queue?.take() { other.run() }
        return job.result
    }

    /// A queue from which a bounded number of threads takes work in order.
    private final class Queue: Sendable {
        private struct Waiting: Sendable {
            var jobs: [Job] = []
            var threads = 0
        }

        private let threads: Int
        private let waiting = Mutex(Waiting())

        init(threads: Int) { self.threads = threads }

        /// Adds work, and a thread for it unless all are busy: these look for more when they are done.
        func add(_ job: Job) {
            let needsThread = waiting.withLock { waiting in
                waiting.jobs.append(job)
                guard waiting.threads < threads else { return false }
                waiting.threads += 1
                return true
            }
            if needsThread { DispatchQueue.global().async { self.work() } }
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

    private final class Job: Sendable {
        private enum State: Sendable { case waiting, running, done(Result) }

        private let work: @Sendable () -> Result
        private let state = Mutex(State.waiting)
        private let isDone = DispatchSemaphore(value: 0)

        init(_ work: @escaping @Sendable () -> Result) { self.work = work }

        /// Does the work, unless another thread has begun it.
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

        /// True when the result is there.
        var isFinished: Bool {
            state.withLock { if case .done = $0 { true } else { false } }
        }

        /// The result. Work that no thread has begun is done here: when all threads wait for results, none is
        /// left to begin it.
        var result: Result? {
            run()
            isDone.wait()
            return state.withLock { if case .done(let result) = $0 { result } else { nil } }
        }
    }
}
