/// The index of each user in the ascending order of all.
struct UserPlaces: Sendable {
    let count: Int
    /// The index by the user's number, where numbers are indices of a list.
    private var table: [Int32] = []
    private var places: [Int32: Int] = [:]

    init(_ users: [Int32]) {
        guard let most = users.max(), let least = users.min() else {
            count = 0
            return
        }
        guard least >= 0, Int(most) <= 4 * users.count + 1_024 else {
            let distinct = Set(users).sorted()
            for (place, user) in distinct.enumerated() { places[user] = place }
            count = distinct.count
            return
        }
        var isThere = [Bool](repeating: false, count: Int(most) + 1)
        for user in users { isThere[Int(user)] = true }
        table = [Int32](repeating: 0, count: isThere.count)
        var next: Int32 = 0
        for user in isThere.indices where isThere[user] { (table[user], next) = (next, next + 1) }
        count = Int(next)
    }

    subscript(user: Int32) -> Int {
        table.isEmpty ? places[user] ?? 0 : Int(table[Int(user)])
    }
}
