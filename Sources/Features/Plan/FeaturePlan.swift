public import LimpetDocuments
public import LimpetEvents

/// A feature set, a population and a label, compiled into the event series that they need.
///
///     let label = Label(kind: .inactivity, events: .any, horizon: .days(30))
///     let plan = try FeaturePlan(featureSet, label: label, zone: zone)
///     let table = try await SnapshotTable.extract(from: log, plan: plan, at: [time], dataUntil: end)
///
/// Features that read the same events share a series, and each feature is a function of a range of it. The
/// same plan serves batch extraction and the live state, which is why both give the same bits.
public struct FeaturePlan: Sendable {
    /// The feature set.
    public let featureSet: FeatureSet
    /// The population: the users who get a snapshot.
    public let population: Population
    /// The predicted outcome; nil when only features are needed.
    public let label: Label?
    /// The time zone of events without an offset.
    public let zone: TimeZoneRules
    /// The properties that are read as amounts, in the order of ``EventProjection/amounts``, with their
    /// decimals.
    public let amountProperties: [(name: String, decimals: Int)]
    /// The properties that are read as text, in the order of ``EventProjection/keys``.
    public let textProperties: [String]

    let evaluators: [FeatureEvaluator]
    var timeFilters: [EventFilter] = []
    var dayFilters: [EventFilter] = []
    var amountSources: [PropertySource] = []
    var categorySources: [PropertySource] = []
    /// The conditions of series, each once; a series without conditions has the index −1.
    let conditions: [ConditionTest]
    private let conditionIndices: [EventConditions: Int]
    let needsSessions: Bool
    /// True when a series needs the local time of events.
    let needsClock: Bool
    let hasDoneSeries: Int
    let hasNotDoneSeries: Int?
    let activitySeries: Int
    let labelSeries: Int?
    /// The series of the watched filters, as places among ``timeFilters``.
    let watchedTimes: [Int]
    /// The series of the watched properties, as places among ``categorySources``.
    let watchedTexts: [Int]
    private let systemEvents: EventPattern?
    let dispatches = DispatchCache()

    /// Compiles a feature set.
    ///
    /// - Parameter zone: the rules of ``FeatureSet/timeZone``, with which they are not compared: the
    ///   default is right only for sets in UTC.
    /// - Throws: ``FeatureSetError`` when the set is not valid.
    public init(
        _ featureSet: FeatureSet, population: Population = Population(), label: Label? = nil,
        zone: TimeZoneRules = .utc
    ) throws(FeatureSetError) {
        try self.init(
            featureSet, population: population, label: label, zone: zone, watching: WatchList())
    }

    /// Compiles a feature set, and a list of what else is looked for in the events.
    ///
    /// - Throws: ``FeatureSetError`` when the set is not valid.
    package init(
        _ featureSet: FeatureSet, population: Population = Population(), label: Label? = nil,
        zone: TimeZoneRules = .utc, watching list: WatchList
    ) throws(FeatureSetError) {
        try featureSet.validate()
        var allocation = SeriesAllocation(featureSet: featureSet, otherDecimals: list.decimals)
        evaluators = featureSet.features.map { FeatureEvaluator($0, allocation: &allocation) }
        hasDoneSeries = allocation.time(EventFilter(events: population.hasDone))
        hasNotDoneSeries = population.hasNotDone.map { allocation.time(EventFilter(events: $0)) }
        activitySeries = allocation.time(EventFilter(events: .any))
        labelSeries = label.map { allocation.time(EventFilter(events: $0.events)) }
        watchedTimes = list.filters.map { allocation.time($0) }
        watchedTexts = list.texts.map { allocation.category($0.property, of: $0.filter) }
        self.featureSet = featureSet
        self.population = population
        self.label = label
        self.zone = zone
        let needed = allocation.conditions
        let allDecimals = allocation
        conditionIndices = Dictionary(zip(needed, needed.indices)) { first, _ in first }
        conditions = needed.map { ConditionTest($0, allocation: &allocation) }
        needsClock = !allocation.dayFilters.isEmpty || needed.contains { $0.readsClock }
        amountProperties = allocation.amountProperties.map { ($0, allDecimals.decimals(of: $0)) }
        textProperties = allocation.textProperties
        timeFilters = allocation.timeFilters
        dayFilters = allocation.dayFilters
        amountSources = allocation.amountSources
        categorySources = allocation.categorySources
        needsSessions = featureSet.features.contains { $0.kind == .sessions }
        systemEvents = featureSet.systemEvents.isEmpty ? nil : EventPattern(names: featureSet.systemEvents)
    }

    /// The number of features.
    package var featureCount: Int { evaluators.count }

    /// The texts of all patterns, each once, in ascending order.
    var patternTexts: [String] {
        let filters = timeFilters + dayFilters + amountSources.map(\.filter) + categorySources.map(\.filter)
        let patterns = filters.map(\.events) + [systemEvents].compactMap { $0 }
        return VerbatimSet(patterns.flatMap(\.names)).sorted()
    }

    /// Returns the series that the events of one name go to.
    public func dispatch(for eventName: String) -> EventDispatch {
        dispatch(nameKey: TextKey(eventName).rawValue) { $0.matches(eventName) }
    }

    /// Returns the series for events whose names match the given pattern texts and no others.
    func dispatch(ofMatches texts: VerbatimSet) -> EventDispatch {
        dispatch(nameKey: 0) { !texts.isDisjoint(with: $0.names) }
    }

    private func dispatch(nameKey: UInt64, matches: (EventPattern) -> Bool) -> EventDispatch {
        let isSystem = systemEvents.map(matches) ?? false
        func indices(_ filters: [EventFilter]) -> [EventDispatch.Target] {
            filters.indices.compactMap { index in
                let pattern = filters[index].events
                guard pattern.isAny ? !isSystem : matches(pattern) else { return nil }
                return EventDispatch.Target(
                    index: index, condition: conditionIndices[filters[index].conditions] ?? -1)
            }
        }
        return EventDispatch(
            timeSeries: indices(timeFilters), daySeries: indices(dayFilters),
            amountSeries: indices(amountSources.map(\.filter)),
            categorySeries: indices(categorySources.map(\.filter)),
            extendsSession: needsSessions && !isSystem, nameKey: nameKey)
    }
}

/// A property of the events that pass a filter.
struct PropertySource: Hashable, Sendable {
    var filter: EventFilter
    /// The property's index in ``EventProjection``, or −1 for the event's name.
    var slot: Int
}

/// The series that the events of one name go to.
public struct EventDispatch: Sendable {
    /// A series, with the index of the condition that an event must meet to be added; −1 for none.
    struct Target: Sendable {
        var index: Int
        var condition: Int
    }

    /// The targets of all kinds, one kind after the other: one array, since each that is read for an event
    /// counts references.
    let targets: [Target]
    /// The targets of each kind, as places in ``targets``.
    let times, days, amounts, categories: Range<Int>
    let extendsSession: Bool
    let nameKey: UInt64

    init(
        timeSeries: [Target], daySeries: [Target], amountSeries: [Target], categorySeries: [Target],
        extendsSession: Bool, nameKey: UInt64
    ) {
        targets = timeSeries + daySeries + amountSeries + categorySeries
        times = timeSeries.indices
        days = times.upperBound..<(times.upperBound + daySeries.count)
        amounts = days.upperBound..<(days.upperBound + amountSeries.count)
        categories = amounts.upperBound..<targets.count
        self.extendsSession = extendsSession
        self.nameKey = nameKey
    }

    var timeSeries: [Target] { Array(targets[times]) }
    var daySeries: [Target] { Array(targets[days]) }
    var amountSeries: [Target] { Array(targets[amounts]) }
    var categorySeries: [Target] { Array(targets[categories]) }
}
