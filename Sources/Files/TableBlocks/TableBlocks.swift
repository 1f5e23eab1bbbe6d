import LimpetEvents
import LimpetParallel

/// The blocks of a table in the order of the file, with the plan by which they are parsed.
struct TableBlocks {
    private var ready: ArraySlice<TableBlock>
    private var reader: TableBlockReader
    private(set) var plan: TablePlan
    /// The error after which no block can be read; the rows before it are processed first.
    private(set) var failure: (any Error)?

    init(_ reader: TableBlockReader, _ plan: TablePlan) {
        (self.reader, self.plan, ready) = (reader, plan, [])
    }

    /// Makes the blocks of a table of which some have been read to decide the types.
    init(_ sample: TableSample, _ plan: TablePlan) {
        (reader, self.plan, failure) = (sample.reader, plan, sample.failure)
        ready = sample.blocks[...]
    }

    /// Returns the next block; nil at the end.
    mutating func next() -> TableBlock? { ready.popFirst() ?? read() }

    mutating func decide(_ values: [(column: Int, text: String)]) { plan.decide(values) }

    private mutating func read() -> TableBlock? {
        guard failure == nil else { return nil }
        do { return try reader.next() } catch {
            failure = error
            return nil
        }
    }
}

extension TableReader {
    /// Parses blocks in parallel and passes their rows on in order; returns the number of rows.
    func pass<Result: Sendable>(
        _ blocks: inout TableBlocks, of table: OpenTable,
        transform: @escaping @Sendable (BlockRows) -> Result,
        body: (Result, TablePosition) throws -> Void
    ) async throws -> Int {
        var count = 0
        // While blocks are parsed, the rows of those before are passed on and the next ones are read.
        var parsed = WorkAhead<Parsed<Result>>(threads: threads)
        while true {
            try Task.checkCancellation()
            while parsed.count <= threads, let block = blocks.next() {
                let plan = blocks.plan
                parsed.add { Parsed(block, plan, transform: transform) }
            }
            guard let block = parsed.next() else { break }
            count += try hand(block, &blocks, transform: transform, to: body)
            if let total = table.source.byteCount, total > 0 {
                progress(Double(table.source.bytesRead) / Double(total))
            }
        }
        if let failure = blocks.failure { throw failure }
        return count
    }

    /// Passes the rows of a block on; returns their number. A block is parsed again from where a column was
    /// decided.
    private func hand<Result>(
        _ block: Parsed<Result>, _ blocks: inout TableBlocks,
        transform: @Sendable (BlockRows) -> Result, to body: (Result, TablePosition) throws -> Void
    ) throws -> Int {
        let isCurrent = block.revision == blocks.plan.revision
        var block = isCurrent ? block : Parsed(block.block, blocks.plan, transform: transform)
        var count = 0
        while true {
            for (error, text) in block.rejected { try rejection.reject(error, row: text) }
            if let failure = block.failure { throw failure }
            try body(block.result, block.end)
            count += block.count
            guard let undecided = block.undecided else { return count }
            blocks.decide(undecided.values)
            block = Parsed(undecided.rest, blocks.plan, transform: transform)
        }
    }
}

/// A block that has been parsed.
private struct Parsed<Result: Sendable>: Sendable {
    let block: TableBlock
    /// The revision of the plan by which it was parsed.
    let revision: Int
    let rejected: [(error: InputError, text: String)]
    let failure: InputError?
    let undecided: (values: [(column: Int, text: String)], rest: TableBlock)?
    let count: Int
    let result: Result

    init(_ block: TableBlock, _ plan: TablePlan, transform: (BlockRows) -> Result) {
        let rows = block.rows(plan)
        (self.block, revision) = (block, plan.revision)
        (rejected, failure, undecided) = (rows.rejected, rows.failure, rows.undecided)
        (count, result) = (rows.count, transform(rows))
    }

    /// The position after the rows.
    var end: TablePosition { undecided?.rest.start ?? block.end }
}
