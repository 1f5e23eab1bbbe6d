public import LimpetEvents

/// The features of a model, and what is common to all of them.
public struct FeatureSet: Hashable, Sendable {
    /// The zone of the civil days of events that name none, as the tz database calls it.
    public var timeZone: String
    /// A session ends when more than this passes between two of a user's own events.
    public var sessionGap: TimeSpan
    /// Events that users do not cause themselves, e.g. offers shown: they are no activity and extend no session.
    public var systemEvents: [String]
    /// How many decimals the amounts of each property have.
    public var decimals: [String: Int]
    /// The most different values that ``FeatureKind/distinct`` counts; above it the feature is missing.
    public var distinctLimit: Int
    /// Segments that are defined over a model's score: none may feed a model.
    public var scoreSegments: [String]
    /// The features, in the order of a model's inputs.
    public var features: [Feature]

    /// The default of ``distinctLimit``.
    public static let defaultDistinctLimit = 1_000
    /// The default of ``sessionGap``.
    public static let defaultSessionGap = TimeSpan(milliseconds: 1_800_000)
    /// The most decimals that amounts may have.
    public static let decimalsLimit = 9

    /// Makes a feature set.
    public init(
        timeZone: String = "UTC", sessionGap: TimeSpan = FeatureSet.defaultSessionGap,
        systemEvents: [String] = [], decimals: [String: Int] = [:],
        distinctLimit: Int = FeatureSet.defaultDistinctLimit, scoreSegments: [String] = [],
        features: [Feature]
    ) {
        self.timeZone = timeZone
        self.sessionGap = sessionGap
        self.systemEvents = systemEvents
        self.decimals = decimals
        self.distinctLimit = distinctLimit
        self.scoreSegments = scoreSegments
        self.features = features
    }

    /// The columns that a log must hold for these features, by property.
    public var columns: (numbers: [String: Int], texts: Set<String>) {
        var numbers: [String: Int] = [:]
        var texts: Set<String> = []
        func add(_ property: String, asAmount: Bool) {
            if asAmount { numbers[property] = decimals[property] ?? 0 } else { texts.insert(property) }
        }
        for feature in features {
            if let property = feature.property, property != Feature.eventNameProperty {
                add(property, asAmount: feature.kind.readsAmount)
            }
            for condition in feature.conditions.properties {
                add(condition.property, asAmount: condition.readsAmount)
            }
        }
        return (numbers, texts)
    }

    /// Checks what the types cannot: unique names, windows above zero, properties where they are needed.
    ///
    /// - Throws: ``FeatureSetError`` for the first feature that is wrong.
    public func validate() throws(FeatureSetError) {
        guard !features.isEmpty else { throw .noFeatures }
        guard sessionGap.milliseconds > 0 else {
            throw .invalid(feature: "sessionGap", problem: "must be > 0")
        }
        guard (1...1_000_000).contains(distinctLimit) else {
            throw .invalid(feature: "distinctLimit", problem: "must be from 1 to 1,000,000")
        }
        for (property, places) in decimals where !(0...Self.decimalsLimit).contains(places) {
            throw .invalid(
                feature: "decimals of \(property)", problem: "must be from 0 to \(Self.decimalsLimit)")
        }
        var names: Set<String> = []
        for feature in features {
            guard names.insert(feature.name).inserted else { throw .repeatedName(feature.name) }
            if let problem = feature.problem ?? feature.leak(scoreSegments) {
                throw .invalid(feature: feature.name, problem: problem)
            }
            for condition in feature.conditions.properties {
                if let problem = condition.problem(decimals: decimals[condition.property] ?? 0) {
                    throw .invalid(feature: feature.name, problem: problem)
                }
            }
        }
    }
}

/// Why a feature set cannot be used.
public enum FeatureSetError: Error, Equatable, CustomStringConvertible {
    /// There is no feature in it.
    case noFeatures
    /// Two features have the same name.
    case repeatedName(String)
    /// A feature contradicts itself.
    case invalid(feature: String, problem: String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .noFeatures: "the feature set has no features"
        case .repeatedName(let name): "two features are called \(name)"
        case .invalid(let feature, let problem): "\(feature): \(problem)"
        }
    }
}
