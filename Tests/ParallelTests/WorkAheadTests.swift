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
}
