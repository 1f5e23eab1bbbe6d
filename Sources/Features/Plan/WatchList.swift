package import LimpetDocuments
package import LimpetEvents

/// The events that somebody looks for beside those of a plan's features, e.g. the conditions of offers.
package struct WatchList: Sendable {
    /// A property of the events that pass a filter.
    package struct Text: Hashable, Sendable {
        /// The filter of the events.
        package let filter: EventFilter
        /// The property's name.
        package let property: String
    }

    /// The filters whose events' times are kept, each once.
    package private(set) var filters: [EventFilter] = []
    /// The properties whose texts are kept, each once.
    package private(set) var texts: [Text] = []
    /// The decimals of the amounts that the filters read, where the feature set does not name the property.
    package private(set) var decimals: VerbatimDictionary<Int> = [:]

    /// The decimals with which amounts are kept that no feature set names.
    package static let usualDecimals = 6

    /// Makes an empty list.
    package init() {}

    /// Adds a filter, and returns its place; equal filters have one.
    package mutating func add(_ filter: EventFilter) -> Int {
        for condition in filter.conditions.properties where condition.readsAmount {
            decimals[condition.property] = Self.usualDecimals
        }
        if let place = filters.firstIndex(of: filter) { return place }
        filters.append(filter)
        return filters.count - 1
    }

    /// Adds a property of the events that pass a filter, and returns its place.
    package mutating func add(_ property: String, of filter: EventFilter) -> Int {
        let text = Text(filter: filter, property: property)
        if let place = texts.firstIndex(of: text) { return place }
        texts.append(text)
        return texts.count - 1
    }
}
