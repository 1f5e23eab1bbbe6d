public import LimpetNumerics

/// One summand of a model: what one input, or two together, add to the log-odds. Centred, so that its mean over
/// the training rows is 0 and a contribution is the distance from the average user.
public struct Term: Hashable, Sendable {
    /// The input's index; of a grid, the input of its rows.
    public var input: Int
    /// The shape of the contribution.
    public var shape: Shape
    /// What is added when the input is missing. A grid does not read it and leaves it at 0: its own states say
    /// what is added when either input is missing.
    public var missing: Double
    /// The spread of the contribution over the training rows, its standard deviation: how much it matters.
    public var importance: Double

    /// Makes a term.
    public init(input: Int, shape: Shape, missing: Double, importance: Double = 0) {
        self.input = input
        self.shape = shape
        self.missing = missing
        self.importance = importance
    }

    /// Makes a term of two inputs, the first of which stands in the grid's rows.
    public init(input: Int, grid: Grid, importance: Double = 0) {
        self.init(input: input, shape: .grid(grid), missing: 0, importance: importance)
    }

    /// The inputs that the term reads: one, or the two of a grid.
    public var inputs: [Int] {
        if case .grid(let grid) = shape { [input, grid.second] } else { [input] }
    }

    /// The shapes that a term can have.
    public enum Shape: Hashable, Sendable {
        /// A line of the value or of its signed log.
        case line(Line)
        /// A smooth curve of the value or of its signed log.
        case curve(Curve)
        /// A step function of the value.
        case steps(Steps)
        /// A table of a category's levels.
        case levels(Levels)
        /// A step table of two inputs.
        case grid(Grid)
    }

    /// `offset + coefficient · f(x)`.
    public struct Line: Hashable, Sendable {
        /// What is done to the value first.
        public var transform: Transform
        /// Log-odds per unit of the transformed value.
        public var coefficient: Double
        /// Log-odds at a transformed value of 0.
        public var offset: Double
        /// The coefficient's standard error, where it was computed.
        public var standardError: Double?

        /// Makes a line.
        public init(transform: Transform, coefficient: Double, offset: Double, standardError: Double? = nil) {
            self.transform = transform
            self.coefficient = coefficient
            self.offset = offset
            self.standardError = standardError
        }
    }

    /// What a line or a curve does to its value.
    public enum Transform: String, CaseIterable, Sendable {
        /// The value itself.
        case identity
        /// `sign(x)·log(1 + |x|)`.
        case signedLog

        /// The transformed value.
        @inlinable
        public func callAsFunction(_ value: Double) -> Double {
            self == .identity ? value : ElementaryFunctions.signedLog(value)
        }
    }

    /// Values between edges: `values[i]` where exactly `i` edges are at most `x`.
    public struct Steps: Hashable, Sendable {
        /// Ascending; a value equal to an edge lies on its right.
        public var edges: [Double]
        /// One more than there are edges.
        public var values: [Double]
        /// The standard error of each value, where they were computed: its spread over bags.
        public var standardErrors: [Double]?

        /// Makes a step function.
        public init(edges: [Double], values: [Double], standardErrors: [Double]? = nil) {
            self.edges = edges
            self.values = values
            self.standardErrors = standardErrors
        }

        /// The number of edges at or below `x`.
        public func bin(_ x: Double) -> Int { edges.bin(of: x) }
    }

    /// A value for each level of a category.
    public struct Levels: Hashable, Sendable {
        /// The levels, each kept by at least a stated number of users.
        public var names: [String]
        /// The value of each level.
        public var values: [Double]
        /// The value of any other level.
        public var other: Double
        /// The standard error of each level's value, where they were computed.
        public var standardErrors: [Double]?

        /// Makes a table of levels.
        public init(names: [String], values: [Double], other: Double, standardErrors: [Double]? = nil) {
            self.names = names
            self.values = values
            self.other = other
            self.standardErrors = standardErrors
        }
    }
}

extension [Double] {
    /// The number of elements at or below `x`, for ascending edges: a value equal to an edge lies on its right.
    func bin(of x: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
