import Synchronization

/// The reading connections of a file: a few, each used by one thread at a time.
final class ReaderSlots: Sendable {
    /// A place for one connection, opened when it is first needed.
    private final class Slot: Sendable {
        let connection = Mutex<SQLiteConnection?>(nil)
    }

    private let slots: [Slot]
    private let next = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)

    init(count: Int) { slots = (0..<count).map { _ in Slot() } }

    /// Reads with a connection that nobody else uses meanwhile.
    ///
    /// - Parameter open: makes a connection where the slot has none.
    func read<Value: Sendable>(
        open: () throws(StorageError) -> SQLiteConnection,
        _ body: (SQLiteConnection) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        for slot in slots {
            let value = try slot.connection.withLockIfAvailable {
                connection throws(StorageError) in try self.use(&connection, open, body)
            }
            if let value { return value }
        }
        let turn = next.wrappingAdd(1, ordering: .relaxed).newValue & Int.max
        return try slots[turn % slots.count].connection.withLock {
            connection throws(StorageError) in try use(&connection, open, body)
        }
    }

    private func use<Value: Sendable>(
        _ connection: inout SQLiteConnection?, _ open: () throws(StorageError) -> SQLiteConnection,
        _ body: (SQLiteConnection) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        guard !isClosed.load(ordering: .acquiring) else { throw .closed }
        if let connection { return try body(connection) }
        let made = try open()
        connection = made
        return try body(made)
    }

    /// Closes all connections after their readers are done; the next read opens anew.
    func drop() {
        for slot in slots {
            slot.connection.withLock { connection in
                connection?.close()
                connection = nil
            }
        }
    }

    /// Closes all connections for good.
    func close() {
        isClosed.store(true, ordering: .releasing)
        drop()
    }
}
