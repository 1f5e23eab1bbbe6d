/// The keys of a block's message ids with their rows, grouped by the highest bits of the keys; within a group
/// in the order of the rows.
package struct MessageGroups: Sendable {
    /// The number of groups.
    static let count = 256
    /// The keys by group.
    let keys: [MessageKey]
    /// The row of each key.
    let rows: [UInt32]
    /// The first place of each group, and the number of keys at the end: `[groups + 1]`.
    let starts: [Int]

    /// Groups the keys of all rows that have a message id.
    init(_ block: borrowing EventBlock) {
        let (rows, messages) = (block.rows.span, block.messages.span)
        var starts = [Int](repeating: 0, count: Self.count + 1)
        for row in rows.indices where rows[row].message != 0 {
            starts[Self.group(of: messages[Int(rows[row].message)]) + 1] += 1
        }
        for group in 0..<Self.count { starts[group + 1] += starts[group] }
        let total = starts[Self.count]
        var keys = [MessageKey](repeating: .none, count: total)
        var places = [UInt32](repeating: 0, count: total)
        var next = starts
        var keyTarget = keys.mutableSpan
        var rowTarget = places.mutableSpan
        var nextTarget = next.mutableSpan
        for row in rows.indices where rows[row].message != 0 {
            let key = messages[Int(rows[row].message)]
            let group = Self.group(of: key)
            keyTarget[nextTarget[group]] = key
            rowTarget[nextTarget[group]] = UInt32(row)
            nextTarget[group] += 1
        }
        (self.keys, self.rows, self.starts) = (keys, places, starts)
    }

    /// Returns the group of a key.
    @inline(__always)
    static func group(of key: MessageKey) -> Int { Int(key.high >> 56) }
}
