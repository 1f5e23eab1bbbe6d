import Foundation

/// The time that work takes of a processor on the thread that calls, whatever else runs on the machine.
package func processorTime(_ work: () throws -> Void) rethrows -> Duration {
    let start = threadTime()
    try work()
    return threadTime() - start
}

private func threadTime() -> Duration {
    var time = timespec()
    let status = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    precondition(status == 0, "the thread's time is not told")
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
