import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel

/// The rows that several models are boosted on side by side, in blocks that each belong to one group, with
/// every model's scores: adds steps to scores, and sums losses and their derivatives by bin, in one pass over
/// the rows for all models.
struct LaneRows: Sendable {
    let layout: LaneLayout
    private let plan: LanePlan
    private var blocks: [Block]
    /// A derivative of one unit of weights as a fixed-point number.
    private let scale: Float
    /// The unit of weights.
    private let unit: Double

    private struct Block: Sendable {
        let group: Int
        let rows: [Int32]
        let bins: LaneBlock
        let labels: [UInt8]
        let weights: [Float]?
        /// The log-odds before the first round, without the models' intercepts; nil for zeros.
        let offsets: [Float]?
        /// The block's rows in the sample for correlations, with their places there.
        let sampled: [(row: Int32, place: Int32)]
        var scores: [Float]
        var losses: [Double] = []
    }

    /// The share of rows in a column's commonest bin from which blocks list the other rows alone.
    private static let commonShare = 0.4

    /// Makes rows with every model's intercept as its score.
    ///
    /// - Parameters:
    ///   - groupOfRow: the group of each row.
    ///   - sample: the rows of which ``curvature(lane:count:)`` tells the current state, ascending.
    init(
        _ binned: BinnedData, space: LaneSpace, counts: [[Int]], plan: LanePlan, groupOfRow: [Int32],
        labels: [Bool], weights: LaneWeights, offsets: [Double]?, intercepts: [Double], sample: [Int],
        threads: Int
    ) {
        self.plan = plan
        let isShared = Self.isShared(binned, groupOfRow)
        let layout = LaneLayout(
            models: plan.count, bins: space.inputs.map { binned.definitions[$0].binCount },
            commonest: space.inputs.map { isShared ? nil : Self.commonest(counts[$0]) })
        self.layout = layout
        // Derivatives are at most the weight; 30 bits hold them with a sign, and 2^33 of them fit into a sum.
        scale = weights.most > 0 ? Float(1 << 30) / weights.most : 1
        unit = weights.unit
        let start =
            intercepts.map { Float($0) } + [Float](repeating: 0, count: layout.lanes - intercepts.count)
        var placeInSample = [Int32](repeating: -1, count: binned.rowCount)
        for (place, row) in sample.enumerated() { placeInSample[row] = Int32(place) }
        let parts =
            isShared ? Self.parts(binned, groupOfRow) : Self.parts(groupOfRow, groups: plan.groups)
        let sampled = placeInSample
        blocks = ConcurrentBlocks.map(parts.count, threads: threads) { part in
            let rows = parts[part].rows
            let offsets = offsets.map { offsets in rows.map { Float(offsets[Int($0)]) } }
            var scores: [Float] = []
            scores.reserveCapacity(rows.count * layout.lanes)
            for row in rows.indices {
                let offset = offsets?[row] ?? 0
                for lane in 0..<layout.lanes { scores.append(start[lane] + offset) }
            }
            let bins =
                isShared
                ? LaneBlock(
                    layout, sharing: binned.blocks[part].bins, inputs: space.inputs, rowCount: rows.count)
                : LaneBlock(
                    layout, columns: binned.columns(space.inputs, rows: rows), rowCount: rows.count)
            return Block(
                group: parts[part].group, rows: rows, bins: bins,
                labels: rows.map { labels[Int($0)] ? 1 : 0 },
                weights: weights.weights(of: rows, lanes: layout.lanes), offsets: offsets,
                sampled: rows.indices.compactMap { row in
                    let place = sampled[Int(rows[row])]
                    return place < 0 ? nil : (Int32(row), place)
                }, scores: scores)
        }
    }

    private static func commonest(_ counts: [Int]) -> UInt8? {
        let most = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
        let isCommon = Double(counts[most]) > commonShare * Double(counts.reduce(0, +))
        return isCommon ? UInt8(most) : nil
    }

    /// The results of a pass over the rows.
    struct Pass: Sendable {
        /// The summed log loss, `[groups][lanes]`.
        var losses: [[Double]]
        /// The summed derivatives by bin, as laid out by ``LaneLayout``.
        var sums: [Int64]
    }

    /// Adds steps to the scores, then sums losses and derivatives.
    mutating func pass(adding steps: LaneTables?, threads: Int) -> Pass {
        let (layout, plan, scale) = (layout, plan, scale)
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads, initial: { Partial(layout) },
            { block, partial in
                if let steps {
                    block.bins.addTables(
                        steps.tables, changed: steps.changed, base: steps.base, to: &block.scores)
                }
                block.losses = block.bins.losses(
                    scores: block.scores, labels: block.labels, weights: block.weights,
                    derivatives: &partial.derivatives)
                block.bins.addSums(
                    &partial.derivatives, scale: scale, lanes: plan.mask(of: block.group), to: &partial.sums,
                    totals: &partial.totals)
            })
        var sums = partials[0].sums
        var totals = partials[0].totals
        for partial in partials.dropFirst() {
            Self.add(partial.sums, to: &sums)
            Self.add(partial.totals, to: &totals)
        }
        fillCommonest(&sums, totals: totals)
        return Pass(losses: losses, sums: sums)
    }

    private struct Partial {
        var sums: [Int64]
        var totals: [Int64]
        var derivatives: LaneBlock.Derivatives

        init(_ layout: LaneLayout) {
            sums = layout.noSums
            totals = [Int64](repeating: 0, count: 2 * layout.lanes)
            derivatives = LaneBlock.Derivatives(layout)
        }
    }

    private static func add(_ some: [Int64], to sums: inout [Int64]) {
        var target = sums.mutableSpan
        let source = some.span
        for place in source.indices { target[place] += source[place] }
    }

    /// Gives the commonest bin of columns that list the other rows what these leave of the total.
    private func fillCommonest(_ sums: inout [Int64], totals: [Int64]) {
        let width = 2 * layout.lanes
        for column in 0..<layout.columns {
            guard let commonest = layout.commonest[column] else { continue }
            var rest = totals
            for bin in layout.firstBin[column]..<layout.firstBin[column + 1] {
                for place in 0..<width { rest[place] -= sums[bin * width + place] }
            }
            let target = (layout.firstBin[column] + Int(commonest)) * width
            for place in 0..<width { sums[target + place] = rest[place] }
        }
    }

    private var losses: [[Double]] {
        var losses = [[Double]](repeating: [Double](repeating: 0, count: layout.lanes), count: plan.groups)
        for block in blocks {
            for lane in 0..<layout.lanes { losses[block.group][lane] += block.losses[lane] * unit }
        }
        return losses
    }

    /// Returns `p(1 − p)` of the sampled rows in one lane.
    func curvature(lane: Int, count: Int) -> [Float] {
        var curvature = [Float](repeating: 0, count: count)
        for block in blocks {
            for (row, place) in block.sampled {
                let p = ElementaryFunctions.logistic(Double(block.scores[Int(row) * layout.lanes + lane]))
                curvature[Int(place)] = Float(p * (1 - p))
            }
        }
        return curvature
    }

    /// Returns the current scores of a group's rows in one lane.
    func scores(lane: Int, group: Int) -> [(row: Int, logOdds: Double)] {
        blocks.flatMap { block in
            guard block.group == group else { return [] as [(row: Int, logOdds: Double)] }
            return block.rows.indices.map {
                (Int(block.rows[$0]), Double(block.scores[$0 * layout.lanes + lane]))
            }
        }
    }

    /// Returns the scores that rows would have with other tables: those of a group in each wanted lane.
    ///
    /// - Parameters:
    ///   - start: the scores before the tables: each lane's intercept.
    ///   - tables: of each group.
    func scores(
        start: [Double], tables: [LaneTables], wanted: [(lane: Int, group: Int)], threads: Int
    ) -> [(row: Int, logOdds: Double)] {
        let lanes = (0..<plan.groups).map { group in wanted.filter { $0.group == group }.map(\.lane) }
        // As they are in lanes: pairs of every row in every block would be the peak of a training's memory.
        let scored = ConcurrentBlocks.map(blocks.count, threads: threads) { index in
            let block = blocks[index]
            let scores = scores(of: block, start: start, tables: tables[block.group])
            return lanes[block.group].map { lane in
                block.rows.indices.map { scores[$0 * layout.lanes + lane] }
            }
        }
        let count = wanted.reduce(0) { sum, want in
            sum + blocks.reduce(0) { $0 + ($1.group == want.group ? $1.rows.count : 0) }
        }
        var found: [(row: Int, logOdds: Double)] = []
        found.reserveCapacity(count)
        for want in wanted {
            guard let place = lanes[want.group].firstIndex(of: want.lane) else { continue }
            for (block, scores) in zip(blocks, scored) where block.group == want.group {
                for (row, score) in zip(block.rows, scores[place]) {
                    found.append((Int(row), Double(score)))
                }
            }
        }
        return found
    }

    /// Returns the scores that a block's rows would have with other tables, `[rows][lanes]`.
    private func scores(of block: Block, start: [Double], tables: LaneTables) -> [Float] {
        var scores: [Float] = []
        scores.reserveCapacity(block.rows.count * layout.lanes)
        for row in block.rows.indices {
            let offset = block.offsets?[row] ?? 0
            for lane in 0..<layout.lanes {
                scores.append(offset + (lane < start.count ? Float(start[lane]) : 0))
            }
        }
        block.bins.addTables(tables.tables, changed: tables.changed, base: tables.base, to: &scores)
        return scores
    }

    /// Returns a sum of fixed-point derivatives as a number.
    func value(_ sum: Int64) -> Double { Double(sum) / Double(scale) * unit }
}

/// The values that steps add to the scores of all lanes.
struct LaneTables: Sendable {
    let tables: [Float]
    /// The columns to add.
    let changed: [Int]
    /// The values of commonest bins, which all rows take.
    let base: [Float]

    /// Makes tables of each lane's values by bin, `[lanes][columns][bins]`, where a column without values
    /// adds nothing.
    init(_ layout: LaneLayout, values: [[[Double]?]]) {
        var tables = layout.noTables
        var sums = [Double](repeating: 0, count: layout.lanes)
        var isChanged = [Bool](repeating: false, count: layout.columns)
        for column in 0..<layout.columns {
            for (lane, columns) in values.enumerated() {
                guard let bins = columns[column] else { continue }
                isChanged[column] = true
                let common = layout.commonest[column].map { bins[Int($0)] } ?? 0
                sums[lane] += common
                for (bin, value) in bins.enumerated() {
                    tables[(layout.firstBin[column] + bin) * layout.lanes + lane] = Float(value - common)
                }
            }
        }
        changed = layout.added(isChanged)
        (self.tables, base) = (tables, sums.map { Float($0) })
    }
}
