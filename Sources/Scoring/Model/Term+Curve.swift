import LimpetNumerics

extension Term {
    /// A smooth function of the transformed value: piecewise cubic Hermite interpolation.
    ///
    /// The function is cubic between knots, with continuous values and slopes, and beyond each end knot a
    /// straight line with that knot's slope.
    public struct Curve: Hashable, Sendable {
        /// The transformation applied to the value first.
        public var transform: Transform
        /// The knots: at least two transformed values, strictly ascending.
        public var knots: [Double]
        /// The log-odds at each knot.
        public var values: [Double]
        /// The slope at each knot, in log-odds per unit of the transformed value.
        public var slopes: [Double]
        /// The standard error of each value's distance from the curve's mean, where they were computed.
        public var standardErrors: [Double]?

        /// Creates a curve from a value and a slope for each knot.
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

        /// Returns the log-odds at a value that is not missing.
        public func callAsFunction(_ value: Double) -> Double { at(transform(value)) }

        /// Returns the log-odds at a value that is already transformed.
        package func at(_ x: Double) -> Double { piece(knots.bin(of: x))(x) }

        /// Returns the slope at a value that is already transformed.
        package func slope(at x: Double) -> Double {
            let piece = piece(knots.bin(of: x))
            let u = x - piece.origin
            guard piece.isCubic else { return piece.linear }
            return piece.linear + u * (2 * piece.square + u * (3 * piece.cube))
        }

        /// The polynomials in ascending order: left of the first knot, between knots, right of the last.
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

        /// Evaluates the polynomial with plain products and sums in a fixed order, so that every machine
        /// computes the same bits.
        @inline(__always)
        func callAsFunction(_ x: Double) -> Double {
            let u = x - origin
            // Far outside the knots the square of the distance may be infinite, and zero times infinity is
            // NaN.
            return isCubic ? constant + u * (linear + u * (square + u * cube)) : constant + u * linear
        }
    }
}

extension Term.Transform {
    /// Returns the value with this transformed value, up to rounding.
    package func inverse(_ transformed: Double) -> Double {
        guard self == .signedLog else { return transformed }
        let size = ElementaryFunctions.exp(transformed.magnitude) - 1
        return transformed < 0 ? -size : size
    }
}
