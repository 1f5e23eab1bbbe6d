public import LimpetNumerics

/// One summand of a model: the contribution of one input, or of two together, to the log-odds.
///
/// Terms are centred: their mean over the training rows is 0, so that a contribution is the difference from
/// the average user.
public struct Term: Hashable, Sendable {
    /// The index of the input; for a grid, that of the rows.
    public var input: Int
    /// The shape of the contribution.
    public var shape: Shape
    /// The contribution when the input is missing.
    ///
    /// A grid does not read it and leaves it at 0: its own bins hold the contribution when either input is
    /// missing.
    public var missing: Double
    /// The standard deviation of the contribution over the training rows: a measure of how much the term
    /// matters.
    public var importance: Double

    /// Creates a term.
    public init(input: Int, shape: Shape, missing: Double, importance: Double = 0) {
        self.input = input
        self.shape = shape
        self.missing = missing
        self.importance = importance
    }

    /// Creates a term of two inputs, the first of which selects the grid's row.
    public init(input: Int, grid: Grid, importance: Double = 0) {
        self.init(input: input, shape: .grid(grid), missing: 0, importance: importance)
    }

    /// The inputs that the term reads: one, or both inputs of a grid.
    public var inputs: [Int] {
        if case .grid(let grid) = shape { [input, grid.second] } else { [input] }
    }

    /// The shapes that a term can have.
    public enum Shape: Hashable, Sendable {
        /// A linear function of the value or of its signed logarithm.
        case line(Line)
        /// A smooth curve of the value or of its signed logarithm.
        case curve(Curve)
        /// A step function of the value.
        case steps(Steps)
        /// A table of a category's levels.
        case levels(Levels)
        /// A table over the bins of two inputs.
        case grid(Grid)
    }

    /// A linear function, `offset + coefficient · f(x)`.
    public struct Line: Hashable, Sendable {
        /// The transformation f, applied to the value first.
        public var transform: Transform
        /// The slope, in log-odds per unit of the transformed value.
        public var coefficient: Double
        /// The log-odds at a transformed value of 0.
        public var offset: Double
        /// The coefficient's standard error, where it was computed.
        public var standardError: Double?

        /// Creates a line.
        public init(transform: Transform, coefficient: Double, offset: Double, standardError: Double? = nil) {
            self.transform = transform
            self.coefficient = coefficient
            self.offset = offset
            self.standardError = standardError
        }
    }

    /// A transformation that a line or a curve applies to its value.
    public enum Transform: String, CaseIterable, Sendable {
        /// The value itself, unchanged.
        case identity
        /// `sign(x)·log(1 + |x|)`.
        case signedLog

        /// Returns the transformed value.
        @inlinable
        public func callAsFunction(_ value: Double) -> Double {
            self == .identity ? value : ElementaryFunctions.signedLog(value)
        }
    }

    /// A step function: `values[i]` where exactly `i` edges are at most `x`.
    public struct Steps: Hashable, Sendable {
        /// The ascending edges of the bins; a value equal to an edge lies on its right.
        public var edges: [Double]
        /// The log-odds of each bin, one more than there are edges.
        public var values: [Double]
        /// The standard error of each value, which is its standard deviation over bags, where they were
        /// computed.
        public var standardErrors: [Double]?

        /// Creates a step function.
        public init(edges: [Double], values: [Double], standardErrors: [Double]? = nil) {
            self.edges = edges
            self.values = values
            self.standardErrors = standardErrors
        }

        /// Returns the bin of `x`: the number of edges at or below it.
        public func bin(_ x: Double) -> Int { edges.bin(of: x) }
    }

    /// A table of log-odds by level of a category.
    public struct Levels: Hashable, Sendable {
        /// The levels, each of which a required number of users had in training.
        public var names: [String]
        /// The log-odds of each level.
        public var values: [Double]
        /// The log-odds of any other level.
        public var other: Double
        /// The standard error of each level's value, where they were computed.
        public var standardErrors: [Double]?

        /// Creates a table of levels.
        public init(names: [String], values: [Double], other: Double, standardErrors: [Double]? = nil) {
            self.names = names
            self.values = values
            self.other = other
            self.standardErrors = standardErrors
        }
    }
}

extension [Double] {
    /// Returns the number of elements at or below `x`, for ascending edges: a value equal to an edge lies on
    /// its right.
    func bin(of x: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
