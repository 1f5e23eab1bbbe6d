import LimpetDocuments
public import LimpetEvents

/// The result of comparing features: the number of comparisons, the number of differences, and the first
/// difference.
public struct FeatureComparison: Hashable, Sendable {
    /// A feature of a user at a snapshot time that differs between the two sides.
    public struct Difference: Hashable, Sendable {
        /// The feature's name, or `population` when the user is in it on one side only.
        public var feature: String
        /// The user's id.
        public var user: String
        /// The snapshot time.
        public var time: Timestamp
        /// The value found, as text; `missing` when there was none.
        public var found: String
        /// The value expected.
        public var expected: String

        /// Makes a difference.
        public init(feature: String, user: String, time: Timestamp, found: String, expected: String) {
            self.feature = feature
            self.user = user
            self.time = time
            self.found = found
            self.expected = expected
        }
    }

    /// The number of comparisons of features and of memberships of the population.
    public private(set) var compared = 0
    /// The number of differences.
    public private(set) var differences = 0
    /// The first difference, by user and snapshot time.
    public private(set) var first: Difference?

    /// Makes an empty comparison.
    public init() {}

    /// Adds one comparison.
    public mutating func note(
        isSame: Bool, _ difference: @autoclosure () -> Difference
    ) {
        compared += 1
        guard !isSame else { return }
        differences += 1
        if first == nil { first = difference() }
    }

    /// Adds the comparisons of a later part.
    public mutating func add(_ later: FeatureComparison) {
        compared += later.compared
        differences += later.differences
        first = first ?? later.first
    }

    /// Compares all features of a user at a snapshot time, bit for bit.
    mutating func compare(
        _ found: FeatureVector, _ expected: FeatureVector, of features: [Feature], user: String,
        at time: Timestamp, names: (TextKey) -> String?
    ) {
        for (index, feature) in features.enumerated() {
            if feature.kind.isCategorical {
                let (left, right) = (found.categories[index], expected.categories[index])
                note(
                    isSame: left == right,
                    Difference(
                        feature: feature.name, user: user, time: time, found: Self.text(left, names),
                        expected: Self.text(right, names)))
            } else {
                let (left, right) = (found.numbers[index], expected.numbers[index])
                note(
                    isSame: left.bitPattern == right.bitPattern || left.isNaN && right.isNaN,
                    Difference(
                        feature: feature.name, user: user, time: time, found: Self.text(left),
                        expected: Self.text(right)))
            }
        }
    }

    /// Compares a user's membership of the population.
    mutating func compare(isIn found: Bool, _ expected: Bool, user: String, at time: Timestamp) {
        note(
            isSame: found == expected,
            Difference(
                feature: "population", user: user, time: time, found: found ? "in" : "out",
                expected: expected ? "in" : "out"))
    }

    /// Returns a number as text with all digits that tell it from its neighbours; `missing` for NaN.
    public static func text(_ number: Double) -> String { number.isNaN ? "missing" : number.description }

    private static func text(_ key: TextKey, _ names: (TextKey) -> String?) -> String {
        key.isMissing ? "missing" : names(key).map(\.quoted) ?? "a text with the key \(key.rawValue)"
    }
}
