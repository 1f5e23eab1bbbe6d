extension Term {
    /// A step table of two inputs: a pairwise interaction. The term's own input stands in the rows.
    public struct Grid: Hashable, Sendable {
        /// The index of the second input, which stands in the columns; another one than the term's.
        public var second: Int
        /// What the first input is told apart into.
        public var rows: Axis
        /// What the second input is told apart into.
        public var columns: Axis
        /// Log-odds by cell, row after row: `rows.states × columns.states` of them.
        public var values: [Double]

        /// Makes a grid.
        public init(second: Int, rows: Axis, columns: Axis, values: [Double]) {
            self.second = second
            self.rows = rows
            self.columns = columns
            self.values = values
        }

        /// The value of a cell.
        public subscript(row: Int, column: Int) -> Double {
            get { values[row * columns.binCount + column] }
            set { values[row * columns.binCount + column] = newValue }
        }

        /// The same function with the two inputs in each other's place.
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

    /// One side of a grid. Its states are its bins or levels, then for levels the one of all others, and last
    /// the one of missing values.
    public enum Axis: Hashable, Sendable {
        /// Numbers between ascending edges; a value equal to an edge lies on its right.
        case numbers(edges: [Double])
        /// Levels of a category.
        case levels(names: [String])

        /// The number of states.
        public var binCount: Int {
            switch self {
            case .numbers(let edges): edges.count + 2
            case .levels(let names): names.count + 2
            }
        }

        /// The state of a missing value, the last one.
        public var missing: Int { binCount - 1 }

        /// The state of a number; NaN is missing.
        public func bin(of number: Double) -> Int {
            guard case .numbers(let edges) = self, !number.isNaN else { return missing }
            return edges.bin(of: number)
        }
    }
}
