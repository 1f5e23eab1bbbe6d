import LimpetDocuments
import LimpetEvents

/// A block of rows sorted by user, time and arrival, as integer columns. The rows of a user may continue in
/// the next block.
struct LogBlock {
    /// The ids of the users, ordered by their UTF-8 bytes.
    var users: [String] = []
    /// The number of rows of each user in this block.
    var userRows: [Int] = []
    /// The fixed columns, then the text codes of each property, `[columns][rows]`.
    var columns: [[Int64]]

    init(columns: Int) { self.columns = [[Int64]](repeating: [], count: columns) }

    var count: Int { columns[ColumnarLogFormat.time].count }

    /// Adds `rows` rows of a user after those added so far.
    mutating func append(user: String, rows: Int) {
        if let last = users.last, last.utf8.elementsEqual(user.utf8) {
            userRows[userRows.count - 1] += rows
        } else {
            users.append(user)
            userRows.append(rows)
        }
    }

    /// Returns the block without its first `rows` rows, which must be those of whole users.
    func dropping(_ rows: Int) throws(ColumnarLogDamage) -> LogBlock {
        var (block, left) = (self, rows)
        while left > 0, let first = block.userRows.first, first <= left {
            left -= first
            block.users.removeFirst()
            block.userRows.removeFirst()
        }
        guard left == 0 else { throw .at(offset: 0, "row \(rows) of a block is not the first of a user") }
        for column in block.columns.indices where !block.columns[column].isEmpty {
            block.columns[column].removeFirst(rows)
        }
        return block
    }

    func packed() -> [UInt8] {
        var bytes = LogBytes()
        bytes.append(count)
        bytes.append(users.count)
        for (user, rows) in zip(users, userRows) {
            bytes.append(user)
            bytes.append(rows)
        }
        bytes.append(columns.count)
        for column in columns {
            let packed = PackedIntegers.pack(column)
            bytes.append(packed.count)
            bytes.append(raw: packed)
        }
        return bytes.bytes
    }

    /// Reads a block.
    ///
    /// - Parameters:
    ///   - bytes: the block's bytes, whose checksum has been verified.
    ///   - origin: their offset in the file.
    ///   - rows: the number of rows that the footer says.
    ///   - hasDelays: true when the block has the column of delays.
    ///   - wanted: returns true for a column to unpack; the others stay empty.
    init(
        _ bytes: [UInt8], origin: Int, rows: Int, hasDelays: Bool = true,
        wanted: (Int) -> Bool = { _ in true }
    ) throws(ColumnarLogDamage) {
        var reader = LogBytesReader(bytes, origin: origin)
        let count = try reader.count("rows in a block", limit: ColumnarLogFormat.blockRows)
        guard count == rows, rows > 0 else {
            throw reader.damage("\(count) rows in a block, the footer says \(rows)")
        }
        let users = try reader.count("users in a block", limit: rows)
        self.init(columns: 0)
        try readUsers(&reader, count: users, rows: rows)
        let columns = try reader.count("columns in a block", limit: reader.remaining)
        let missing = hasDelays ? 0 : 1
        guard columns + missing >= ColumnarLogFormat.fixedColumns else {
            throw reader.damage(
                "\(columns) columns, expected \(ColumnarLogFormat.fixedColumns - missing) or more")
        }
        self.columns = [[Int64]](repeating: [], count: columns + missing)
        for column in 0..<columns + missing where hasDelays || column != ColumnarLogFormat.delay {
            let range = try reader.range("bytes of a column")
            guard wanted(column) else { continue }
            var part = LogBytesReader(bytes, range: range, origin: origin)
            self.columns[column] = try PackedIntegers.unpack(&part, count: rows)
        }
        guard reader.remaining == 0 else { throw reader.damage("bytes after the end of a block") }
    }

    private mutating func readUsers(
        _ reader: inout LogBytesReader, count: Int, rows: Int
    ) throws(ColumnarLogDamage) {
        var left = rows
        for _ in 0..<count {
            let user = try reader.text()
            if let last = users.last, !last.utf8.lexicographicallyPrecedes(user.utf8) {
                throw reader.damage("user \(user.quoted) after \(last.quoted), expected ascending ids")
            }
            let taken = try reader.count("rows of a user", limit: left)
            guard taken > 0 else { throw reader.damage("a user without rows") }
            left -= taken
            users.append(user)
            userRows.append(taken)
        }
        guard left == 0 else { throw reader.damage("\(left) rows of no user") }
    }
}
