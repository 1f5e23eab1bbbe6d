import LimpetParallel
import LimpetScoring

/// One input's axis of a pair: at most 32 groups of its bins (Y. Lou, R. Caruana, J. Gehrke and G. Hooker,
/// 2013).
struct PairAxis: Sendable {
    let input: Int
    /// The axis of the term.
    let axis: Term.Axis
    /// The group of each bin, missing values last.
    let stateOfBin: [UInt8]
    /// True when the order of the groups has no meaning, as for levels.
    let isUnordered: Bool

    var binCount: Int { axis.binCount }

    /// Groups the bins of an input.
    ///
    /// - Parameter users: the users of each bin.
    init(input: Int, definition: BinDefinition, users: [Double], maximumBins: Int) {
        self.input = input
        switch definition.kind {
        case .numbers(let edges):
            let groups = Self.groups(Array(users.prefix(definition.valueBins)), count: maximumBins - 1)
            let opened = groups.indices.dropFirst().filter { groups[$0] != groups[$0 - 1] }
            axis = .numbers(edges: opened.map { edges[$0 - 1] })
            stateOfBin = (groups + [(groups.last ?? 0) + 1]).map { UInt8($0) }
            isUnordered = false
        case .levels(let names):
            let kept = Self.frequent(users.prefix(names.count).map { $0 }, count: maximumBins - 2)
            axis = .levels(names: kept.map { names[$0] })
            var states = [UInt8](repeating: UInt8(kept.count), count: names.count + 1)
            for (state, level) in kept.enumerated() { states[level] = UInt8(state) }
            stateOfBin = states + [UInt8(kept.count + 1)]
            isUnordered = true
        }
    }

    /// Returns groups of neighbouring bins with about equal weight.
    private static func groups(_ users: [Double], count: Int) -> [Int] {
        guard users.count > count else { return Array(users.indices) }
        var (left, groupsLeft, inGroup, group) = (users.reduce(0, +), count, 0.0, 0)
        return users.enumerated().map { bin, weight in
            let here = group
            inGroup += weight
            let binsLeft = users.count - bin - 1
            let isFull = inGroup >= left / Double(groupsLeft)
            if (isFull || binsLeft < groupsLeft) && groupsLeft > 1 {
                left -= inGroup
                (groupsLeft, inGroup, group) = (groupsLeft - 1, 0, group + 1)
            }
            return here
        }
    }

    private static func frequent(_ users: [Double], count: Int) -> [Int] {
        Array(users.indices.sorted { (users[$0], $1) > (users[$1], $0) }.prefix(count)).sorted()
    }

    /// Returns the bins of some rows, which ascend, by each axis, `[inputs][rows]`; none of an input without
    /// an axis.
    static func columns(
        _ data: BinnedData, axes: [PairAxis?], rows: [Int], threads: Int
    ) -> [[UInt8]] {
        ConcurrentBlocks.map(axes.count, threads: threads) { input in
            guard let axis = axes[input] else { return [] }
            return data.column(input, rows: rows).map { axis.stateOfBin[Int($0)] }
        }
    }
}
