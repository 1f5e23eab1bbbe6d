/// A row index with the key by which rows are sorted.
package struct KeyedRow: RadixSortable {
    /// The key; see ``descendingKey(_:)``.
    package let sortKey: UInt64
    /// The row's index.
    package let row: Int32

    package init(key: UInt64, row: Int32) {
        sortKey = key
        self.row = row
    }

    /// Returns the key that sorts numbers from the highest to the lowest.
    ///
    /// The bits of a positive number rise with it, those of a negative one fall; −0 and 0 have the same key.
    @inlinable
    package static func descendingKey(_ number: Double) -> UInt64 {
        let bits = (number + 0).bitPattern
        return bits >> 63 == 0 ? ~(bits | 1 << 63) : bits
    }

    /// Sorts rows by their keys; the sort is stable.
    package static func sort(_ rows: inout [KeyedRow]) {
        var spare: [KeyedRow] = []
        RadixSort.sort(&rows, count: rows.count, spare: &spare)
    }
}
