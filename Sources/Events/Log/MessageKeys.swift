import LimpetNumerics

/// The keys of the message ids that a log holds, in ascending order.
package struct MessageKeys: Sendable {
    /// The keys, each once.
    package let sorted: [MessageKey]

    package init(_ keys: some Sequence<MessageKey>) { sorted = keys.sorted() }

    /// - Precondition: the keys ascend.
    package init(sorted keys: [MessageKey]) { sorted = keys }

    /// The number of ids.
    package var count: Int { sorted.count }

    /// Returns true when the log holds a message of an id.
    package func contains(_ id: String) -> Bool {
        let key = MessageKey(id)
        let place = sorted.partitioningIndex { $0 >= key }
        return place < sorted.count && sorted[place] == key
    }
}
