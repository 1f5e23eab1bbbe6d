import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// What comes with each row beside its inputs and its label.
package struct RowExtras: Sendable {
    /// From 0 on: 2 is the row twice, 0 no row at all; nil for ones.
    package var weights: [Double]?
    /// Added to the log-odds; nil for zeros.
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
    /// The design's rows in blocks, with a first column of ones.
    func rows(of data: TrainingData, _ extras: RowExtras = RowExtras(), threads: Int) async throws
        -> LogisticRows
    {
        let layout = LogisticRows.layout(
            segments: extras.segments ?? data.labels.map { _ in 0 }, columns: columns.count + 1)
        let blocks = try await concurrentMap(layout, threads: threads) { block in
            RowBlock(
                design: values(of: data, rows: block.rows),
                labels: block.rows.map { data.labels[$0] ? 1 : 0 },
                weights: extras.weights.map { weights in block.rows.map { weights[$0] } },
                offsets: extras.offsets.map { offsets in block.rows.map { offsets[$0] } })
        }
        return LogisticRows(
            blocks: blocks, segmentOfBlock: layout.map(\.segment), columns: columns.count + 1,
            order: layout.flatMap(\.rows))
    }

    /// Column after column.
    private func values(of data: TrainingData, rows: [Int]) -> [Double] {
        var values = [Double](repeating: 1, count: rows.count)
        values.reserveCapacity(rows.count * (columns.count + 1))
        for column in columns {
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
        return values
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
