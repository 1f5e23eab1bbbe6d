import LimpetDocuments
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// The bins of a column's rows by an axis, found for some rows at a time.
struct ColumnBins: Sendable {
    private enum Source {
        /// Few enough edges for bytes: padded with infinity.
        case bytes([Double], edges: [Double], edgeCount: Int)
        case numbers([Double], Term.Axis)
        case levels([Int32], binOfCode: [Int32], missing: Int32)
        /// The axis's bin of each bin of the column.
        case binned(ByteColumn, binOfByte: [Int32])
    }

    let binCount: Int
    private let source: Source

    /// The number of rows that are best looked up at once.
    static let blockRows = 4_096

    init(_ column: TrainingData.Column, by axis: Term.Axis) {
        binCount = axis.binCount
        switch (axis, column) {
        case (.numbers(let edges), .numbers(let numbers)) where edges.count < StumpKernels.places - 1:
            let padding = [Double](repeating: .infinity, count: StumpKernels.places - edges.count)
            source = .bytes(numbers, edges: edges + padding, edgeCount: edges.count)
        case (.numbers, .numbers(let numbers)):
            source = .numbers(numbers, axis)
        case (.levels, .levels(let names, let codes)):
            let known = axis.binOfLevel
            let bins = names.map { Int32(known[VerbatimText($0)] ?? axis.other) } + [Int32(axis.other)]
            source = .levels(codes, binOfCode: bins, missing: Int32(axis.missing))
        case (_, .bytes(let column)):
            source = .binned(column, binOfByte: Self.bins(of: axis, by: column.definition))
        default:
            preconditionFailure("an axis does not fit its column")
        }
    }

    /// Returns the bins of consecutive rows, or of those of a list.
    func bins(_ range: Range<Int>, of rows: [Int]?) -> [Int32] {
        switch source {
        case .bytes(let numbers, let edges, let edgeCount):
            return Self.bytes(Self.some(numbers, range, of: rows), edges: edges, edgeCount: edgeCount)
        case .numbers(let numbers, let axis):
            return Self.some(numbers, range, of: rows).map { Int32(axis.bin(of: $0)) }
        case .levels(let codes, let binOfCode, let missing):
            return Self.some(codes, range, of: rows).map { code in
                code < 0 ? missing : binOfCode[min(Int(code), binOfCode.count - 1)]
            }
        case .binned(let column, let binOfByte):
            return Self.bytes(column, range, of: rows).map { binOfByte[Int($0)] }
        }
    }

    /// Returns the axis's bin of each bin of a definition; for numbers, that of the edge on its left.
    static func bins(of axis: Term.Axis, by definition: BinDefinition) -> [Int32] {
        switch (axis, definition.kind) {
        case (.numbers, .numbers(let edges)):
            return ([-.infinity] + edges).map { Int32(axis.bin(of: $0)) } + [Int32(axis.missing)]
        case (.levels, .levels(let names)):
            let known = axis.binOfLevel
            return names.map { Int32(known[VerbatimText($0)] ?? axis.other) }
                + [Int32(axis.other), Int32(axis.missing)]
        default: preconditionFailure("an axis does not fit its column")
        }
    }

    private static func bytes(_ column: ByteColumn, _ range: Range<Int>, of rows: [Int]?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        guard let rows else {
            column.table.copy(range, of: column.place, to: &bytes, at: 0)
            return bytes
        }
        var cursor = BlockCursor(starts: column.table.starts)
        for (place, index) in range.enumerated() {
            let block = column.table.blocks[cursor.find(rows[index])]
            bytes[place] = block.bins[column.place * block.rowCount + rows[index] - block.firstRow]
        }
        return bytes
    }

    private static func some<Value>(_ values: [Value], _ range: Range<Int>, of rows: [Int]?) -> [Value] {
        guard let rows else { return Array(values[range]) }
        return range.map { values[rows[$0]] }
    }

    private static func bytes(_ numbers: [Double], edges: [Double], edgeCount: Int) -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: numbers.count)
        var span = bytes.mutableSpan
        StumpKernels.bin(numbers.span, edges: edges.span, edgeCount: edgeCount, into: &span)
        return bytes.map { Int32($0) }
    }
}

/// The rows of a block as a range of a list of rows.
enum RowBlocks {
    /// Returns ranges that do not depend on the number of threads.
    static func ranges(_ count: Int, length: Int = ColumnBins.blockRows) -> [Range<Int>] {
        stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
    }
}
