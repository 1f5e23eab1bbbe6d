package import LimpetLinearAlgebra

/// The inputs that lanes may split, with their bins merged into at most as many groups as a quadratic model
/// affords. Groups follow from the inputs alone, never from labels.
package struct LaneSpace: Sendable {
    /// The inputs, ascending.
    package let inputs: [Int]
    /// The group of each bin, `[features][bins]`.
    package let groupOfBin: [[UInt8]]
    package let sets: RowSets

    /// The number of sets down to which bins are merged: finer groups would cost time and win nothing.
    static let usualSets = 4_096
    /// The sets that few rows may have, and the rows for each set beyond them: finer groups of few rows cost
    /// more time and memory than all else, and win nothing.
    private static let (fewSets, rowsPerSet) = (1_024, 2)
    /// The largest number of sets, for data of many inputs: correlations are a square of it.
    static let mostSets = 16_384
    /// The least number of groups of an input with numbers; where there are more inputs than that allows,
    /// other ways of boosting are better.
    static let leastGroups = 16

    /// Returns the number of sets down to which the bins of a number of rows are merged.
    static func usualSets(rows: Int) -> Int { min(usualSets, max(fewSets, rows / rowsPerSet)) }

    /// Chooses groups.
    ///
    /// - Parameters:
    ///   - counts: the number of rows in each bin, `[inputs][bins]`.
    ///   - limit: the largest number of sets, at least ``leastSets(_:)``.
    package init(_ definitions: [BinDefinition], counts: [[Int]], limit: Int) {
        let isFilled = counts.map { $0.map { $0 > 0 } }
        let inputs = Self.inputs(counts)
        func axis(_ input: Int, most: Int) -> RowSets.Axis {
            Self.axis(definitions[input], isFilled[input], most: most)
        }
        func total(_ most: Int) -> Int { inputs.reduce(0) { $0 + axis($1, most: most).sets } }
        var most = StumpKernels.places
        let goal = min(limit, Self.usualSets(rows: counts.first?.reduce(0, +) ?? 0))
        while most > Self.leastGroups, total(most) > goal { most = max(Self.leastGroups, most * 7 / 8) }
        self.inputs = inputs
        sets = RowSets(inputs.map { axis($0, most: most) })
        precondition(sets.count <= limit, "inputs with more sets are boosted in another way")
        groupOfBin = inputs.map { Self.groups(definitions[$0], counts[$0], most: most) }
    }

    /// Returns the inputs that lanes may split: those that hold rows in more than one bin.
    ///
    /// - Parameter counts: the number of rows in each bin, `[inputs][bins]`.
    static func inputs(_ counts: [[Int]]) -> [Int] {
        counts.indices.filter { input in counts[input].count { $0 > 0 } > 1 }
    }

    /// Returns the number of sets that are enough for inputs, whichever of their bins hold rows: those of
    /// numbers can be merged, those of levels have no neighbours to merge with.
    package static func leastSets(_ definitions: [BinDefinition]) -> Int {
        definitions.reduce(0) { sum, definition in
            switch definition.kind {
            case .numbers: sum + min(definition.binCount, leastGroups)
            case .levels: sum + definition.binCount
            }
        }
    }

    /// Returns about what ``leastSets(_:)`` will be, and hardly more, for columns whose bins are yet to be
    /// found.
    ///
    /// - Parameter models: the number of models, each of which has its own column of a coded category.
    package static func leastSets(
        _ columns: [TrainingData.Column], models: Int = 1, maximumBins: Int
    ) -> Int {
        columns.reduce(0) { sum, column in
            switch column {
            case .bytes(let column): return sum + leastSets([column.definition])
            case .levels(let names, _) where names.count > LevelCoding.fewLevels:
                return sum + models * leastGroups
            case .levels(let names, _): return sum + min(names.count + 2, BinDefinition.limit)
            case .numbers(let numbers):
                let most = min(leastGroups, maximumBins)
                var values: Set<Double> = []
                for number in numbers.prefix(glanceRows) where !number.isNaN && values.count + 1 < most {
                    values.insert(number)
                }
                return sum + values.count + 1
            }
        }
    }

    /// The number of rows among which values of numbers are looked for before there are bins.
    private static let glanceRows = 1_000

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
