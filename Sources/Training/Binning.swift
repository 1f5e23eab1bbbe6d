import LimpetEvents
import LimpetScoring

/// The bins of one input: what a step function can tell apart.
package struct BinDefinition: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Numbers between ascending edges.
        case numbers(edges: [Double])
        /// Levels; the last bin is of all others.
        case levels(names: [String])
    }

    package var kind: Kind

    /// Bins without the one of missing values, which comes last.
    package var valueBins: Int {
        switch kind {
        case .numbers(let edges): edges.count + 1
        case .levels(let names): names.count + 1
        }
    }

    package var binCount: Int { valueBins + 1 }
}

/// Inputs as bin numbers: one byte for each row and input.
package struct BinnedData: Sendable {
    package let definitions: [BinDefinition]
    package let columns: [[UInt8]]
    package let rowCount: Int

    /// The most bins of an input, the one of missing values included.
    static let binLimit = 256

    /// Finds bins on the rows given and sorts the rows into them.
    package init(_ data: TrainingData, maximumBins: Int) {
        self.init(data, definitions: data.columns.map { Self.definition(of: $0, maximumBins: maximumBins) })
    }

    /// Sorts rows into known bins.
    init(_ data: TrainingData, definitions: [BinDefinition]) {
        self.definitions = definitions
        rowCount = data.count
        columns = zip(data.columns, definitions).map { Self.bins(of: $0, $1) }
    }

    private static func definition(of column: TrainingData.Column, maximumBins: Int) -> BinDefinition {
        switch column {
        case .levels(let names, _):
            // Levels beyond the limit share the bin of all others; they are sorted by name, not by size.
            return BinDefinition(kind: .levels(names: Array(names.prefix(binLimit - 2))))
        case .numbers(let numbers):
            return BinDefinition(kind: .numbers(edges: edges(of: numbers, maximumBins: maximumBins - 1)))
        }
    }

    /// Edges between distinct values while there are few, else between groups of about equal size.
    package static func edges(of numbers: [Double], maximumBins: Int) -> [Double] {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        var groups: [(value: Double, count: Int)] = []
        for value in sorted {
            if let last = groups.last, last.value == value {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((value, 1))
            }
        }
        guard groups.count > maximumBins else {
            return zip(groups, groups.dropFirst()).map { ShortDecimal.between($0.value, $1.value) }
        }
        return quantileEdges(groups, rows: sorted.count, maximumBins: maximumBins)
    }

    /// Closes a bin when it holds its share of the rows that are left, so that heavy values get their own.
    private static func quantileEdges(
        _ groups: [(value: Double, count: Int)], rows: Int, maximumBins: Int
    ) -> [Double] {
        var edges: [Double] = []
        var (rowsLeft, binsLeft, inBin) = (rows, maximumBins, 0)
        for (group, next) in zip(groups, groups.dropFirst()) {
            inBin += group.count
            let share = Double(rowsLeft) / Double(binsLeft)
            let isFull = Double(inBin) >= share || Double(inBin) + Double(next.count) / 2 > share
            guard isFull, edges.count < maximumBins - 1 else { continue }
            edges.append(ShortDecimal.between(group.value, next.value))
            rowsLeft -= inBin
            binsLeft -= 1
            inBin = 0
        }
        return edges
    }

    private static func bins(of column: TrainingData.Column, _ definition: BinDefinition) -> [UInt8] {
        let missing = UInt8(definition.valueBins)
        switch (column, definition.kind) {
        case (.numbers(let numbers), .numbers(let edges)):
            let steps = Term.Steps(edges: edges, values: [])
            return numbers.map { $0.isNaN ? missing : UInt8(steps.bin($0)) }
        case (.levels(let names, let codes), .levels(let known)):
            var binOfName: [VerbatimText: UInt8] = [:]
            for (bin, name) in known.enumerated() { binOfName[VerbatimText(name)] = UInt8(bin) }
            let binOfCode = names.map { binOfName[VerbatimText($0)] ?? UInt8(known.count) }
            return codes.map { code in
                if code < 0 { return missing }
                return Int(code) < binOfCode.count ? binOfCode[Int(code)] : UInt8(known.count)
            }
        default:
            preconditionFailure("a column and its bins are of different kinds")
        }
    }
}
