/// Returns the results of `body` for each item, in the order of the items, with at most `threads` running at
/// a time.
///
/// `eachDone` is called after every finished item.
///
/// - Throws: `CancellationError` when the surrounding task is cancelled.
package func concurrentMap<Item: Sendable, Result: Sendable>(
    _ items: [Item], threads: Int, eachDone: () -> Void = {},
    _ body: @escaping @Sendable (Item) -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results = [Result?](repeating: nil, count: items.count)
        for place in 0..<min(max(1, threads), items.count) {
            group.addTask { (place, body(items[place])) }
        }
        var next = min(max(1, threads), items.count)
        while let (place, result) = try await group.next() {
            results[place] = result
            eachDone()
            try Task.checkCancellation()
            guard next < items.count else { continue }
            let place = next
            next += 1
            group.addTask { (place, body(items[place])) }
        }
        return results.compactMap { $0 }
    }
}
