import LimpetDocuments
public import LimpetEvents

/// Features of one side compared with those of another: how many, how many differ, and the first that does.
public struct FeatureComparison: Hashable, Sendable {
    /// A feature of a user at a snapshot time that is not the same on both sides.
    public struct Difference: Hashable, Sendable {
        /// The feature's name, or `population` where a user is in it on one side only.
        public var feature: String
        /// The user's id.
        public var user: String
        /// The snapshot time.
        public var time: Timestamp
        /// What was found, as text; `missing` where nothing was.
        public var found: String
        /// What was expected.
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

    /// Features × snapshots that were compared, memberships of the population with them.
    public private(set) var compared = 0
    /// How many of them differ.
    public private(set) var differences = 0
    /// The first that differs, by user and snapshot time.
    public private(set) var first: Difference?

    /// Nothing compared yet.
    public init() {}

    /// Counts one comparison.
    public mutating func note(
        isSame: Bool, _ difference: @autoclosure () -> Difference
    ) {
        compared += 1
        guard !isSame else { return }
        differences += 1
        if first == nil { first = difference() }
    }

    /// Adds what was compared after this.
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

    /// Compares whether a user is in the population.
    mutating func compare(isIn found: Bool, _ expected: Bool, user: String, at time: Timestamp) {
        note(
            isSame: found == expected,
            Difference(
                feature: "population", user: user, time: time, found: found ? "in" : "out",
                expected: expected ? "in" : "out"))
    }

    /// A number as text; all digits that tell it from its neighbours.
    public static func text(_ number: Double) -> String { number.isNaN ? "missing" : number.description }

    private static func text(_ key: TextKey, _ names: (TextKey) -> String?) -> String {
        key.isMissing ? "missing" : names(key).map(\.quoted) ?? "a text with the key \(key.rawValue)"
    }
}
