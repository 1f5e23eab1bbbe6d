public import LimpetEvents

/// The inputs of a model for one user at one moment: a number or a category for each feature.
public struct FeatureVector: Hashable, Sendable {
    /// The numbers by feature; NaN is missing. Unused at a category's place.
    public var numbers: [Double]
    /// The categories by feature; `TextKey.missing` is missing. Unused at a number's place.
    public var categories: [TextKey]

    /// A vector in which all is missing.
    public init(count: Int) {
        numbers = [Double](repeating: .nan, count: count)
        categories = [TextKey](repeating: .missing, count: count)
    }

    /// Whether both hold the same, bit for bit.
    public func isIdentical(to other: FeatureVector) -> Bool {
        categories == other.categories && numbers.count == other.numbers.count
            && zip(numbers, other.numbers).allSatisfy {
                $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
            }
    }
}
