import CScoring
import LimpetEvents

/// The terms that look a value up (steps, levels and grids) as flat tables of numbers for the kernels.
///
/// A row holds one number for each input: NaN where it is missing, and for a category the code of its text. A
/// code is the text's index among all texts that any term knows of the input, in the order of UTF-8 bytes;
/// any other number stands for a text that no term knows.
struct FlatTables: Sendable {
    private(set) var tables: [limpet_table] = []
    private(set) var pool: [Double] = []
    private let codes: [CategoryCodes]

    /// Creates empty tables.
    ///
    /// - Parameter codes: the category codes of each input.
    init(_ codes: [CategoryCodes]) { self.codes = codes }

    /// Appends a term; returns false for lines and curves, which are computed and not looked up.
    mutating func append(_ term: Term) -> Bool {
        switch term.shape {
        case .line, .curve: return false
        case .steps(let steps):
            let axis = axis(edges: steps.edges, input: term.input)
            append(axis, values: steps.values + [term.missing], capacity: 1 << Int(axis.depth))
        case .levels(let levels):
            let values = codes[term.input].table(
                levels.names, levels.values, other: levels.other, missing: term.missing)
            append(axis(codesOf: term.input), values: values, capacity: 0)
        case .grid(let grid): append(grid, input: term.input)
        }
        return true
    }

    private mutating func append(_ axis: limpet_axis, values: [Double], capacity: Int) {
        var table = limpet_table()
        table.first = axis
        table.values = Int64(pool.count)
        // The kernels load whole vectors of values.
        pool += values + [Double](repeating: 0, count: max(0, capacity - values.count))
        tables.append(table)
    }

    private mutating func append(_ grid: Term.Grid, input: Int) {
        let (rows, rowStates) = axis(grid.rows, input: input)
        let (columns, columnStates) = axis(grid.columns, input: grid.second)
        var table = limpet_table()
        (table.first, table.second) = (rows, columns)
        table.second_states = Int32(columnStates.count)
        table.values = Int64(pool.count)
        for row in rowStates {
            for column in columnStates { pool.append(grid.values[row * grid.columns.binCount + column]) }
        }
        tables.append(table)
    }

    /// Returns a compiled axis, and the grid's bin for each of the bins of the compiled axis.
    private mutating func axis(_ axis: Term.Axis, input: Int) -> (limpet_axis, states: [Int]) {
        switch axis {
        case .numbers(let edges): (self.axis(edges: edges, input: input), Array(0..<axis.binCount))
        case .levels(let names):
            (
                self.axis(codesOf: input),
                codes[input].bins(of: names)
            )
        }
    }

    private func axis(codesOf input: Int) -> limpet_axis {
        var axis = limpet_axis()
        axis.input = Int32(input)
        axis.count = Int32(codes[input].names.count)
        return axis
    }

    private mutating func axis(edges: [Double], input: Int) -> limpet_axis {
        var axis = limpet_axis()
        axis.input = Int32(input)
        axis.count = Int32(edges.count)
        var depth = 3
        while 1 << depth <= edges.count { depth += 1 }
        axis.depth = Int32(depth)
        axis.edges = Int64(pool.count)
        let padded = edges + [Double](repeating: .nan, count: (1 << depth) - edges.count)
        pool += padded
        axis.nodes = Int64(pool.count)
        pool += Self.nodes(of: padded, depth: depth)
        return axis
    }

    /// Returns the first five levels of the binary search tree over edges, each padded to whole vectors.
    private static func nodes(of edges: [Double], depth: Int) -> [Double] {
        var nodes: [Double] = []
        for tier in 0..<5 {
            let step = tier < depth ? 1 << (depth - 1 - tier) : 0
            for place in 0..<max(8, 1 << tier) {
                let isNode = step > 0 && place < 1 << tier
                nodes.append(isNode ? edges[(2 * place + 1) * step - 1] : .nan)
            }
        }
        return nodes
    }
}
