import LimpetNumerics

/// The users of rows, numbered from 0 in ascending order of their ids.
struct UserIndex: Sendable {
    /// The number of the user of each row; −1 for rows of weight 0, which are ignored.
    let ofRow: [Int32]
    /// The number of users.
    let count: Int

    init(_ users: [Int32], weights: [Double]? = nil) {
        var keyed: [KeyedRow] = []
        keyed.reserveCapacity(users.count)
        for row in users.indices where (weights?[row] ?? 1) > 0 {
            let rising = UInt32(bitPattern: users[row]) ^ (1 << 31)
            keyed.append(KeyedRow(key: UInt64(rising), row: Int32(row)))
        }
        KeyedRow.sort(&keyed)
        var ofRow = [Int32](repeating: -1, count: users.count)
        var number: Int32 = -1
        for place in keyed.indices {
            if place == 0 || keyed[place].sortKey != keyed[place - 1].sortKey { number += 1 }
            ofRow[Int(keyed[place].row)] = number
        }
        self.ofRow = ofRow
        count = Int(number) + 1
    }
}
