import LimpetParallel
import Testing

@Suite struct ConcurrentBlocksTests {
    @Test("each element is worked on once, by any number of threads", arguments: [1, 2, 8])
    func forEach(threads: Int) {
        var numbers = Array(0..<10_000)
        ConcurrentBlocks.forEach(&numbers, threads: threads) { $0 *= 3 }
        #expect(numbers == (0..<10_000).map { $0 * 3 })
    }

    @Test("partial results hold all elements between them", arguments: [1, 2, 8])
    func reduce(threads: Int) {
        var numbers = Array(1...1_000)
        let sums = ConcurrentBlocks.reduce(&numbers, threads: threads, initial: { 0 }) { $1 += $0 }
        #expect(sums.reduce(0, +) == 500_500)
        #expect(sums.count <= threads)
    }

    @Test("results come in the order of their numbers", arguments: [1, 3])
    func map(threads: Int) {
        #expect(ConcurrentBlocks.map(1_000, threads: threads) { $0 * $0 } == (0..<1_000).map { $0 * $0 })
        #expect(ConcurrentBlocks.map(0, threads: threads) { $0 }.isEmpty)
    }

    @Test("parts share no element and leave none out", arguments: [1, 2, 8])
    func parts(threads: Int) {
        for bounds in [[0, 1_000], [0, 0, 1, 999, 999, 1_000], ConcurrentBlocks.bounds(1_000, length: 33)] {
            var numbers = [Int](repeating: -1, count: 1_000)
            ConcurrentBlocks.forEachPart(of: &numbers, bounds: bounds, threads: threads) { part, elements in
                for index in elements.indices { elements[index] += bounds[part] + index + 1 }
            }
            #expect(numbers == Array(0..<1_000))
        }
        var none: [Int] = []
        ConcurrentBlocks.forEachPart(of: &none, bounds: ConcurrentBlocks.bounds(0), threads: threads) {
            _, _ in
        }
        #expect(none.isEmpty)
    }

    @Test("parts that are filled concurrently are those of one array", arguments: [1, 2, 8])
    func array(threads: Int) {
        for bounds in [[0, 1_000], [0, 0, 1, 999, 999, 1_000], ConcurrentBlocks.bounds(1_000, length: 33)] {
            let numbers = ConcurrentBlocks.array(bounds: bounds, threads: threads) { part, elements in
                for number in bounds[part]..<bounds[part + 1] { elements.append(number) }
            }
            #expect(numbers == Array(0..<1_000))
        }
        let none: [Int] = ConcurrentBlocks.array(bounds: ConcurrentBlocks.bounds(0), threads: threads) {
            _, _ in
        }
        #expect(none.isEmpty)
    }

    @Test("a map over tasks keeps the order", arguments: [1, 2, 8])
    func tasks(threads: Int) async throws {
        let squares = try await concurrentMap(Array(0..<500), threads: threads) { $0 * $0 }
        #expect(squares == (0..<500).map { $0 * $0 })
    }

    @Test("a map over tasks ends with the task that called it")
    func cancelled() async {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await concurrentMap(Array(0..<10), threads: 2) { $0 }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
