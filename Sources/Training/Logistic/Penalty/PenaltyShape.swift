import LimpetLinearAlgebra

/// The distribution of a penalty of any strength over the columns of a design.
package struct PenaltyShape: Sendable {
    /// The scale of the strength: for the sum of losses, or for the mean loss of a row.
    package enum Unit: Sendable {
        case sum
        case mean
    }

    /// The share of L1 in the penalty.
    package var l1Ratio: Double
    package var unit: Unit
    /// The factor of each column's penalty; 0 for the intercept.
    package var factors: [Double]
    /// The lower and upper bounds of each coefficient.
    package var lower: [Double]
    package var upper: [Double]
    /// True for columns that are penalised as if they had a standard deviation of 1 among a model's own rows.
    package var isStandardised: [Bool]

    /// Makes a penalty on every column but the first, which is the intercept's.
    package init(columns: Int, l1Ratio: Double, unit: Unit, isStandardised: Bool = true) {
        self.l1Ratio = l1Ratio
        self.unit = unit
        factors = (0..<columns).map { $0 == 0 ? 0 : 1 }
        lower = [Double](repeating: -.infinity, count: columns)
        upper = [Double](repeating: .infinity, count: columns)
        self.isStandardised = (0..<columns).map { isStandardised && $0 > 0 }
    }

    /// Returns the penalty on the sum of losses.
    ///
    /// - Parameters:
    ///   - weight: the sum of the rows' weights.
    ///   - deviations: the standard deviation of each column among the rows.
    func penalty(_ strength: Double, weight: Double, deviations: [Double]) -> SeparablePenalty {
        var penalty = SeparablePenalty(count: factors.count)
        let scale = unit == .mean ? strength * weight : strength
        (penalty.lower, penalty.upper) = (lower, upper)
        for column in factors.indices.dropFirst() {
            let deviation = isStandardised[column] ? deviations[column] : 1
            guard deviations[column] > 0 else {
                // A column that is constant over all rows carries no information.
                (penalty.lower[column], penalty.upper[column]) = (0, 0)
                continue
            }
            penalty.l1[column] = scale * factors[column] * l1Ratio * deviation
            penalty.l2[column] = scale * factors[column] * (1 - l1Ratio) * deviation * deviation
        }
        return penalty
    }

    /// Returns a penalty that holds all penalised coefficients at 0.
    func null(deviations: [Double]) -> SeparablePenalty {
        var penalty = penalty(0, weight: 1, deviations: deviations)
        for column in factors.indices where factors[column] > 0 {
            (penalty.lower[column], penalty.upper[column]) = (0, 0)
        }
        return penalty
    }
}
