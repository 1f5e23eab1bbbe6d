import Synchronization

/// A number that several threads add to.
package final class Counter: Sendable {
    private let value = Mutex(0)

    package init() {}

    /// The sum after adding.
    package func add(_ amount: Int) -> Int {
        value.withLock { value in
            value += amount
            return value
        }
    }
}
