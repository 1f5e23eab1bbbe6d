import LimpetLinearAlgebra

/// The unit of the fixed-point derivatives of pairs.
enum DerivativeUnit {
    /// The weights up to which the unit does not depend on them, so that a weight is a repeated row to the
    /// last digit. Greater weights have a coarser unit.
    private static let usualWeight: Float = 8

    /// Returns the unit for some weights; nil for ones.
    static func unit(_ weights: [Float]?) -> Double {
        let most = weights?.max() ?? 1
        return Double(max(1, most / usualWeight)) / Double(PackedDerivatives.one)
    }
}
