import LimpetNumerics

extension Term {
    /// A smooth function of the transformed value: cubic from knot to knot, so that values and slopes meet, and a
    /// straight line with the end knot's slope beyond each end (piecewise cubic Hermite interpolation).
    public struct Curve: Hashable, Sendable {
        /// What is done to the value first.
        public var transform: Transform
        /// Transformed values, strictly ascending, at least two.
        public var knots: [Double]
        /// Log-odds at each knot.
        public var values: [Double]
        /// Log-odds per unit of the transformed value, at each knot.
        public var slopes: [Double]
        /// The standard error of each value as a distance from the curve's mean, where they were computed.
        public var standardErrors: [Double]?

        /// Makes a curve; knots, values and slopes are as many.
        public init(
            transform: Transform, knots: [Double], values: [Double], slopes: [Double],
            standardErrors: [Double]? = nil
        ) {
            self.transform = transform
            self.knots = knots
            self.values = values
            self.slopes = slopes
            self.standardErrors = standardErrors
        }

        /// Log-odds at a value that is not missing.
        public func callAsFunction(_ value: Double) -> Double { at(transform(value)) }

        /// Log-odds at a value that is transformed already.
        package func at(_ x: Double) -> Double { piece(knots.bin(of: x))(x) }

        /// The slope at a value that is transformed already.
        package func slope(at x: Double) -> Double {
            let piece = piece(knots.bin(of: x))
            let u = x - piece.origin
            guard piece.isCubic else { return piece.linear }
            return piece.linear + u * (2 * piece.square + u * (3 * piece.cube))
        }

        /// The polynomials in the order of their places: left of the first knot, between knots, right of the last.
        package var pieces: [Piece] { (0...knots.count).map { piece($0) } }

        private func piece(_ place: Int) -> Piece {
            guard place > 0 else { return Piece(origin: knots[0], constant: values[0], linear: slopes[0]) }
            let (origin, value, slope) = (knots[place - 1], values[place - 1], slopes[place - 1])
            guard place < knots.count else { return Piece(origin: origin, constant: value, linear: slope) }
            let width = knots[place] - origin
            let rise = (values[place] - value) / width
            return Piece(
                origin: origin, constant: value, linear: slope,
                square: (3 * rise - 2 * slope - slopes[place]) / width,
                cube: (slope + slopes[place] - 2 * rise) / (width * width), isCubic: true)
        }
    }
}

extension Term.Curve {
    /// A polynomial in the distance from its origin.
    package struct Piece: Hashable, Sendable {
        package var origin: Double
        package var constant: Double
        package var linear: Double
        package var square = 0.0
        package var cube = 0.0
        package var isCubic = false

        var isFinite: Bool { constant.isFinite && linear.isFinite && square.isFinite && cube.isFinite }

        /// Plain products and sums in this order, so that every machine finds the same bits.
        @inline(__always)
        func callAsFunction(_ x: Double) -> Double {
            let u = x - origin
            // Far outside the square of the distance may be infinite, and nothing times it is no number.
            return isCubic ? constant + u * (linear + u * (square + u * cube)) : constant + u * linear
        }
    }
}

extension Term.Transform {
    /// The value whose transformed value this is, but for rounding.
    package func inverse(_ transformed: Double) -> Double {
        guard self == .signedLog else { return transformed }
        let size = ElementaryFunctions.exp(transformed.magnitude) - 1
        return transformed < 0 ? -size : size
    }
}
