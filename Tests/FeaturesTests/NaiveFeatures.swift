import LimpetEvents
import LimpetFeatures

/// Every kind written a second time, straight from its documentation and from raw events, with nothing kept
/// between two questions. Slow on purpose; the engines must agree with it to the bit.
struct NaiveFeatures {
    /// In the order of time, and of arrival where times are equal.
    let events: [Event]
    let featureSet: FeatureSet
    let zone: TimeZoneRules

    init(events: [Event], featureSet: FeatureSet, zone: TimeZoneRules) {
        self.events = events.enumerated()
            .sorted { ($0.element.time.milliseconds, $0.offset) < ($1.element.time.milliseconds, $1.offset) }
            .map(\.element)
        self.featureSet = featureSet
        self.zone = zone
    }

    func vector(at time: Timestamp) -> FeatureVector {
        var vector = FeatureVector(count: featureSet.features.count)
        for (index, feature) in featureSet.features.enumerated() {
            if feature.kind == .lastCategory {
                vector.categories[index] = TextKey(lastText(feature, at: time.milliseconds) ?? "")
            } else {
                vector.numbers[index] = number(feature, at: time.milliseconds) ?? .nan
            }
        }
        return vector
    }

    /// Whether the user is in a population: has done, has not done, active within.
    func isIn(_ population: Population, at time: Timestamp) -> Bool {
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

    private func isMeant(_ event: Event, _ pattern: EventPattern) -> Bool {
        let names = pattern.isAny ? featureSet.systemEvents : pattern.names
        return names.contains { isNamed(event.name, by: $0) } != pattern.isAny
    }

    private func window(_ pattern: EventPattern, _ length: TimeSpan?, at now: Int64) -> [Event] {
        events.filter { event in
            let age = now - event.time.milliseconds
            return age > 0 && length.map { age <= $0.milliseconds } ?? true && isMeant(event, pattern)
        }
    }

    private func texts(_ feature: Feature, at now: Int64) -> [String] {
        window(feature.events, feature.window, at: now)
            .map { feature.property == "event" ? $0.name : $0.properties[feature.property ?? ""] ?? "" }
            .filter { !$0.isEmpty }
    }

    private func lastText(_ feature: Feature, at now: Int64) -> String? { texts(feature, at: now).last }

    /// Whole units of amounts that are written with at most as many decimals as the set gives the property.
    private func units(_ feature: Feature, at now: Int64) -> [Int128] {
        let decimals = featureSet.decimals[feature.property ?? ""] ?? 0
        return window(feature.events, feature.window, at: now).compactMap { event in
            guard let text = event.properties[feature.property ?? ""], !text.isEmpty else { return nil }
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let fraction = parts.count > 1 ? String(parts[1]) : ""
            let zeros = String(repeating: "0", count: decimals - fraction.count)
            return Int128("\(parts[0])\(fraction)\(zeros)")
        }
    }

    private func number(_ feature: Feature, at now: Int64) -> Double? {
        let times = window(feature.events, feature.window, at: now).map(\.time.milliseconds)
        switch feature.kind {
        case .count: return Double(times.count)
        case .difference:
            return Double(times.count - window(feature.minus ?? .any, feature.window, at: now).count)
        case .trend:
            let longer = window(feature.events, feature.against, at: now).count
            return longer == 0 ? nil : Double(times.count) / Double(longer)
        case .activeDays:
            return Double(Set(window(feature.events, feature.window, at: now).map(civilDay)).count)
        case .sessions: return Double(sessionStarts(feature, at: now))
        case .distinct:
            let count = Set(texts(feature, at: now).map { Array($0.utf8) }).count
            return count > featureSet.distinctLimit ? nil : Double(count)
        case .sum, .mean, .minimum, .maximum, .latest: return amount(feature, at: now)
        case .recency: return times.last.map { days(now - $0) }
        case .tenure: return times.first.map { days(now - $0) }
        case .meanGap, .longestGap, .overdue: return gap(feature.kind, times, at: now)
        case .lastCategory: return nil
        }
    }

    private func amount(_ feature: Feature, at now: Int64) -> Double? {
        let units = units(feature, at: now)
        let unit = [1.0, 10, 100, 1_000][featureSet.decimals[feature.property ?? ""] ?? 0]
        let sum = units.reduce(0, +)
        switch feature.kind {
        case .sum: return Double(sum) / unit
        case .mean: return units.isEmpty ? nil : Double(sum) / (Double(units.count) * unit)
        case .minimum: return units.min().map { Double($0) / unit }
        case .maximum: return units.max().map { Double($0) / unit }
        default: return units.last.map { Double($0) / unit }
        }
    }

    private func gap(_ kind: FeatureKind, _ times: [Int64], at now: Int64) -> Double? {
        guard times.count >= 2, let first = times.first, let last = times.last else { return nil }
        let gaps = (1..<times.count).map { times[$0] - times[$0 - 1] }
        switch kind {
        case .meanGap: return Double(gaps.reduce(0, +)) / (Double(gaps.count) * 86_400_000)
        case .longestGap: return gaps.max().map(days)
        default: return last == first ? nil : Double((now - last) * Int64(gaps.count)) / Double(last - first)
        }
    }

    private func days(_ milliseconds: Int64) -> Double { Double(milliseconds) / 86_400_000 }

    /// The day on the wall clock of the event's own place, else on that of the set's zone.
    private func civilDay(_ event: Event) -> Int64 {
        let seconds = event.zoneOffsetMinutes.map { $0 * 60 } ?? zone.offsetSeconds(at: event.time)
        let local = event.time.milliseconds + Int64(seconds) * 1_000
        return local >= 0 ? local / 86_400_000 : (local + 1) / 86_400_000 - 1
    }

    /// Sessions are told apart over the full history, then counted where they start.
    private func sessionStarts(_ feature: Feature, at now: Int64) -> Int {
        let own = events.filter { isMeant($0, .any) }.map(\.time.milliseconds)
        let starts = own.indices.filter {
            $0 == 0 || own[$0] - own[$0 - 1] > featureSet.sessionGap.milliseconds
        }
        return starts.filter { index in
            own[index] < now && feature.window.map { own[index] >= now - $0.milliseconds } ?? true
        }.count
    }
}
