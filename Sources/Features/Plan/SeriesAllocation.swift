import LimpetDocuments
import LimpetEvents

/// An allocator of series for the compilation of features; equal requests get the same series.
struct SeriesAllocation {
    let featureSet: FeatureSet
    private(set) var timeFilters: [EventFilter] = []
    private(set) var dayFilters: [EventFilter] = []
    private(set) var amountSources: [PropertySource] = []
    private(set) var categorySources: [PropertySource] = []
    private(set) var amountProperties: [String] = []
    private(set) var textProperties: [String] = []
    /// The conditions of the series, without the empty ones.
    private(set) var conditions: [EventConditions] = []

    /// The decimals of amounts that the feature set does not name.
    private let otherDecimals: VerbatimDictionary<Int>

    init(featureSet: FeatureSet, otherDecimals: VerbatimDictionary<Int> = [:]) {
        self.featureSet = featureSet
        self.otherDecimals = otherDecimals
    }

    /// Returns the decimals of a property that is read as an amount.
    func decimals(of property: String) -> Int {
        featureSet.decimals[property] ?? otherDecimals[property] ?? 0
    }

    mutating func time(_ filter: EventFilter) -> Int {
        register(filter)
        return Self.index(of: filter, in: &timeFilters)
    }

    mutating func day(_ filter: EventFilter) -> Int {
        register(filter)
        return Self.index(of: filter, in: &dayFilters)
    }

    mutating func amount(_ property: String, of filter: EventFilter) -> Int {
        register(filter)
        let slot = amountSlot(property)
        return Self.index(of: PropertySource(filter: filter, slot: slot), in: &amountSources)
    }

    mutating func category(_ property: String, of filter: EventFilter) -> Int {
        register(filter)
        let slot = property == Feature.eventNameProperty ? -1 : text(property)
        return Self.index(of: PropertySource(filter: filter, slot: slot), in: &categorySources)
    }

    /// Returns the slot of a property that is read as an amount.
    mutating func amountSlot(_ property: String) -> Int { Self.slot(of: property, in: &amountProperties) }

    /// Returns the slot of a property that is read as a text.
    mutating func text(_ property: String) -> Int { Self.slot(of: property, in: &textProperties) }

    private mutating func register(_ filter: EventFilter) {
        if !filter.conditions.isEmpty { _ = Self.index(of: filter.conditions, in: &conditions) }
    }

    private static func slot(of property: String, in list: inout [String]) -> Int {
        if let slot = list.firstIndex(verbatim: property) { return slot }
        list.append(property)
        return list.count - 1
    }

    private static func index<Element: Equatable>(of element: Element, in list: inout [Element]) -> Int {
        if let index = list.firstIndex(of: element) { return index }
        list.append(element)
        return list.count - 1
    }
}
