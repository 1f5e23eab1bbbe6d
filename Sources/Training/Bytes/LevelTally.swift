import LimpetDocuments
import LimpetEvents
import LimpetScoring

/// The levels of a category among rows that come user by user, with the users of each.
struct LevelTally: Sendable {
    /// The names of all levels that the log has.
    private let names: [String]
    private let codeOfKey: [UInt64: Int32]
    private var counts: [Count]

    private struct Count: Sendable {
        /// The users with an early row of the level, and with any.
        var (early, all) = (0, 0)
        var (lastEarly, last): (Int32, Int32) = (-1, -1)
        var (earlyRows, rows) = (0, 0)
    }

    init(_ names: [String]) {
        self.names = names
        var codeOfKey: [UInt64: Int32] = [0: -1]
        for (code, name) in names.enumerated() { codeOfKey[TextKey(name).rawValue] = Int32(code) }
        self.codeOfKey = codeOfKey
        counts = names.map { _ in Count() }
    }

    /// Counts a row, and returns the level's code; −1 where it is missing.
    mutating func code(_ key: UInt64, user: Int32, isEarly: Bool) -> Int32 {
        guard let code = codeOfKey[key], code >= 0 else { return -1 }
        let place = Int(code)
        counts[place].rows += 1
        if counts[place].last != user { counts[place].all += 1 }
        counts[place].last = user
        guard isEarly else { return code }
        counts[place].earlyRows += 1
        if counts[place].lastEarly != user { counts[place].early += 1 }
        counts[place].lastEarly = user
        return code
    }

    /// Returns the levels that at least `minimum` users have, in early rows or, where no early row has them,
    /// in any; the most frequent ones where they outnumber the bins.
    func definition(minimumUsers minimum: Int) -> BinDefinition {
        let kept = counts.indices.filter { level in
            let count = counts[level]
            return count.all > 0 && (count.early == 0 ? count.all : count.early) >= minimum
        }
        let order = kept.sorted {
            (counts[$0].earlyRows, counts[$0].rows, $1) > (counts[$1].earlyRows, counts[$1].rows, $0)
        }
        let some = order.prefix(BinDefinition.limit - 2).map { names[$0] }
        return BinDefinition(kind: .levels(names: some.sorted()))
    }

    /// Returns the bin of each code, and of a missing level at the end.
    func bins(of definition: BinDefinition) -> [UInt8] {
        guard case .levels(let known) = definition.kind else {
            preconditionFailure("a category has levels")
        }
        var binOfName: [VerbatimText: UInt8] = [:]
        for (bin, name) in known.enumerated() { binOfName[VerbatimText(name)] = UInt8(bin) }
        return names.map { binOfName[VerbatimText($0)] ?? UInt8(known.count) } + [UInt8(known.count + 1)]
    }
}
