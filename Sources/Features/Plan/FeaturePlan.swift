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
    var timeFilters: [EventFilter] = []
    var dayFilters: [EventFilter] = []
    var amountSources: [PropertySource] = []
    var categorySources: [PropertySource] = []
    /// The conditions of tracks, each once; a track without any has the index −1.
    let conditions: [ConditionTest]
    private let conditionIndices: [EventConditions: Int]
    let needsSessions: Bool
    /// Whether anything looks at the civil time of events.
    let needsClock: Bool
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
        hasDoneTrack = tracks.time(EventFilter(events: population.hasDone))
        hasNotDoneTrack = population.hasNotDone.map { tracks.time(EventFilter(events: $0)) }
        activityTrack = tracks.time(EventFilter(events: .any))
        labelTrack = label.map { tracks.time(EventFilter(events: $0.events)) }
        self.featureSet = featureSet
        self.population = population
        self.label = label
        self.zone = zone
        let needed = tracks.conditions
        conditionIndices = Dictionary(uniqueKeysWithValues: zip(needed, needed.indices))
        conditions = needed.map { ConditionTest($0, tracks: &tracks) }
        needsClock = !tracks.dayFilters.isEmpty || needed.contains { $0.readsClock }
        amountProperties = tracks.amountProperties.map { ($0, featureSet.decimals[$0] ?? 0) }
        textProperties = tracks.textProperties
        timeFilters = tracks.timeFilters
        dayFilters = tracks.dayFilters
        amountSources = tracks.amountSources
        categorySources = tracks.categorySources
        needsSessions = featureSet.features.contains { $0.kind == .sessions }
        systemEvents = featureSet.systemEvents.isEmpty ? nil : EventPattern(names: featureSet.systemEvents)
    }

    /// The texts of all patterns, each once, in ascending order.
    var patternTexts: [String] {
        let filters = timeFilters + dayFilters + amountSources.map(\.filter) + categorySources.map(\.filter)
        let patterns = filters.map(\.events) + [systemEvents].compactMap { $0 }
        return Set(patterns.flatMap(\.names)).sorted()
    }

    /// The time on an event's own clock, else on that of the set's zone; 0 where nothing asks for it.
    func local(_ time: Timestamp, zoneOffsetMinutes: Int?) -> Int64 {
        guard needsClock else { return 0 }
        let seconds = zoneOffsetMinutes.map { $0 * 60 } ?? zone.offsetSeconds(at: time)
        return time.milliseconds + Int64(seconds) * 1_000
    }

    /// Which tracks the events of one name go to.
    public func route(for eventName: String) -> EventRoute {
        route(nameKey: TextKey(eventName).rawValue) { $0.matches(eventName) }
    }

    /// Which tracks the events go to whose names match these texts of patterns, and no others.
    func route(ofMatches texts: Set<String>) -> EventRoute {
        route(nameKey: 0) { !texts.isDisjoint(with: $0.names) }
    }

    private func route(nameKey: UInt64, matches: (EventPattern) -> Bool) -> EventRoute {
        let isSystem = systemEvents.map(matches) ?? false
        func indices(_ filters: [EventFilter]) -> [EventRoute.Track] {
            filters.indices.compactMap { index in
                let pattern = filters[index].events
                guard pattern.isAny ? !isSystem : matches(pattern) else { return nil }
                return EventRoute.Track(
                    index: index, condition: conditionIndices[filters[index].conditions] ?? -1)
            }
        }
        return EventRoute(
            timeTracks: indices(timeFilters), dayTracks: indices(dayFilters),
            amountTracks: indices(amountSources.map(\.filter)),
            categoryTracks: indices(categorySources.map(\.filter)),
            extendsSession: needsSessions && !isSystem, nameKey: nameKey)
    }
}

/// A property of the events that pass a filter.
struct PropertySource: Hashable, Sendable {
    var filter: EventFilter
    /// The property's index in ``EventSample``, or −1 for the event's name.
    var slot: Int
}

/// Where the events of one name go.
public struct EventRoute: Sendable {
    /// A track, with the condition of the plan that an event must meet to stand in it; −1 for none.
    struct Track: Sendable {
        var index: Int
        var condition: Int
    }

    let timeTracks: [Track]
    let dayTracks: [Track]
    let amountTracks: [Track]
    let categoryTracks: [Track]
    let extendsSession: Bool
    let nameKey: UInt64
}

/// What a state needs to know of one event beside its name.
public struct EventSample: Sendable {
    /// Milliseconds since 1970.
    public var time: Int64 = 0
    /// The time on the event's own clock, as milliseconds since 1970 on that clock; 0 where the plan does not ask.
    public var local: Int64 = 0
    /// The amounts in units, `NumberColumn.missing` for none.
    public var amounts: [Int64]
    /// The keys of texts, 0 for none.
    public var keys: [UInt64]
    /// The key of the event's name.
    public var nameKey: UInt64 = 0

    /// An empty sample with room for what a plan reads.
    public init(plan: FeaturePlan) {
        amounts = [Int64](repeating: NumberColumn.missing, count: plan.amountProperties.count)
        keys = [UInt64](repeating: 0, count: plan.textProperties.count)
    }

    /// The civil day, counted from 1970-01-01.
    var day: Int32 { Self.day(ofLocal: local) }

    /// The day of a time on a clock.
    static func day(ofLocal local: Int64) -> Int32 {
        Int32(truncatingIfNeeded: local.flooredQuotient(by: TimeSpan.day.milliseconds))
    }

    /// The hour of the civil day, 0 to 23.
    var hour: Int {
        let day = TimeSpan.day.milliseconds
        return Int((local - local.flooredQuotient(by: day) * day) / TimeSpan.hour.milliseconds)
    }

    /// The day of the week, 0 for Sunday.
    var weekday: Int {
        let shifted = local.flooredQuotient(by: TimeSpan.day.milliseconds) + 4
        return Int(shifted - shifted.flooredQuotient(by: 7) * 7)
    }
}
