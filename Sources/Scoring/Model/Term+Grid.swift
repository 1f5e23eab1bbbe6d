extension Term {
    /// A table over the bins of two inputs: a pairwise interaction. The term's own input selects the row.
    public struct Grid: Hashable, Sendable {
        /// The index of the second input, which selects the column and differs from the term's own input.
        public var second: Int
        /// The bins of the first input.
        public var rows: Axis
        /// The bins of the second input.
        public var columns: Axis
        /// The log-odds of each cell, `[rows.binCount][columns.binCount]`, flattened row by row.
        public var values: [Double]

        /// The largest number of cells that a model file may hold.
        package static let mostCells = 65_536
        /// The largest number of bins of either input that a model file may hold.
        package static let mostBins = 1_024

        /// Creates a grid.
        public init(second: Int, rows: Axis, columns: Axis, values: [Double]) {
            self.second = second
            self.rows = rows
            self.columns = columns
            self.values = values
        }

        /// The log-odds of a cell.
        public subscript(row: Int, column: Int) -> Double {
            get { values[row * columns.binCount + column] }
            set { values[row * columns.binCount + column] = newValue }
        }

        /// Returns the same function with rows and columns exchanged.
        ///
        /// - Parameter input: the input of the rows, which becomes the second one.
        public func transposed(input: Int) -> Grid {
            var result = Grid(second: input, rows: columns, columns: rows, values: values)
            for row in 0..<rows.binCount {
                for column in 0..<columns.binCount { result[column, row] = self[row, column] }
            }
            return result
        }
    }

    /// The bins of one input of a grid.
    ///
    /// A number has one bin for each interval between edges. A category has one for each level and one for
    /// all other levels. The last bin is that of missing values.
    public enum Axis: Hashable, Sendable {
        /// Numbers between ascending edges; a value equal to an edge lies on its right.
        case numbers(edges: [Double])
        /// Levels of a category.
        case levels(names: [String])

        /// The number of bins.
        public var binCount: Int {
            switch self {
            case .numbers(let edges): edges.count + 2
            case .levels(let names): names.count + 2
            }
        }

        /// The bin of missing values, the last one.
        public var missing: Int { binCount - 1 }

        /// Returns the bin of a number; NaN is missing.
        public func bin(of number: Double) -> Int {
            guard case .numbers(let edges) = self, !number.isNaN else { return missing }
            return edges.bin(of: number)
        }
    }
}
