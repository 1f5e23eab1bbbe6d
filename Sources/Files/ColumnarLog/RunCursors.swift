/// The positions in the runs of a merge, as a heap: the one with the least user comes first, and of those
/// with the same user the one in the earliest run.
struct RunCursors {
    private var cursors: [RunCursor] = []
    /// The cursors that are not at their end, none before its parent at half of its place.
    private var heap: [Entry] = []

    private struct Entry {
        let user: String
        /// The user's first eight bytes as a number, which says in most cases who comes first.
        let start: UInt64
        let cursor: Int

        init(_ user: String, cursor: Int) {
            (self.user, self.cursor) = (user, cursor)
            let bytes = user.utf8.prefix(8)
            start = bytes.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - bytes.count))
        }

        func precedes(_ other: Entry) -> Bool {
            if start != other.start { return start < other.start }
            if user.utf8.elementsEqual(other.user.utf8) { return cursor < other.cursor }
            return user.utf8.lexicographicallyPrecedes(other.user.utf8)
        }
    }

    /// Adds the position in a run that is later than those so far.
    mutating func append(_ cursor: RunCursor) {
        cursors.append(cursor)
        guard let user = cursor.user else { return }
        heap.append(Entry(user, cursor: cursors.count - 1))
        var place = heap.count - 1
        while place > 0, heap[place].precedes(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The least of the current users; nil at the end of all runs.
    var leastUser: String? { heap.first?.user }

    /// Moves the rows of the least user in the first run that has some to `rows`: those of one block.
    mutating func takeLeast(into rows: inout [[Int64]]) throws {
        guard let first = heap.first else { return }
        try cursors[first.cursor].take(into: &rows)
        if let user = cursors[first.cursor].user {
            heap[0] = Entry(user, cursor: first.cursor)
        } else {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
        }
        sink()
    }

    /// Moves the first entry down to its place.
    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
