package import LimpetDocuments
import LimpetEvents
package import LimpetScoring

/// A shape function over bins: the values of an axis' bins or levels, then for levels the one of all others,
/// and last the one of missing values.
package struct ShapeFunction: Hashable, Sendable {
    package var axis: Term.Axis
    /// The log-odds of each bin.
    package var values: [Double]

    package init(axis: Term.Axis, values: [Double]) {
        precondition(values.count == axis.binCount, "\(values.count) values for \(axis.binCount) states")
        self.axis = axis
        self.values = values
    }

    /// Returns the sum of two functions of one input, on the common refinement of their bins.
    package static func + (left: ShapeFunction, right: ShapeFunction) -> ShapeFunction {
        let union = AxisUnion(left.axis, right.axis)
        return ShapeFunction(
            axis: union.axis,
            values: zip(union.left, union.right).map { left.values[$0] + right.values[$1] })
    }
}

/// The common refinement of two axes of one input: the coarsest axis that distinguishes all that either does.
package struct AxisUnion: Sendable {
    package let axis: Term.Axis
    /// The bin of the first axis that contains each bin.
    package let left: [Int]
    /// The bin of the second axis that contains each bin.
    package let right: [Int]

    package init(_ first: Term.Axis, _ second: Term.Axis) {
        switch (first, second) {
        case (.numbers(let some), .numbers(let others)):
            let edges = Set(some).union(others).sorted()
            axis = .numbers(edges: edges)
            left = Self.bins(of: edges, in: first)
            right = Self.bins(of: edges, in: second)
        case (.levels(let some), .levels(let others)):
            let known = Set(some.map(VerbatimText.init))
            let names = some + others.filter { !known.contains(VerbatimText($0)) }
            axis = .levels(names: names)
            left = Self.bins(of: names, in: first)
            right = Self.bins(of: names, in: second)
        default:
            preconditionFailure("numbers and levels are not of one input")
        }
    }

    /// Values below the first edge lie in the first bin of every axis; the value of an edge lies in the bin
    /// after it.
    private static func bins(of edges: [Double], in axis: Term.Axis) -> [Int] {
        [0] + edges.map { axis.bin(of: $0) } + [axis.missing]
    }

    private static func bins(of names: [String], in axis: Term.Axis) -> [Int] {
        let known = axis.binOfLevel
        return names.map { known[VerbatimText($0)] ?? axis.other } + [axis.other, axis.missing]
    }
}

extension Term.Axis {
    /// The bin of each level that has its own; empty for numbers.
    var binOfLevel: [VerbatimText: Int] {
        guard case .levels(let names) = self else { return [:] }
        var states: [VerbatimText: Int] = [:]
        for (state, name) in names.enumerated() { states[VerbatimText(name)] = state }
        return states
    }

    /// The bin of all other levels, the one before the missing one.
    var other: Int { binCount - 2 }
}

extension Term {
    /// The term's values over bins, where it is a step function or a table of levels.
    package var shapeFunction: ShapeFunction? {
        switch shape {
        case .steps(let steps):
            ShapeFunction(axis: .numbers(edges: steps.edges), values: steps.values + [missing])
        case .levels(let levels):
            ShapeFunction(
                axis: .levels(names: levels.names), values: levels.values + [levels.other, missing])
        case .line, .curve, .grid: nil
        }
    }

    /// Makes the term of a shape function.
    package init(input: Int, table: ShapeFunction, importance: Double = 0) {
        let missing = table.values[table.axis.missing]
        let known = Array(table.values.dropLast())
        switch table.axis {
        case .numbers(let edges):
            self.init(
                input: input, shape: .steps(Steps(edges: edges, values: known)), missing: missing,
                importance: importance)
        case .levels(let names):
            let levels = Levels(
                names: names, values: Array(known.dropLast()), other: table.values[table.axis.other])
            self.init(input: input, shape: .levels(levels), missing: missing, importance: importance)
        }
    }
}
