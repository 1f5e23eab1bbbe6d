public import LimpetEvents

/// The inputs of a model for one user at one snapshot time: a number or a category for each feature.
public struct FeatureVector: Hashable, Sendable {
    /// The number of each feature; NaN is missing. Unused for categorical features.
    public var numbers: [Double]
    /// The category of each feature; `TextKey.missing` is missing. Unused for numeric features.
    public var categories: [TextKey]

    /// Makes a vector in which all features are missing.
    public init(count: Int) {
        numbers = [Double](repeating: .nan, count: count)
        categories = [TextKey](repeating: .missing, count: count)
    }

    /// Returns true if both vectors are equal bit for bit; all NaN are equal.
    public func isIdentical(to other: FeatureVector) -> Bool {
        categories == other.categories && numbers.count == other.numbers.count
            && zip(numbers, other.numbers).allSatisfy {
                $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
            }
    }
}
