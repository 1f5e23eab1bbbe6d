import Dispatch
import Synchronization

/// Concurrent work on the elements of an array, each by one thread at a time.
///
/// The assignment of elements to threads varies from run to run. So `body` may change only its element, and a
/// partial result may hold only sums whose order does not matter, such as sums of integers.
package enum ConcurrentBlocks {
    /// Runs `body` for each element, with one partial result per thread.
    ///
    /// - Returns: the partial results, at most one for each thread, in no order.
    package static func reduce<Element: Sendable, Partial>(
        _ elements: inout [Element], threads: Int, initial: @Sendable () -> Partial,
        _ body: @Sendable (inout Element, inout Partial) -> Void
    ) -> [Partial] {
        let workers = min(max(1, threads), elements.count)
        guard workers > 1 else {
            var partial = initial()
            for index in elements.indices { body(&elements[index], &partial) }
            return [partial]
        }
        var partials = [Partial?](repeating: nil, count: workers)
        let next = Atomic(0)
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            unsafe partials.withUnsafeMutableBufferPointer { partials in
                // Each index is handed out once, and each worker writes to its own slot, so no memory is
                // shared.
                nonisolated(unsafe) let (elements, partials) = unsafe (elements, partials)
                DispatchQueue.concurrentPerform(iterations: workers) { worker in
                    var partial = initial()
                    while true {
                        let index = next.add(1, ordering: .relaxed).oldValue
                        guard unsafe index < elements.count else { break }
                        unsafe body(&elements[index], &partial)
                    }
                    unsafe partials[worker] = partial
                }
            }
        }
        return partials.compactMap { $0 }
    }

    /// Runs `body` for each element concurrently.
    package static func forEach<Element: Sendable>(
        _ elements: inout [Element], threads: Int, _ body: @Sendable (inout Element) -> Void
    ) {
        _ = reduce(&elements, threads: threads, initial: { () }, { element, _ in body(&element) })
    }

    /// Returns the results of `body` for the numbers from 0 up to `count`, in order.
    package static func map<Result: Sendable>(
        _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        var slots = (0..<count).map { (index: $0, result: Result?.none) }
        forEach(&slots, threads: threads) { $0.result = body($0.index) }
        return slots.compactMap(\.result)
    }

    /// Returns the results of two pieces of work, which run concurrently where there are two threads.
    package static func pair<First: Sendable, Second: Sendable>(
        threads: Int, _ first: @Sendable () -> First, _ second: @Sendable () -> Second
    ) -> (First, Second) {
        let results = map(2, threads: threads) { index -> Half<First, Second> in
            index == 0 ? .first(first()) : .second(second())
        }
        guard case .first(let one) = results[0], case .second(let other) = results[1] else {
            preconditionFailure("each index is handed out once")
        }
        return (one, other)
    }

    /// Runs `body` for each part of an array concurrently; the parts lie between consecutive `bounds`, which
    /// ascend from 0 to the array's count.
    ///
    /// - Parameter body: receives the part's index and its elements, whose indices begin at 0.
    package static func forEachPart<Element: Sendable>(
        of elements: inout [Element], bounds: [Int], threads: Int,
        _ body: @Sendable (_ part: Int, _ elements: inout MutableSpan<Element>) -> Void
    ) {
        precondition(bounds.first == 0 && bounds.last == elements.count, "bounds are those of the array")
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            // Parts ascend and so do not overlap; each is handed out once.
            nonisolated(unsafe) let elements = unsafe elements
            _ = map(bounds.count - 1, threads: threads) { part in
                precondition(bounds[part] <= bounds[part + 1], "bounds ascend")
                let range = bounds[part]..<bounds[part + 1]
                var span = unsafe MutableSpan(
                    _unsafeElements: UnsafeMutableBufferPointer(rebasing: elements[range]))
                body(part, &span)
            }
        }
    }

    /// Returns an array of which parts are filled concurrently, in memory that no thread clears beforehand.
    ///
    /// - Parameters:
    ///   - bounds: between which the parts lie; they ascend from 0 to the array's count.
    ///   - fill: receives the part's index and an empty span, and has to fill it.
    package static func array<Element: BitwiseCopyable & Sendable>(
        bounds: [Int], threads: Int,
        filling fill: @Sendable (_ part: Int, _ elements: inout OutputSpan<Element>) -> Void
    ) -> [Element] {
        let count = bounds.last ?? 0
        precondition(bounds.first == 0, "the parts are the whole array")
        // All empty arrays of a process share one memory, to which the initializer would write.
        guard count > 0 else { return [] }
        return unsafe [Element](unsafeUninitializedCapacity: count) { elements, initialized in
            // Parts ascend and so do not overlap; each is handed out once.
            nonisolated(unsafe) let elements = unsafe elements
            _ = map(bounds.count - 1, threads: threads) { part in
                precondition(bounds[part] >= 0 && bounds[part] <= bounds[part + 1], "bounds ascend")
                let room = unsafe UnsafeMutableBufferPointer(
                    rebasing: elements[bounds[part]..<bounds[part + 1]])
                var span = unsafe OutputSpan(buffer: room, initializedCount: 0)
                fill(part, &span)
                precondition(span.isFull, "each part is filled")
                _ = unsafe span.finalize(for: room)
            }
            initialized = count
        }
    }

    /// Returns bounds for ``forEachPart(of:bounds:threads:_:)`` of parts of equal length, but for the last.
    package static func bounds(_ count: Int, length: Int = 1 << 16) -> [Int] {
        Array(stride(from: 0, to: count, by: length)) + [count]
    }
}

/// One of the results of two pieces of work.
private enum Half<First: Sendable, Second: Sendable>: Sendable {
    case first(First)
    case second(Second)
}
