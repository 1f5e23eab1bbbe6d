/// The order in which neighbouring bins of one input are best merged: those first whose gradients differ
/// least relative to chance (the criterion of J. Ward, 1963, on Newton steps).
struct BinMerging {
    /// The cost of each merge, never less than that of the previous one.
    private(set) var costs: [Double] = []
    /// The bin that each merge joins to the group before it.
    private var joined: [Int] = []
    private let bins: Int

    /// Merges all bins in order of cost.
    ///
    /// - Parameters:
    ///   - balance: the additional cost of a merge, in units of the share of all Hessian that two groups of
    ///     equal size have: where gradients are equal, groups become equally heavy.
    init(gradients: [Double], hessians: [Double], balance: Double) {
        precondition(gradients.count == hessians.count)
        bins = gradients.count
        var (gradients, hessians) = (gradients, hessians)
        var starts = Array(gradients.indices)
        let total = max(hessians.reduce(0, +), .leastNormalMagnitude)
        func cost(_ left: Int) -> Double {
            let (a, b) = (hessians[left], hessians[left + 1])
            guard a > 0, b > 0 else { return 0 }
            let weight = a * b / (a + b)
            let difference = gradients[left] / a - gradients[left + 1] / b
            return weight * (difference * difference + balance / total)
        }
        var pairCosts = (0..<max(0, bins - 1)).map(cost)
        while let least = pairCosts.indices.min(by: { pairCosts[$0] < pairCosts[$1] }) {
            costs.append(max(pairCosts[least], costs.last ?? 0))
            joined.append(starts[least + 1])
            gradients[least] += gradients.remove(at: least + 1)
            hessians[least] += hessians.remove(at: least + 1)
            starts.remove(at: least + 1)
            pairCosts.remove(at: least)
            if least < pairCosts.count { pairCosts[least] = cost(least) }
            if least > 0 { pairCosts[least - 1] = cost(least - 1) }
        }
    }

    /// Returns the group of each bin after the given number of merges.
    func groups(after merges: Int) -> [Int] {
        var opensGroup = [Bool](repeating: true, count: bins)
        for bin in joined.prefix(merges) { opensGroup[bin] = false }
        var group = -1
        return opensGroup.map {
            if $0 { group += 1 }
            return group
        }
    }
}
