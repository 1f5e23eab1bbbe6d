import LimpetDocuments
import LimpetNumerics
public import LimpetEvents

/// The reference implementation of every kind, written from its documentation, on raw events and without
/// shared state.
///
/// It is slow on purpose: the engines must agree with it to the bit, which `limpet features check` checks for
/// a feature set and a log.
public struct ReferenceFeatures: Sendable {
    /// The events in the order of time, and of arrival where times are equal.
    public let events: [Event]
    let featureSet: FeatureSet
    private let zone: TimeZoneRules

    /// Makes a reference of one user's events, given in the order of their arrival.
    public init(events: [Event], featureSet: FeatureSet, zone: TimeZoneRules) {
        self.events = events.enumerated()
            .sorted { ($0.element.time.milliseconds, $0.offset) < ($1.element.time.milliseconds, $1.offset) }
            .map(\.element)
        self.featureSet = featureSet
        self.zone = zone
    }

    /// Returns the features at a snapshot time.
    public func vector(at time: Timestamp) -> FeatureVector {
        var vector = FeatureVector(count: featureSet.features.count)
        for (index, feature) in featureSet.features.enumerated() {
            let text = ReferenceFeature(feature, self, at: time.milliseconds)
            if feature.kind == .lastCategory {
                vector.categories[index] = TextKey(text.lastText ?? "")
            } else {
                vector.numbers[index] = text.number ?? .nan
            }
        }
        return vector
    }

    /// Returns true if the user is in a population at `time`.
    public func isIn(_ population: Population, at time: Timestamp) -> Bool {
        let past = events.filter { $0.time < time }
        guard past.contains(where: { isMeant($0, population.hasDone) }) else { return false }
        if let never = population.hasNotDone, past.contains(where: { isMeant($0, never) }) { return false }
        guard let window = population.activeWithin else { return true }
        return past.contains { isMeant($0, .any) && $0.time >= time - window }
    }

    private func isNamed(_ name: String, by pattern: String) -> Bool {
        pattern.utf8.last == UInt8(ascii: "*")
            ? name.utf8.starts(with: pattern.utf8.dropLast()) : name.utf8.elementsEqual(pattern.utf8)
    }

    func isMeant(_ event: Event, _ pattern: EventPattern) -> Bool {
        let names = pattern.isAny ? featureSet.systemEvents : pattern.names
        return names.contains { isNamed(event.name, by: $0) } != pattern.isAny
    }

    /// Returns the local time in milliseconds, by the event's own offset or else by the set's zone.
    func wallClock(_ event: Event) -> Int64 {
        let seconds = event.zoneOffsetMinutes.map { $0 * 60 } ?? zone.offsetSeconds(at: event.time)
        return event.time.milliseconds + Int64(seconds) * 1_000
    }

    func meets(_ event: Event, _ conditions: EventConditions) -> Bool {
        let local = wallClock(event)
        let day = local >= 0 ? local / 86_400_000 : (local + 1) / 86_400_000 - 1
        let hour = Int((local - day * 86_400_000) / 3_600_000)
        if let hours = conditions.hours {
            let allowed =
                hours.start < hours.end
                ? Array(hours.start..<hours.end) : Array(hours.start..<24) + Array(0..<hours.end)
            guard allowed.contains(hour) else { return false }
        }
        // 1 January 1970 was a Thursday.
        let weekday = Int(((day % 7) + 7 + 4) % 7)
        guard conditions.weekdays.isEmpty || conditions.weekdays.contains(weekday) else { return false }
        return conditions.properties.allSatisfy { meets(event, $0) }
    }

    private func meets(_ event: Event, _ condition: PropertyCondition) -> Bool {
        guard let text = event.properties[condition.property], !text.isEmpty else { return false }
        func isAmong(_ texts: [String]) -> Bool { texts.contains { $0.utf8.elementsEqual(text.utf8) } }
        switch condition.test {
        case .oneOf(let texts): return isAmong(texts)
        case .noneOf(let texts): return !isAmong(texts)
        case .amount(let least, let limit):
            let decimals = featureSet.decimals[condition.property] ?? 0
            guard let units = Self.units(text, decimals: decimals) else { return false }
            if let least = least.flatMap({ Self.units($0, decimals: decimals) }), units < least {
                return false
            }
            if let limit = limit.flatMap({ Self.units($0, decimals: decimals) }), units >= limit {
                return false
            }
            return true
        }
    }

    static func units(_ text: String, decimals: Int) -> Int128? {
        ExactDecimal(text)?.units(decimals: decimals).map { Int128($0) }
    }
}
