import LimpetEvents

/// A term whose levels are hash tables by text key, so that scoring allocates nothing.
struct CompiledTerm: Sendable {
    private let input: Int
    private let shape: Shape
    private let missing: Double

    private enum Shape: Sendable {
        case line(Term.Line)
        case curve(CompiledCurve)
        case steps(Term.Steps)
        case levels([UInt64: Double], other: Double)
        case grid(CompiledGrid)
    }

    init(_ term: Term) {
        input = term.input
        missing = term.missing
        switch term.shape {
        case .line(let line): shape = .line(line)
        case .curve(let curve): shape = .curve(CompiledCurve(curve))
        case .steps(let steps): shape = .steps(steps)
        case .levels(let table):
            let values = Self.table(names: table.names, values: table.values)
            shape = .levels(values, other: table.other)
        case .grid(let grid): shape = .grid(CompiledGrid(grid))
        }
    }

    fileprivate static func table<Value>(names: [String], values: [Value]) -> [UInt64: Value] {
        var table: [UInt64: Value] = [:]
        for (name, value) in zip(names, values) { table[TextKey(name).rawValue] = value }
        return table
    }

    /// Returns the term's contribution; `number(i)` or `key(i)` gives the value of input `i`, by its type.
    @inline(__always)
    func contribution(_ number: (Int) -> Double, _ key: (Int) -> UInt64) -> Double {
        switch shape {
        case .line(let line):
            let x = number(input)
            return x.isNaN ? missing : line.offset + line.coefficient * line.transform(x)
        case .curve(let curve):
            let x = number(input)
            return x.isNaN ? missing : curve(x)
        case .steps(let steps):
            let x = number(input)
            return x.isNaN ? missing : steps.values[steps.bin(x)]
        case .levels(let values, let other):
            let level = key(input)
            return level == 0 ? missing : values[level] ?? other
        case .grid(let grid):
            let row = grid.rows.state(number, key, input)
            return grid.values[row * grid.columns.binCount + grid.columns.state(number, key, grid.second)]
        }
    }

    /// Adds the term's contribution for each row; `numbers` and `keys` are columns, `[inputs][rows]`.
    func add(numbers: [[Double]], keys: [[UInt64]], to sums: inout [Double]) {
        let (firstNumbers, firstKeys) = (numbers[input], keys[input])
        let (secondNumbers, secondKeys) = (numbers[second], keys[second])
        for row in sums.indices {
            sums[row] += contribution(
                { $0 == input ? firstNumbers[row] : secondNumbers[row] },
                { $0 == input ? firstKeys[row] : secondKeys[row] })
        }
    }

    /// The second input of a grid; for other shapes the only input.
    private var second: Int {
        if case .grid(let grid) = shape { grid.second } else { input }
    }
}

/// A curve with its polynomials precomputed.
private struct CompiledCurve: Sendable {
    private let transform: Term.Transform
    private let knots: [Double]
    private let pieces: [Term.Curve.Piece]

    init(_ curve: Term.Curve) {
        (transform, knots, pieces) = (curve.transform, curve.knots, curve.pieces)
    }

    @inline(__always)
    func callAsFunction(_ value: Double) -> Double {
        let x = transform(value)
        return pieces[knots.bin(of: x)](x)
    }
}

/// A grid whose levels are hash tables by text key.
private struct CompiledGrid: Sendable {
    let second: Int
    let rows: CompiledAxis
    let columns: CompiledAxis
    let values: [Double]

    init(_ grid: Term.Grid) {
        second = grid.second
        rows = CompiledAxis(grid.rows)
        columns = CompiledAxis(grid.columns)
        values = grid.values
    }
}

/// The bins of one input of a grid, with its levels as a hash table by text key.
private struct CompiledAxis: Sendable {
    let binCount: Int
    private let edges: [Double]
    private let levels: [UInt64: Int]?

    init(_ axis: Term.Axis) {
        binCount = axis.binCount
        switch axis {
        case .numbers(let edges): (self.edges, levels) = (edges, nil)
        case .levels(let names):
            (edges, levels) = ([], CompiledTerm.table(names: names, values: Array(names.indices)))
        }
    }

    @inline(__always)
    func state(_ number: (Int) -> Double, _ key: (Int) -> UInt64, _ input: Int) -> Int {
        if let levels {
            let level = key(input)
            return level == 0 ? binCount - 1 : levels[level] ?? binCount - 2
        }
        let x = number(input)
        return x.isNaN ? binCount - 1 : edges.bin(of: x)
    }
}
