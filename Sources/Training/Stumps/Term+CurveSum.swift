import LimpetScoring

extension Term.Curve {
    /// Makes a curve of a line, with the given knots.
    init(_ line: Term.Line, knots: [Double]) {
        self.init(
            transform: line.transform, knots: knots,
            values: knots.map { line.offset + line.coefficient * $0 },
            slopes: knots.map { _ in line.coefficient })
    }

    /// Returns the sum of two curves of one transform, with the knots of both. The values and slopes at two
    /// points determine the polynomial between two knots, so that the sum is exact up to rounding.
    static func + (left: Term.Curve, right: Term.Curve) -> Term.Curve {
        let knots = Set(left.knots).union(right.knots).sorted()
        return Term.Curve(
            transform: left.transform, knots: knots,
            values: knots.map { left.at($0) + right.at($0) },
            slopes: knots.map { left.slope(at: $0) + right.slope(at: $0) })
    }

    /// Returns the curve with a constant added.
    func shifted(by shift: Double) -> Term.Curve {
        var curve = self
        curve.values = values.map { $0 + shift }
        return curve
    }

    /// Returns the curve times a factor, with its standard errors.
    func scaled(by factor: Double) -> Term.Curve {
        Term.Curve(
            transform: transform, knots: knots, values: values.map { $0 * factor },
            slopes: slopes.map { $0 * factor },
            standardErrors: standardErrors?.map { $0 * factor.magnitude })
    }
}

extension Term {
    /// Returns the sum of two curves, or of a line and a curve, of one input and transform; nil for others.
    func mergedCurve(with other: Term) -> Term? {
        guard input == other.input else { return nil }
        let sum: Curve
        switch (shape, other.shape) {
        case (.curve(let curve), .curve(let added)) where curve.transform == added.transform:
            sum = curve + added
        case (.curve(let curve), .line(let line)) where curve.transform == line.transform,
            (.line(let line), .curve(let curve)) where curve.transform == line.transform:
            sum = curve + Curve(line, knots: curve.knots)
        default: return nil
        }
        return Term(input: input, shape: .curve(sum), missing: missing + other.missing)
    }
}
