import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// The weights, offsets and segments of rows, in addition to their inputs and labels.
package struct RowExtras: Sendable {
    /// The weight of each row, at least 0: 2 counts the row twice, 0 leaves it out; nil for ones.
    package var weights: [Double]?
    /// The constants added to the log-odds; nil for zeros.
    package var offsets: [Double]?
    /// The fold that holds the row out; nil for one segment of all rows.
    package var segments: [Int]?

    package init(weights: [Double]? = nil, offsets: [Double]? = nil, segments: [Int]? = nil) {
        (self.weights, self.offsets, self.segments) = (weights, offsets, segments)
    }

    func selecting(_ rows: [Int]) -> RowExtras {
        RowExtras(
            weights: weights.map { values in rows.map { values[$0] } },
            offsets: offsets.map { values in rows.map { values[$0] } },
            segments: segments.map { values in rows.map { values[$0] } })
    }
}

extension LogisticDesign {
    /// Returns the design's rows in blocks, with a first column of ones.
    func rows(of data: TrainingData, _ extras: RowExtras = RowExtras(), threads: Int) async throws
        -> LogisticRows
    {
        let layout = LogisticRows.layout(
            rows: data.labels.count, segments: extras.segments, columns: columns.count + 1)
        // One block is too little work for a task of its own.
        let size = max(1, layout.count / (16 * threads))
        let chunks = stride(from: 0, to: layout.count, by: size).map { $0..<min($0 + size, layout.count) }
        let blocks = try await concurrentMap(chunks, threads: threads) { chunk in
            self.blocks(of: data, extras, layout[chunk].map(\.rows))
        }
        return LogisticRows(
            blocks: blocks.flatMap { $0 }, segmentOfBlock: layout.map(\.segment), columns: columns.count + 1,
            order: layout.flatMap(\.rows))
    }

    /// The number of rows from which the design is kept in 32 bits: half the memory, and half the time of
    /// passes that are limited by memory. Sums and products keep 64 bits, and the rounding to seven digits is
    /// far smaller than the error with which such numbers are known.
    static let singlePrecisionRows = LogisticPath.singlePrecisionRows

    private func blocks(of data: TrainingData, _ extras: RowExtras, _ rows: [[Int]]) -> [RowBlock] {
        guard data.labels.count >= Self.singlePrecisionRows else {
            return rows.map { rows in
                var values = [Double](repeating: 1, count: rows.count)
                values.reserveCapacity(rows.count * (columns.count + 1))
                for column in columns { append(column, data, rows: rows, to: &values) }
                let part = extras.selecting(rows)
                return RowBlock(
                    design: values, labels: data.labels(rows), weights: part.weights, offsets: part.offsets)
            }
        }
        return narrowBlocks(of: data, extras, rows)
    }

    /// Returns blocks that share an array. Eight blocks are written at a time, so that each column is read in
    /// longer runs than a block's.
    private func narrowBlocks(of data: TrainingData, _ extras: RowExtras, _ rows: [[Int]]) -> [RowBlock] {
        var values: [Float] = []
        values.reserveCapacity(rows.reduce(0) { $0 + $1.count } * (columns.count + 1))
        var starts: [Int] = []
        for first in stride(from: 0, to: rows.count, by: 8) {
            let some = rows[first..<min(first + 8, rows.count)]
            for rows in some {
                starts.append(values.count)
                values.append(contentsOf: repeatElement(1, count: rows.count * (columns.count + 1)))
            }
            for place in columns.indices {
                for (rows, start) in zip(some, starts[first...]) {
                    write(columns[place], data, rows: rows, to: &values, at: start + (place + 1) * rows.count)
                }
            }
        }
        return zip(rows, starts).map { rows, start in
            let part = extras.selecting(rows)
            return RowBlock(
                design: values[start..<(start + rows.count * (columns.count + 1))],
                labels: data.labels(rows), weights: part.weights, offsets: part.offsets)
        }
    }

    private func write(
        _ column: Column, _ data: TrainingData, rows: [Int], to values: inout [Float], at start: Int
    ) {
        if case .value(let transform, let mean, let deviation) = column.meaning,
            case .numbers(let numbers) = data.columns[column.input]
        {
            Standardiser(takesLog: transform == .signedLog, mean: mean, deviation: deviation)
                .write(numbers, rows: rows, to: &values, at: start)
            return
        }
        var wide: [Double] = []
        append(column, data, rows: rows, to: &wide)
        SinglePrecision.write(wide, to: &values, at: start)
    }

    private func append(_ column: Column, _ data: TrainingData, rows: [Int], to values: inout [Double]) {
        switch (column.meaning, data.columns[column.input]) {
        case (.value(let transform, let mean, let deviation), .numbers(let numbers)):
            Standardiser(takesLog: transform == .signedLog, mean: mean, deviation: deviation)
                .append(numbers, rows: rows, to: &values)
        case (.spline(let spline), .numbers(let numbers)):
            values += rows.map { numbers[$0].isNaN ? 0 : spline.curve(numbers[$0]) }
        case (_, let inputs):
            values += Self.indicator(column, inputs, rows)
        }
    }

    private static func indicator(_ column: Column, _ inputs: TrainingData.Column, _ rows: [Int]) -> [Double]
    {
        switch (column.meaning, inputs) {
        case (.missingNumber(let share, let deviation), .numbers(let numbers)):
            return rows.map { ((numbers[$0].isNaN ? 1 : 0) - share) / deviation }
        case (.missingLevel, .levels(_, let codes)):
            return rows.map { codes[$0] < 0 ? 1 : 0 }
        case (.level(let level), .levels(let names, let codes)):
            return rows.map { row in
                let code = Int(codes[row])
                return code >= 0 && (level.map { code == $0 } ?? (code >= names.count)) ? 1 : 0
            }
        default:
            preconditionFailure("a design column does not fit its input")
        }
    }
}

extension TrainingData {
    /// Returns the labels of the given rows as numbers.
    fileprivate func labels(_ rows: [Int]) -> [Double] { rows.map { labels[$0] ? 1 : 0 } }
}
