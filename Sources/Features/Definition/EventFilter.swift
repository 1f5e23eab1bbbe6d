import LimpetDocuments
import LimpetNumerics
package import LimpetEvents

/// A filter for the events of a series: a pattern and conditions.
package struct EventFilter: Hashable, Sendable {
    /// The pattern of the events' names.
    package var events: EventPattern
    /// The conditions on the events.
    package var conditions: EventConditions

    /// Makes a filter.
    package init(events: EventPattern, conditions: EventConditions = .none) {
        self.events = events
        self.conditions = conditions
    }
}

/// Conditions bound to the slots of an ``EventProjection``.
struct ConditionTest: Sendable {
    private enum Property: Sendable {
        case keys(slot: Int, Set<UInt64>, isWanted: Bool)
        case units(slot: Int, atLeast: Int64, below: Int64)
    }

    private let properties: [Property]
    private let hours: HourRange?
    private let weekdays: [Int]

    init(_ conditions: EventConditions, allocation: inout SeriesAllocation) {
        hours = conditions.hours
        weekdays = conditions.weekdays
        var properties: [Property] = []
        for condition in conditions.properties {
            switch condition.test {
            case .oneOf(let texts):
                let keys = Set(texts.map { TextKey($0).rawValue })
                properties.append(.keys(slot: allocation.text(condition.property), keys, isWanted: true))
            case .noneOf(let texts):
                let keys = Set(texts.map { TextKey($0).rawValue })
                properties.append(.keys(slot: allocation.text(condition.property), keys, isWanted: false))
            case .amount(let least, let limit):
                let decimals = allocation.decimals(of: condition.property)
                func units(_ text: String?) -> Int64? {
                    text.flatMap { ExactDecimal($0)?.units(decimals: decimals) }
                }
                properties.append(
                    .units(
                        slot: allocation.amountSlot(condition.property), atLeast: units(least) ?? .min,
                        below: units(limit) ?? .max))
            }
        }
        self.properties = properties
    }

    /// Returns true if an event meets the conditions.
    func isMet(by projection: borrowing EventProjection) -> Bool {
        for property in properties {
            switch property {
            case .keys(let slot, let keys, let isWanted):
                let key = projection.keys[slot]
                guard key != 0, keys.contains(key) == isWanted else { return false }
            case .units(let slot, let least, let limit):
                let units = projection.amounts[slot]
                guard units != NumberColumn.missing, units >= least, units < limit else { return false }
            }
        }
        if let hours, !hours.contains(projection.hour) { return false }
        return weekdays.isEmpty || weekdays.contains(projection.weekday)
    }
}
