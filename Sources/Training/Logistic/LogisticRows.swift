import LimpetEvents
package import LimpetLinearAlgebra
import LimpetParallel

/// The rows of a logistic regression in blocks, each row in one segment, with passes over memory that serve
/// many coefficient vectors at once.
///
/// Segments are the folds of a cross-validation: a point that holds one out learns from the others. Blocks
/// are processed in groups that depend on the data alone, and sums are taken in the order of groups, so that
/// no result depends on threads.
package struct LogisticRows: Sendable {
    /// The blocks, ordered by segment.
    package let blocks: [RowBlock]
    /// The number of columns, the intercept first.
    package let columns: Int
    /// The number of segments.
    package let segmentCount: Int
    /// The row of the data at each position.
    package let order: [Int]
    private let groups: [Group]
    /// Runs of groups within one segment; they are few, because a matrix is kept for each.
    private let runs: [Range<Int>]

    struct Group: Sendable {
        var segment: Int
        var blocks: Range<Int>
    }

    /// Coefficients to evaluate, of a model that is not fitted on the segment held out.
    package struct Point: Sendable {
        package var coefficients: [Double]
        package var heldOut: Int?
        /// The precision of losses and gradients.
        package var precision: RowBlock.Precision

        package init(
            _ coefficients: [Double], heldOut: Int? = nil, precision: RowBlock.Precision = .double
        ) {
            self.coefficients = coefficients
            self.heldOut = heldOut
            self.precision = precision
        }
    }

    /// The sum of losses over a point's own rows, and its gradient.
    package struct Value: Sendable {
        package var loss: Double
        package var gradient: [Double]
    }

    /// Makes rows from blocks.
    ///
    /// - Parameter segmentOfBlock: ascending.
    init(blocks: [RowBlock], segmentOfBlock: [Int], columns: Int, order: [Int]) {
        self.blocks = blocks
        self.columns = columns
        self.order = order
        segmentCount = (segmentOfBlock.last ?? 0) + 1
        let size = max(1, (blocks.count + 31) / 32)
        var groups: [Group] = []
        for (block, segment) in segmentOfBlock.enumerated() {
            if let last = groups.last, last.segment == segment, last.blocks.count < size {
                groups[groups.count - 1].blocks = last.blocks.lowerBound..<(block + 1)
            } else {
                groups.append(Group(segment: segment, blocks: block..<(block + 1)))
            }
        }
        self.groups = groups
        runs = Self.runs(groups, atMost: max(1, min(32, 8_388_608 / max(1, columns * columns))))
    }

    private static func runs(_ groups: [Group], atMost count: Int) -> [Range<Int>] {
        let size = max(1, (groups.count + count - 1) / count)
        var runs: [Range<Int>] = []
        for (place, group) in groups.enumerated() {
            if let last = runs.last, last.count < size, groups[last.lowerBound].segment == group.segment {
                runs[runs.count - 1] = last.lowerBound..<(place + 1)
            } else {
                runs.append(place..<(place + 1))
            }
        }
        return runs
    }

    /// The number of rows.
    package var count: Int { order.count }

    /// The sum of weights by segment.
    package var segmentWeights: [Double] {
        var sums = [Double](repeating: 0, count: segmentCount)
        for group in groups {
            for block in blocks[group.blocks] { sums[group.segment] += block.totalWeight }
        }
        return sums
    }

    /// Returns every `stride`th block, for the first steps of a fit.
    func sampled(every stride: Int) -> LogisticRows {
        let places = Array(Swift.stride(from: 0, to: blocks.count, by: stride))
        return LogisticRows(
            blocks: places.map { blocks[$0] }, segmentOfBlock: places.map { _ in 0 }, columns: columns,
            order: Array(repeating: 0, count: places.reduce(0) { $0 + blocks[$1].rows }))
    }

    /// The segment of each block.
    var segmentOfBlock: [Int] { groups.flatMap { group in group.blocks.map { _ in group.segment } } }

    // MARK: Values and gradients

    /// Returns the loss and its gradient at each point, over its rows.
    package func values(_ points: [Point], threads: Int) async throws -> [Value] {
        combine(
            try await concurrentMap(groups, threads: threads) { parts($0, points) }.flatMap { $0 }, points)
    }

    /// Returns the loss and its gradient at each point, over its rows, computed on one thread.
    package func values(_ points: [Point]) -> [Value] {
        combine(groups.flatMap { parts($0, points) }, points)
    }

    private struct Part: Sendable {
        var points: [Int]
        var losses: [Double]
        /// The gradients, `[points][columns]`; nil where only losses are needed.
        var gradients: [Double]?
    }

    /// Returns a group's contributions to the points of each precision.
    private func parts(_ group: Group, _ points: [Point]) -> [Part] {
        RowBlock.Precision.allCases.map { precision in
            let places = points.indices.filter {
                points[$0].heldOut != group.segment && points[$0].precision == precision
            }
            return part(
                group, points, places, precision: precision,
                gradients: [Double](repeating: 0, count: places.count * columns))
        }
    }

    private func part(
        _ group: Group, _ points: [Point], _ places: [Int], precision: RowBlock.Precision,
        gradients: [Double]?
    ) -> Part {
        var part = Part(
            points: places, losses: [Double](repeating: 0, count: places.count), gradients: gradients)
        let coefficients = Array(places.map { points[$0].coefficients }.joined())
        var scratch = RowBlock.Scratch()
        guard !places.isEmpty else { return part }
        for block in blocks[group.blocks] {
            block.addLosses(
                of: coefficients, precision: precision, to: &part.losses, gradients: &part.gradients,
                scratch: &scratch)
        }
        return part
    }

    private func combine(_ parts: [Part], _ points: [Point]) -> [Value] {
        var values = points.map { _ in Value(loss: 0, gradient: [Double](repeating: 0, count: columns)) }
        for part in parts {
            for (place, point) in part.points.enumerated() {
                values[point].loss += part.losses[place]
                guard let gradients = part.gradients else { continue }
                for column in 0..<columns {
                    values[point].gradient[column] += gradients[place * columns + column]
                }
            }
        }
        return values
    }

    // MARK: Held-out rows

    /// Returns the loss at each point over the rows that it holds out.
    package func heldOutLosses(_ points: [Point], threads: Int) async throws -> [Double] {
        let parts = try await concurrentMap(groups, threads: threads) { group in
            RowBlock.Precision.allCases.map { precision in
                let places = points.indices.filter {
                    points[$0].heldOut == group.segment && points[$0].precision == precision
                }
                return part(group, points, places, precision: precision, gradients: nil)
            }
        }
        return combine(parts.flatMap { $0 }, points).map(\.loss)
    }

    /// Returns the log-odds of the rows that a point holds out, or of all rows where it holds none out, with
    /// the rows' numbers in the data.
    package func heldOutLogOdds(_ point: Point) -> [(row: Int, logOdds: Double)] {
        var result: [(row: Int, logOdds: Double)] = []
        var place = 0
        for group in groups {
            for block in blocks[group.blocks] {
                if point.heldOut ?? group.segment == group.segment {
                    for (offset, value) in block.logOdds(point.coefficients).enumerated() {
                        result.append((order[place + offset], value))
                    }
                }
                place += block.rows
            }
        }
        return result
    }

    /// Returns the results of a function for each group of blocks, with the group's segment, in the order of
    /// groups.
    func forGroups<Result: Sendable>(
        threads: Int, _ body: @escaping @Sendable (Int, ArraySlice<RowBlock>) -> Result
    ) async throws -> [(segment: Int, Result)] {
        let results = try await concurrentMap(groups, threads: threads) { group in
            body(group.segment, blocks[group.blocks])
        }
        return zip(groups, results).map { ($0.segment, $1) }
    }

    // MARK: Curvature

    /// Returns `X'WX` of each segment at coefficients, `W = w p (1 − p)`; both triangles.
    package func curvatures(
        _ coefficients: [Double], precision: RowBlock.Precision = .double, threads: Int
    ) async throws -> [Matrix] {
        add(try await concurrentMap(runs, threads: threads) { curvature($0, coefficients, precision) })
    }

    /// Returns `X'WX` of each segment at coefficients, computed on one thread.
    package func curvatures(_ coefficients: [Double]) -> [Matrix] {
        add(runs.map { curvature($0, coefficients, .double) })
    }

    private func curvature(
        _ run: Range<Int>, _ coefficients: [Double], _ precision: RowBlock.Precision
    ) -> Matrix {
        var gram = Matrix(rows: columns, columns: columns)
        var scratch = RowBlock.Scratch()
        for group in groups[run] {
            for block in blocks[group.blocks] {
                block.addCurvature(
                    of: coefficients, precision: precision, to: &gram, scratch: &scratch)
            }
        }
        return gram
    }

    private func add(_ parts: [Matrix]) -> [Matrix] {
        var sums = [Matrix](repeating: Matrix(rows: columns, columns: columns), count: segmentCount)
        for (run, part) in zip(runs, parts) { sums[groups[run.lowerBound].segment].add(part) }
        for segment in sums.indices { sums[segment].mirrorLowerTriangle() }
        return sums
    }
}
