import LimpetEvents
import LimpetFeatures
import LimpetParallel

/// The rows of one fold in one zone of time, in full blocks and one that is being filled.
struct ByteGroup: Sendable {
    let fold: UInt8
    /// The full blocks, `[inputs][rows]`.
    private(set) var full: [[UInt8]] = []
    /// The block that is not full yet, `[inputs][blockRows]`.
    private var open: [UInt8]
    private var openRows = 0
    private(set) var users: [Int32] = []
    private(set) var times: [Timestamp] = []
    private(set) var labels: [Bool] = []
    /// The codes of categories, `[features][rows]`; empty for numbers.
    private var codes: [[Int32]]
    /// The rows of the present part that belong to the group.
    var rows: [Int32] = []

    init(fold: UInt8, inputs: Int) {
        self.fold = fold
        open = [UInt8](repeating: 0, count: inputs * ByteTable.blockRows)
        codes = [[Int32]](repeating: [], count: inputs)
    }

    /// Appends the rows of a part that belong to the group.
    mutating func append(
        _ table: SnapshotTable, firstUser: Int32, bins: [[UInt8]], codes: [[Int32]]
    ) {
        users += rows.map { firstUser + table.users[Int($0)] }
        times += rows.map { table.times[Int($0)] }
        labels += rows.map { table.labels[Int($0)] ?? false }
        for input in codes.indices where !codes[input].isEmpty {
            self.codes[input] += rows.map { codes[input][Int($0)] }
        }
        var next = 0
        while next < rows.count {
            let some = rows[next..<min(rows.count, next + ByteTable.blockRows - openRows)]
            write(some, bins: bins)
            next += some.count
            openRows += some.count
            guard openRows == ByteTable.blockRows else { continue }
            full.append(open)
            open = [UInt8](repeating: 0, count: open.count)
            openRows = 0
        }
    }

    private mutating func write(_ rows: ArraySlice<Int32>, bins: [[UInt8]]) {
        let first = openRows
        var target = open.mutableSpan
        for (input, column) in bins.enumerated() where !column.isEmpty {
            let source = column.span
            var place = input * ByteTable.blockRows + first
            for row in rows {
                target[place] = source[Int(row)]
                place += 1
            }
        }
    }

    /// Makes the open block one of the full ones, with as many rows as it has.
    mutating func close() {
        guard openRows > 0 else { return }
        let inputs = open.count / ByteTable.blockRows
        var bins: [UInt8] = []
        bins.reserveCapacity(inputs * openRows)
        for input in 0..<inputs {
            bins += open[(input * ByteTable.blockRows)..<(input * ByteTable.blockRows + openRows)]
        }
        full.append(bins)
        (open, openRows) = ([], 0)
    }

    /// Writes the bins of categories, now that their levels are known.
    mutating func code(by tables: [[UInt8]?], threads: Int) {
        let codes = codes
        self.codes = []
        let inputs = tables.count
        var work = full.enumerated().map { (first: $0.offset * ByteTable.blockRows, bins: $0.element) }
        full = []
        ConcurrentBlocks.forEach(&work, threads: threads) { block in
            let rows = block.bins.count / max(1, inputs)
            for (input, table) in tables.enumerated() {
                guard let table else { continue }
                for row in 0..<rows {
                    let code = Int(codes[input][block.first + row])
                    block.bins[input * rows + row] = table[code < 0 ? table.count - 1 : code]
                }
            }
        }
        full = work.map(\.bins)
    }
}
