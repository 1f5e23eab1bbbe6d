import CKernels
import LimpetParallel

/// The sums of row weights by the bins of two features. Where most rows share one bin of a feature, as with
/// counts that are mostly 0, only the other rows are read, and that bin gets the remainder.
struct PairSums: Sendable {
    private let axes: [SplitGram.Axis]
    private let columns: [[UInt8]]
    private let weights: [Float]
    private let rare: [RareRows?]
    /// The summed weight of each feature's bins, `[features][bins]`.
    private let totals: [[Double]]

    /// The rows outside a feature's commonest bin.
    private struct RareRows: Sendable {
        var commonest: UInt8
        var rows: [Int32] = []
        var bins: [UInt8] = []
        var weights: [Float] = []
    }

    /// Memory for the sums of up to two pairs.
    struct Tables {
        var pairs = [[Float]](
            repeating: [Float](repeating: 0, count: StumpKernels.places * StumpKernels.places), count: 2)
        /// The number of tables in use.
        var used = 0
    }

    /// The share of rows from which the commonest bin is left out.
    private static let commonShare = 0.6

    init(axes: [SplitGram.Axis], columns: [[UInt8]], weights: [Float], threads: Int) {
        self.axes = axes
        self.columns = columns
        self.weights = weights
        rare = ConcurrentBlocks.map(columns.count, threads: threads) { Self.rareRows(columns[$0], weights) }
        totals = ConcurrentBlocks.map(columns.count, threads: threads) { feature in
            var sums = [Double](repeating: 0, count: axes[feature].bins)
            for (bin, weight) in zip(columns[feature], weights) { sums[Int(bin)] += Double(weight) }
            return sums
        }
    }

    private static func rareRows(_ column: [UInt8], _ weights: [Float]) -> RareRows? {
        var counts = [Int](repeating: 0, count: StumpKernels.places)
        for bin in column { counts[Int(bin)] += 1 }
        let commonest = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
        guard Double(counts[commonest]) > commonShare * Double(column.count) else { return nil }
        var rare = RareRows(commonest: UInt8(commonest))
        for (row, bin) in column.enumerated() where Int(bin) != commonest {
            rare.rows.append(Int32(row))
            rare.bins.append(bin)
            rare.weights.append(weights[row])
        }
        return rare
    }

    /// Sums one pair of features, or two where both can be summed in one pass over the rows: `first` with
    /// `second`, and with the feature after `second`.
    ///
    /// - Returns: the width of a row of the tables.
    func add(_ first: Int, _ second: Int, to tables: inout Tables) -> Int {
        if first == second { return addDiagonal(first, to: &tables) }
        let isPlain = rare[first] == nil && rare[second] == nil
        let two = isPlain && second + 1 < axes.count && rare[second + 1] == nil
        tables.used = two ? 2 : 1
        let width = max(axes[second].bins, two ? axes[second + 1].bins : 0)
        for table in 0..<tables.used { Self.clear(&tables.pairs[table], axes[first].bins * width) }
        if let rare = rare[second], rare.rows.count < self.rare[first]?.rows.count ?? .max {
            addRareColumns(rare, first, width, to: &tables.pairs[0])
        } else if let rare = rare[first] {
            addRareRows(rare, first, second, width, to: &tables.pairs[0])
        } else {
            addAll(first, second, two: two, width, to: &tables.pairs)
        }
        return width
    }

    /// Sums the pair of a feature with itself.
    private func addDiagonal(_ feature: Int, to tables: inout Tables) -> Int {
        let bins = axes[feature].bins
        tables.used = 1
        Self.clear(&tables.pairs[0], bins * bins)
        for bin in 0..<bins { tables.pairs[0][bin * bins + bin] = Float(totals[feature][bin]) }
        return bins
    }

    private static func clear(_ table: inout [Float], _ places: Int) {
        var span = table.mutableSpan
        for place in 0..<places { span[place] = 0 }
    }

    /// Adds the rows outside the second feature's commonest bin; that bin gets the remainder of the first's
    /// weights.
    private func addRareColumns(_ rare: RareRows, _ first: Int, _ width: Int, to table: inout [Float]) {
        add(rare, columns[first], width, transposed: false, to: &table)
        for row in 0..<axes[first].bins {
            var sum = 0.0
            for place in (row * width)..<((row + 1) * width) { sum += Double(table[place]) }
            table[row * width + Int(rare.commonest)] = Float(max(0, totals[first][row] - sum))
        }
    }

    private func addRareRows(
        _ rare: RareRows, _ first: Int, _ second: Int, _ width: Int, to table: inout [Float]
    ) {
        add(rare, columns[second], width, transposed: true, to: &table)
        let base = Int(rare.commonest) * width
        for column in 0..<axes[second].bins {
            var sum = 0.0
            for row in 0..<axes[first].bins { sum += Double(table[row * width + column]) }
            table[base + column] = Float(max(0, totals[second][column] - sum))
        }
    }

    private func add(
        _ rare: RareRows, _ other: [UInt8], _ width: Int, transposed: Bool, to table: inout [Float]
    ) {
        unsafe rare.rows.withUnsafeBufferPointer { rows in
            unsafe rare.bins.withUnsafeBufferPointer { bins in
                unsafe rare.weights.withUnsafeBufferPointer { weights in
                    unsafe other.withUnsafeBufferPointer { other in
                        unsafe table.withUnsafeMutableBufferPointer { table in
                            if transposed {
                                unsafe limpet_add_pair_transposed_at(
                                    rows.baseAddress, Int64(rows.count), bins.baseAddress, other.baseAddress,
                                    weights.baseAddress, Int32(width), table.baseAddress)
                            } else {
                                unsafe limpet_add_pair_at(
                                    rows.baseAddress, Int64(rows.count), other.baseAddress, bins.baseAddress,
                                    weights.baseAddress, Int32(width), table.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }

    private func addAll(_ first: Int, _ second: Int, two: Bool, _ width: Int, to tables: inout [[Float]]) {
        unsafe columns[first].withUnsafeBufferPointer { a in
            unsafe columns[second].withUnsafeBufferPointer { b in
                unsafe weights.withUnsafeBufferPointer { weights in
                    unsafe tables[0].withUnsafeMutableBufferPointer { one in
                        guard !two else { return }
                        unsafe limpet_add_pair(
                            a.baseAddress, b.baseAddress, weights.baseAddress, Int64(a.count), Int32(width),
                            one.baseAddress)
                    }
                    guard two else { return }
                    var (one, other) = (tables[0], tables[1])
                    tables = []
                    unsafe columns[second + 1].withUnsafeBufferPointer { c in
                        unsafe one.withUnsafeMutableBufferPointer { one in
                            unsafe other.withUnsafeMutableBufferPointer { other in
                                unsafe limpet_add_two_pairs(
                                    a.baseAddress, b.baseAddress, c.baseAddress, weights.baseAddress,
                                    Int64(a.count), Int32(width), one.baseAddress, other.baseAddress)
                            }
                        }
                    }
                    tables = [one, other]
                }
            }
        }
    }
}
