/// One summand of a model: what one input adds to the log-odds. Centred, so that its mean over the training
/// rows is 0 and a contribution is the distance from the average user.
public struct Term: Hashable, Sendable {
    /// The input's index.
    public var input: Int
    /// The shape of the contribution.
    public var shape: Shape
    /// What is added when the input is missing.
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

    /// The shapes that a term can have.
    public enum Shape: Hashable, Sendable {
        /// A line of the value or of its signed log.
        case line(Line)
        /// A step function of the value.
        case steps(Steps)
        /// A table of a category's levels.
        case levels(Levels)
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

    /// What a line does to its value.
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

        /// Makes a step function.
        public init(edges: [Double], values: [Double]) {
            self.edges = edges
            self.values = values
        }

        /// The number of edges at or below `x`.
        public func bin(_ x: Double) -> Int {
            var (low, high) = (0, edges.count)
            while low < high {
                let middle = (low + high) / 2
                if edges[middle] <= x { low = middle + 1 } else { high = middle }
            }
            return low
        }
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
