import Dispatch
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

    @Test("work that nobody takes is done all the same")
    func dropped() {
        let isDone = DispatchSemaphore(value: 0)
        var ahead = WorkAhead<Void>(threads: 2)
        for _ in 0..<100 { ahead.add { isDone.signal() } }
        _ = ahead.next()
        ahead = WorkAhead(threads: 2)
        for _ in 0..<100 { #expect(isDone.wait(timeout: .now() + 300) == .success) }
    }

    @Test("a caller that waits for a result does work that lies ahead")
    func callerWorks() {
        let (begun, helped) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        var ahead = WorkAhead<Bool>(threads: 2)
        // The only other thread waits for what the caller alone can do.
        ahead.add {
            begun.signal()
            return helped.wait(timeout: .now() + 300) == .success
        }
        begun.wait()
        ahead.add {
            helped.signal()
            return true
        }
        #expect(ahead.next() == true && ahead.next() == true)
    }

    @Test("where no other thread starts, the caller does all, and keeps nothing of what was taken")
    func noThreads() {
        final class Product: Sendable {
            let number: Int
            init(_ number: Int) { self.number = number }
        }
        var ahead = WorkAhead<Product>(threads: 4, start: { _ in })
        for number in 0..<8 { ahead.add { Product(number) } }
        for number in 0..<100 {
            weak var taken: Product?
            do {
                let next = ahead.next()
                #expect(next?.number == number)
                taken = next
            }
            #expect(taken == nil)
            ahead.add { Product(number + 8) }
        }
    }

    @Test("no more threads are at work than were requested, with the one that waits", arguments: [2, 3])
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
        #expect(most > 1 && most <= threads)
    }
}
