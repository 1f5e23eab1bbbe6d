public import LimpetDocuments
public import LimpetEvents

/// The features of a model, with the settings that they share.
///
///     let count = Feature(kind: .count, window: .days(30))
///     let recency = Feature(kind: .recency, events: EventPattern(names: ["purchase"]))
///     let set = FeatureSet(timeZone: "Europe/Amsterdam", features: [count, recency])
public struct FeatureSet: Hashable, Sendable {
    /// The time zone of events without an offset, by its name in the tz database.
    public var timeZone: String
    /// The longest time between two of a user's own events in one session.
    public var sessionGap: TimeSpan
    /// The events that users do not cause themselves, e.g. exposures: they are no activity and extend no
    /// session.
    public var systemEvents: [String]
    /// The number of decimals of the amounts of each property.
    public var decimals: VerbatimDictionary<Int>
    /// The largest number of different values that a feature of a property's variety counts, e.g.
    /// ``FeatureKind/distinct``; above it the feature is missing.
    public var distinctLimit: Int
    /// The segments that are defined over a model's score, which must not feed a model.
    public var scoreSegments: [String]
    /// The features, in the order of a model's inputs.
    public var features: [Feature]

    /// The default of ``distinctLimit``.
    public static let defaultDistinctLimit = 1_000
    /// The default of ``sessionGap``.
    public static let defaultSessionGap = TimeSpan(milliseconds: 1_800_000)
    /// The largest number of decimals of amounts.
    public static let decimalsLimit = 9

    /// Makes a feature set.
    public init(
        timeZone: String = "UTC", sessionGap: TimeSpan = FeatureSet.defaultSessionGap,
        systemEvents: [String] = [], decimals: VerbatimDictionary<Int> = [:],
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

    /// The columns that a log must have for these features: amounts with their decimals, and texts.
    public var columns: (numbers: VerbatimDictionary<Int>, texts: VerbatimSet) {
        var numbers: VerbatimDictionary<Int> = [:]
        var texts: VerbatimSet = []
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

    /// Checks the rules that the types do not express: unique names, windows above zero, properties where
    /// needed.
    ///
    /// - Throws: ``FeatureSetError`` for the first invalid feature.
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
        var names: VerbatimSet = []
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

/// The reason why a feature set cannot be used.
public enum FeatureSetError: Error, Equatable, CustomStringConvertible {
    /// A set without features.
    case noFeatures
    /// Two features with the same name.
    case repeatedName(String)
    /// A feature that contradicts itself.
    case invalid(feature: String, problem: String)

    /// A description of the error.
    public var description: String {
        switch self {
        case .noFeatures: "the feature set has no features"
        case .repeatedName(let name): "two features are called \(name)"
        case .invalid(let feature, let problem): "\(feature): \(problem)"
        }
    }
}
