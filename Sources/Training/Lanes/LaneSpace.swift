import LimpetLinearAlgebra

/// The inputs that lanes may split, with their bins merged into at most as many groups as a quadratic model
/// affords. Groups follow from the inputs alone, never from labels.
struct LaneSpace: Sendable {
    /// The inputs, ascending.
    let inputs: [Int]
    /// The group of each bin, `[features][bins]`.
    let groupOfBin: [[UInt8]]
    let sets: RowSets

    /// The number of sets that models afford: their correlations are a square of it.
    static let mostSets = 4_096
    /// The least number of groups of an input; where there are more inputs than that allows, other ways of
    /// boosting are better.
    static let leastGroups = 16

    /// Chooses groups.
    ///
    /// - Parameters:
    ///   - counts: the number of rows in each bin, `[inputs][bins]`.
    ///   - limit: the largest number of sets.
    init(_ definitions: [BinDefinition], counts: [[Int]], limit: Int = Self.mostSets) {
        let isFilled = counts.map { $0.map { $0 > 0 } }
        let inputs = definitions.indices.filter { input in isFilled[input].count { $0 } > 1 }
        func axis(_ input: Int, most: Int) -> RowSets.Axis {
            Self.axis(definitions[input], isFilled[input], most: most)
        }
        func total(_ most: Int) -> Int { inputs.reduce(0) { $0 + axis($1, most: most).sets } }
        var most = StumpKernels.places
        while most > Self.leastGroups, total(most) > limit { most = max(Self.leastGroups, most * 7 / 8) }
        self.inputs = inputs
        sets = RowSets(inputs.map { axis($0, most: most) })
        groupOfBin = inputs.map { Self.groups(definitions[$0], counts[$0], most: most) }
    }

    private static func axis(_ definition: BinDefinition, _ isFilled: [Bool], most: Int) -> RowSets.Axis {
        let values = isFilled[..<definition.valueBins].count { $0 }
        let hasMissing = isFilled[definition.valueBins]
        let isLevels = if case .levels = definition.kind { true } else { false }
        let groups = isLevels ? values : min(values, most)
        return RowSets.Axis(bins: groups + (hasMissing ? 1 : 0), hasMissing: hasMissing, isLevels: isLevels)
    }

    /// Returns the group of each bin: one for each filled bin where these are few, else neighbours with about
    /// as many rows in every group. An empty bin joins the one before it.
    private static func groups(_ definition: BinDefinition, _ counts: [Int], most: Int) -> [UInt8] {
        let values = definition.valueBins
        let filled = (0..<values).filter { counts[$0] > 0 }
        let isLevels = if case .levels = definition.kind { true } else { false }
        let wanted = isLevels ? filled.count : min(filled.count, most)
        var group = 0
        var (left, inGroup) = (filled.reduce(0) { $0 + counts[$1] }, 0)
        var groups = [UInt8](repeating: 0, count: values + 1)
        var isOpen = false
        for (place, bin) in filled.enumerated() {
            if isOpen, group + 1 < wanted {
                let binsLeft = filled.count - place
                let share = Double(left) / Double(wanted - group)
                let isFull = Double(inGroup) + Double(counts[bin]) / 2 > share
                if isFull || binsLeft < wanted - group {
                    left -= inGroup
                    inGroup = 0
                    group += 1
                }
            }
            isOpen = true
            inGroup += counts[bin]
            groups[bin] = UInt8(group)
        }
        for bin in 1..<max(1, values) where counts[bin] == 0 { groups[bin] = groups[bin - 1] }
        groups[values] = counts[values] > 0 ? UInt8(filled.isEmpty ? 0 : group + 1) : 0
        return groups
    }

    /// Returns an input's sums by group.
    func grouped(_ feature: Int, _ bins: (Int) -> Double) -> [Double] {
        var sums = [Double](repeating: 0, count: sets.axes[feature].bins)
        for (bin, group) in groupOfBin[feature].enumerated() { sums[Int(group)] += bins(bin) }
        return sums
    }
}
