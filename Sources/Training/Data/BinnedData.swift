package import LimpetDocuments
import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// Inputs as bin numbers, one byte for each row and input, in blocks of rows that fit a processor's cache.
package struct BinnedData: Sendable {
    package let definitions: [BinDefinition]
    package let rowCount: Int
    package let blocks: [Block]

    /// A block of consecutive rows with their bins, `[inputs][rows]`.
    package struct Block: Sendable {
        package let firstRow: Int
        package let rowCount: Int
        package let bins: [UInt8]
    }

    /// Chooses bins from the given rows and assigns the rows to them.
    ///
    /// - Parameter limits: smaller numbers of bins, by column.
    package init(
        _ data: TrainingData, maximumBins: Int, limits: [Int: Int] = [:], threads: Int = 1
    ) {
        if let table = Self.wholeTable(data) {
            self.init(definitions: table.definitions, rowCount: table.count, blocks: table.blocks)
            return
        }
        var definitions = data.columns.enumerated().map {
            (column: $1, most: limits[$0] ?? maximumBins, definition: BinDefinition?.none)
        }
        _ = ConcurrentBlocks.reduce(&definitions, threads: threads, initial: { BinEdges() }) { slot, edges in
            slot.definition = BinDefinition(
                slot.column, weights: data.weights, maximumBins: slot.most, edges: &edges)
        }
        self.init(data, definitions: definitions.compactMap(\.definition), threads: threads)
    }

    /// Assigns rows to known bins.
    package init(_ data: TrainingData, definitions: [BinDefinition], threads: Int = 1) {
        let columns = zip(data.columns, definitions).map { ColumnBinning($0, $1) }
        let blockRows = Self.blockRows(rows: data.count)
        self.definitions = definitions
        rowCount = data.count
        blocks = ConcurrentBlocks.map((data.count + blockRows - 1) / blockRows, threads: threads) { block in
            let first = block * blockRows
            let count = min(blockRows, data.count - first)
            var bins = [UInt8](repeating: 0, count: count * columns.count)
            for (place, column) in columns.enumerated() {
                column.bin(first, count: count, into: &bins, at: place * count)
            }
            return Block(firstRow: first, rowCount: count, bins: bins)
        }
    }

    /// The table whose inputs are all those of the data, in order: its blocks are shared.
    private static func wholeTable(_ data: TrainingData) -> ByteTable? {
        guard let table = data.byteTable, table.definitions.count == data.columns.count else { return nil }
        for (place, column) in data.columns.enumerated() {
            guard case .bytes(let column) = column, column.place == place else { return nil }
        }
        return table
    }

    private init(definitions: [BinDefinition], rowCount: Int, blocks: [Block]) {
        self.definitions = definitions
        self.rowCount = rowCount
        self.blocks = blocks
    }

    /// Returns the given rows, in this order.
    ///
    /// - Parameter columns: the columns to take, in this order; nil for all.
    package func selecting(
        _ rows: [Int], columns: [Int]? = nil, threads: Int = 1
    ) -> BinnedData {
        let columns = columns ?? Array(definitions.indices)
        let blockRows = Self.blockRows(rows: rows.count)
        let start = BlockCursor(blocks)
        let blocks = ConcurrentBlocks.map((rows.count + blockRows - 1) / blockRows, threads: threads) {
            block in
            let first = block * blockRows
            let some = rows[first..<min(first + blockRows, rows.count)]
            var bins: [UInt8] = []
            bins.reserveCapacity(some.count * columns.count)
            var cursor = start
            let places = some.map { row in
                let source = cursor.find(row)
                return (block: source, row: row - self.blocks[source].firstRow)
            }
            for column in columns {
                for place in places {
                    let source = self.blocks[place.block]
                    bins.append(source.bins[column * source.rowCount + place.row])
                }
            }
            return Block(firstRow: first, rowCount: some.count, bins: bins)
        }
        return BinnedData(
            definitions: columns.map { definitions[$0] }, rowCount: rows.count, blocks: blocks)
    }

    /// Returns the number of rows in each bin, `[inputs][bins]`.
    ///
    /// - Parameter weights: how often each row counts; nil for once.
    package func counts(weights: [Double]? = nil, threads: Int) -> [[Double]] {
        if let weights { return counts(weights: weights) }
        let columns = definitions.indices.map(Int32.init)
        let places = definitions.count * StumpKernels.places
        var blocks = blocks
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads, initial: { [Int64](repeating: 0, count: places) },
            { block, sums in
                let ones = [Int32](repeating: 1, count: block.rowCount)
                StumpKernels.addHistogram(block.bins, columns: columns, values: ones, to: &sums)
            })
        return definitions.enumerated().map { input, definition in
            (0..<definition.binCount).map { bin in
                partials.reduce(0) { $0 + Double($1[input * StumpKernels.places + bin]) }
            }
        }
    }

    private func counts(weights: [Double]) -> [[Double]] {
        var counts = definitions.map { [Double](repeating: 0, count: $0.binCount) }
        for block in blocks {
            for input in definitions.indices {
                for row in 0..<block.rowCount {
                    let bin = Int(block.bins[input * block.rowCount + row])
                    counts[input][bin] += weights[block.firstRow + row]
                }
            }
        }
        return counts
    }

    /// Returns the bin of each row in one input.
    package func column(_ input: Int) -> [UInt8] {
        blocks.flatMap { $0.bins[(input * $0.rowCount)..<((input + 1) * $0.rowCount)] }
    }

    /// Returns the bins of one input in the given rows, which ascend.
    func column(_ input: Int, rows: [Int]) -> [UInt8] {
        var column = [UInt8](repeating: 0, count: rows.count)
        var span = column.mutableSpan
        var place = 0
        for block in blocks where place < rows.count {
            let bins = block.bins.span.extracting(
                (input * block.rowCount)..<((input + 1) * block.rowCount))
            let end = block.firstRow + block.rowCount
            while place < rows.count, rows[place] < end {
                span[place] = bins[rows[place] - block.firstRow]
                place += 1
            }
        }
        precondition(place == rows.count, "rows have to ascend, up to the last one")
        return column
    }

    /// Returns the bins of some rows, which ascend, in several inputs, `[inputs][rows]`.
    func columns(_ inputs: [Int], rows: [Int32]) -> [[UInt8]] {
        let start = BlockCursor(blocks)
        return inputs.map { input in
            var cursor = start
            var column: [UInt8] = []
            column.reserveCapacity(rows.count)
            var next = 0
            while next < rows.count {
                let block = blocks[cursor.find(Int(rows[next]))]
                let bins = block.bins.span.extracting(
                    (input * block.rowCount)..<((input + 1) * block.rowCount))
                let end = block.firstRow + block.rowCount
                while next < rows.count, Int(rows[next]) < end {
                    column.append(bins[Int(rows[next]) - block.firstRow])
                    next += 1
                }
            }
            return column
        }
    }

    /// Returns a multiple of eight rows, so that a block is processed eight rows at a time. Few rows still
    /// make several blocks, so that threads can share them. The size does not depend on the number of
    /// threads.
    private static func blockRows(rows: Int) -> Int {
        min(8_192, max(512, (rows / 16 + 7) / 8 * 8))
    }
}

/// A column with the tables that its binning needs.
private struct ColumnBinning: Sendable {
    private enum Source {
        case numbers([Double], edges: [Double], edgeCount: Int)
        case levels([Int32], binOfCode: [UInt8], missing: UInt8)
        case bytes(ByteColumn)
    }

    private let source: Source

    init(_ column: TrainingData.Column, _ definition: BinDefinition) {
        switch (column, definition.kind) {
        case (.numbers(let numbers), .numbers(let edges)):
            let padding = [Double](repeating: .infinity, count: StumpKernels.places - edges.count)
            source = .numbers(numbers, edges: edges + padding, edgeCount: edges.count)
        case (.levels(let names, let codes), .levels(let known)):
            var binOfName: [VerbatimText: UInt8] = [:]
            for (bin, name) in known.enumerated() { binOfName[VerbatimText(name)] = UInt8(bin) }
            let other = UInt8(known.count)
            source = .levels(
                codes, binOfCode: names.map { binOfName[VerbatimText($0)] ?? other } + [other],
                missing: UInt8(definition.valueBins))
        case (.bytes(let column), _) where column.definition == definition: source = .bytes(column)
        default:
            preconditionFailure("a column and its bins are of different kinds")
        }
    }

    func bin(_ first: Int, count: Int, into bins: inout [UInt8], at place: Int) {
        if case .bytes(let column) = source {
            return column.table.copy(first..<(first + count), of: column.place, to: &bins, at: place)
        }
        var all = bins.mutableSpan
        var target = all.extracting(place..<(place + count))
        switch source {
        case .numbers(let numbers, let edges, let edgeCount):
            StumpKernels.bin(
                numbers.span.extracting(first..<(first + count)), edges: edges.span, edgeCount: edgeCount,
                into: &target)
        case .levels(let codes, let binOfCode, let missing):
            for row in 0..<count {
                let code = codes[first + row]
                target[row] = code < 0 ? missing : binOfCode[min(Int(code), binOfCode.count - 1)]
            }
        case .bytes: break
        }
    }
}
