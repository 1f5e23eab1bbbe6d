import LimpetNumerics

/// The users of rows, numbered from 0 in ascending order of their ids.
struct UserIndex: Sendable {
    /// The number of the user of each row; −1 for rows of weight 0, which are ignored.
    let ofRow: [Int32]
    /// The number of users.
    let count: Int

    init(_ users: [Int32], weights: [Double]? = nil) {
        var included: [Int32]?
        if let weights, weights.contains(where: { !($0 > 0) }) {
            included = users.indices.filter { weights[$0] > 0 }.map { Int32($0) }
        }
        var (least, most) = (Int32.max, Int32.min)
        Self.forEach(included, users) { _, user in (least, most) = (min(least, user), max(most, user)) }
        let range = least <= most ? Int(most) - Int(least) + 1 : 0
        // Ids that lie close together are counted in a table, all others sorted.
        (ofRow, count) =
            range <= 4 * users.count
            ? Self.numbered(users, included, from: Int(least), range: range)
            : Self.sorted(users, included)
    }

    private static func forEach(
        _ included: [Int32]?, _ users: [Int32], _ body: (_ row: Int, _ user: Int32) -> Void
    ) {
        if let included {
            for row in included { body(Int(row), users[Int(row)]) }
        } else {
            for row in users.indices { body(row, users[row]) }
        }
    }

    private static func numbered(
        _ users: [Int32], _ included: [Int32]?, from least: Int, range: Int
    ) -> (ofRow: [Int32], count: Int) {
        var numbers = [Int32](repeating: 0, count: range)
        forEach(included, users) { _, user in numbers[Int(user) - least] = 1 }
        var count: Int32 = 0
        for place in numbers.indices where numbers[place] == 1 {
            numbers[place] = count
            count += 1
        }
        var ofRow = [Int32](repeating: -1, count: users.count)
        forEach(included, users) { row, user in ofRow[row] = numbers[Int(user) - least] }
        return (ofRow, Int(count))
    }

    private static func sorted(_ users: [Int32], _ included: [Int32]?) -> (ofRow: [Int32], count: Int) {
        var keyed: [KeyedRow] = []
        keyed.reserveCapacity(users.count)
        forEach(included, users) { row, user in
            keyed.append(KeyedRow(key: UInt64(UInt32(bitPattern: user) ^ (1 << 31)), row: Int32(row)))
        }
        KeyedRow.sort(&keyed)
        var ofRow = [Int32](repeating: -1, count: users.count)
        var number: Int32 = -1
        for place in keyed.indices {
            if place == 0 || keyed[place].sortKey != keyed[place - 1].sortKey { number += 1 }
            ofRow[Int(keyed[place].row)] = number
        }
        return (ofRow, Int(number) + 1)
    }
}
