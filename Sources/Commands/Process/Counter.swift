import Synchronization

/// A number that several threads add to.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// The sum after adding.
    func add(_ amount: Int) -> Int {
        value.withLock { value in
            value += amount
            return value
        }
    }
}
