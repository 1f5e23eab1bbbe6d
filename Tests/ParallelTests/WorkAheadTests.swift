import Foundation
import LimpetParallel
import Synchronization
import Testing

@Suite struct WorkAheadTests {
    @Test("results come in the order of the work, by any number of threads", arguments: [1, 2, 8])
    func order(threads: Int) {
        var ahead = WorkAhead<Int>(threads: threads)
        var found: [Int] = []
        for number in 0..<1_000 {
            ahead.add { (0..<(number * 7 % 97)).reduce(number) { sum, _ in sum } }
            if ahead.count > threads, let result = ahead.next() { found.append(result) }
        }
        while let result = ahead.next() { found.append(result) }
        #expect(found == Array(0..<1_000))
        #expect(ahead.count == 0 && ahead.next() == nil)
    }

    @Test("work that nobody takes is done all the same, and harms nobody")
    func dropped() {
        final class Done: Sendable { let count = Atomic(0) }
        let done = Done()
        var ahead = WorkAhead<Void>(threads: 2)
        for _ in 0..<100 { ahead.add { _ = done.count.add(1, ordering: .releasing) } }
        _ = ahead.next()
        ahead = WorkAhead(threads: 2)
        while done.count.load(ordering: .acquiring) < 100 {}
    }

    @Test("no more threads are at work than were requested, beside the one that waits", arguments: [2, 3])
    func limit(threads: Int) {
        let atWork = Mutex((now: 0, most: 0))
        var ahead = WorkAhead<Void>(threads: threads)
        let end = ContinuousClock.now + .seconds(300)
        for _ in 0..<60 {
            ahead.add {
                atWork.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                // The first goes on once another is at work too, which takes its time on a busy machine.
                repeat {
                    Thread.sleep(forTimeInterval: 0.002)
                } while atWork.withLock { $0.most } < 2
                    && ContinuousClock.now < end
                atWork.withLock { $0.now -= 1 }
            }
        }
        while ahead.next() != nil {}
        let most = atWork.withLock { $0.most }
        #expect(most > 1 && most <= threads + 1)
    }
}
