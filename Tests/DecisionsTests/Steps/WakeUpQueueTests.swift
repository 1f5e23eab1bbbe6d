import LimpetDecisions
import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct WakeUpQueueTests {
    @Test("only an earlier wake-up is to be stored")
    func lowerBounds() {
        var queue = WakeUpQueue()
        let value5 = queue.set(1, at: Bench.noon + 10)
        #expect(value5)
        let value6 = queue.set(1, at: Bench.noon + 20)
        #expect(!value6)
        let value7 = queue.set(1, at: Bench.noon + 5)
        #expect(value7)
        #expect(queue.count == 1)
        let value1 = queue.take(until: Bench.noon + 4, limit: 10)
        #expect(value1 == [])
        let value2 = queue.take(until: Bench.noon + 5, limit: 10)
        #expect(value2 == [1])
        let value3 = queue.take(until: Bench.noon + 100, limit: 10)
        #expect(value3 == [])
        let value8 = queue.set(1, at: Bench.noon + 200)
        #expect(value8)
    }

    @Test("profiles come in the order of their times, as a sorted list has them")
    func order() {
        var random = TestRandom(seed: 3)
        var queue = WakeUpQueue()
        var expected: [UInt64: Int64] = [:]
        for _ in 0..<5_000 {
            let (profile, time) = (UInt64(random.below(1_000)), Int64(random.below(100_000)))
            queue.set(profile, at: Timestamp(milliseconds: time))
            expected[profile] = min(expected[profile] ?? .max, time)
            guard random.below(50) == 0 else { continue }
            let now = Int64(random.below(20_000))
            let due = expected.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
                .prefix(7)
            let value4 = queue.take(until: Timestamp(milliseconds: now), limit: 7)
            #expect(value4 == due.map(\.key))
            for (profile, _) in due { expected[profile] = nil }
        }
        #expect(queue.count == expected.count)
    }
}
