public import LimpetEvents

/// A feature set, a population and a label, compiled into the tracks that they need.
///
/// Features that look at the same events share a track; each feature is then a question about a range of it.
/// The same plan serves batch extraction and the live state, which is why both give the same bits.
public struct FeaturePlan: Sendable {
    /// The set that was compiled.
    public let featureSet: FeatureSet
    /// Who gets a snapshot.
    public let population: Population
    /// What is predicted; nil when only features are wanted.
    public let label: Label?
    /// The zone of civil days.
    public let zone: TimeZoneRules
    /// The properties that are read as amounts, in the order of ``EventSample/amounts``, with their decimals.
    public let amountProperties: [(name: String, decimals: Int)]
    /// The properties that are read as text, in the order of ``EventSample/keys``.
    public let textProperties: [String]

    let evaluators: [FeatureEvaluator]
    var timePatterns: [EventPattern] = []
    var dayPatterns: [EventPattern] = []
    var amountSources: [PropertySource] = []
    var categorySources: [PropertySource] = []
    let needsSessions: Bool
    let hasDoneTrack: Int
    let hasNotDoneTrack: Int?
    let activityTrack: Int
    let labelTrack: Int?
    private let systemEvents: EventPattern?
    let routes = RouteCache()

    /// Compiles a feature set.
    ///
    /// - Parameter zone: the rules of ``FeatureSet/timeZone``.
    /// - Throws: ``FeatureSetError`` when the set is not valid.
    public init(
        _ featureSet: FeatureSet, population: Population = Population(), label: Label? = nil,
        zone: TimeZoneRules = .utc
    ) throws(FeatureSetError) {
        try featureSet.validate()
        var tracks = TrackAllocation(featureSet: featureSet)
        evaluators = featureSet.features.map { FeatureEvaluator($0, tracks: &tracks) }
        hasDoneTrack = tracks.time(population.hasDone)
        hasNotDoneTrack = population.hasNotDone.map { tracks.time($0) }
        activityTrack = tracks.time(.any)
        labelTrack = label.map { tracks.time($0.events) }
        self.featureSet = featureSet
        self.population = population
        self.label = label
        self.zone = zone
        amountProperties = tracks.amountProperties.map { ($0, featureSet.decimals[$0] ?? 0) }
        textProperties = tracks.textProperties
        timePatterns = tracks.timePatterns
        dayPatterns = tracks.dayPatterns
        amountSources = tracks.amountSources
        categorySources = tracks.categorySources
        needsSessions = featureSet.features.contains { $0.kind == .sessions }
        systemEvents = featureSet.systemEvents.isEmpty ? nil : EventPattern(names: featureSet.systemEvents)
    }

    /// Which tracks the events of one name go to.
    public func route(for eventName: String) -> EventRoute {
        let isSystem = systemEvents?.matches(eventName) ?? false
        func takes(_ pattern: EventPattern) -> Bool {
            pattern.isAny ? !isSystem : pattern.matches(eventName)
        }
        func indices(_ patterns: [EventPattern]) -> [Int] {
            patterns.indices.filter { takes(patterns[$0]) }
        }
        return EventRoute(
            timeTracks: indices(timePatterns), dayTracks: indices(dayPatterns),
            amountTracks: indices(amountSources.map(\.events)),
            categoryTracks: indices(categorySources.map(\.events)),
            extendsSession: needsSessions && !isSystem, nameKey: TextKey(eventName).rawValue)
    }
}

/// A property of the events of one pattern.
struct PropertySource: Hashable, Sendable {
    var events: EventPattern
    /// The property's index in ``EventSample``, or −1 for the event's name.
    var slot: Int
}

/// Where the events of one name go.
public struct EventRoute: Sendable {
    let timeTracks: [Int]
    let dayTracks: [Int]
    let amountTracks: [Int]
    let categoryTracks: [Int]
    let extendsSession: Bool
    let nameKey: UInt64
}

/// What a state needs to know of one event beside its name.
public struct EventSample: Sendable {
    /// Milliseconds since 1970.
    public var time: Int64 = 0
    /// The civil day, counted from 1970-01-01.
    public var day: Int32 = 0
    /// The amounts in units, ``NumberColumn/missing`` for none.
    public var amounts: [Int64]
    /// The keys of texts, 0 for none.
    public var keys: [UInt64]

    /// An empty sample with room for what a plan reads.
    public init(plan: FeaturePlan) {
        amounts = [Int64](repeating: NumberColumn.missing, count: plan.amountProperties.count)
        keys = [UInt64](repeating: 0, count: plan.textProperties.count)
    }
}

/// Hands out tracks while features are compiled; equal requests get the same track.
struct TrackAllocation {
    let featureSet: FeatureSet
    private(set) var timePatterns: [EventPattern] = []
    private(set) var dayPatterns: [EventPattern] = []
    private(set) var amountSources: [PropertySource] = []
    private(set) var categorySources: [PropertySource] = []
    private(set) var amountProperties: [String] = []
    private(set) var textProperties: [String] = []

    init(featureSet: FeatureSet) { self.featureSet = featureSet }

    mutating func time(_ pattern: EventPattern) -> Int { Self.index(of: pattern, in: &timePatterns) }
    mutating func day(_ pattern: EventPattern) -> Int { Self.index(of: pattern, in: &dayPatterns) }

    mutating func amount(_ property: String, of events: EventPattern) -> Int {
        let slot = Self.index(of: property, in: &amountProperties)
        return Self.index(of: PropertySource(events: events, slot: slot), in: &amountSources)
    }

    mutating func category(_ property: String, of events: EventPattern) -> Int {
        let isName = property == Feature.eventNameProperty
        let slot = isName ? -1 : Self.index(of: property, in: &textProperties)
        return Self.index(of: PropertySource(events: events, slot: slot), in: &categorySources)
    }

    private static func index<Element: Equatable>(of element: Element, in list: inout [Element]) -> Int {
        if let index = list.firstIndex(of: element) { return index }
        list.append(element)
        return list.count - 1
    }
}
