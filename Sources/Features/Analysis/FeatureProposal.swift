public import LimpetDocuments
public import LimpetEvents

/// Rules that propose a feature set for a log.
///
/// Only events before a snapshot time are used, so that neither the names nor the windows depend on the
/// future.
public struct FeatureProposal {
    /// The smallest number of users with which an event or a property gets features of its own.
    public var minimumUsers = 20
    /// The largest number of events with features of their own; the events of the most users are chosen.
    public var maximumEvents = 20
    /// The largest number of distinct texts of a property that becomes a category.
    public var maximumLevels = 50
    /// The events that users do not cause themselves.
    public var systemEvents: [String]
    /// The events that get no features, e.g. the one that is predicted.
    public var excluded: VerbatimSet

    /// Makes the rules of a proposal.
    public init(systemEvents: [String] = [], excluded: VerbatimSet = []) {
        self.systemEvents = systemEvents
        self.excluded = excluded
    }

    /// Returns the proposed feature set; all columns of the log must have been read as texts.
    public func propose(for log: EventLog, before end: Timestamp, timeZone: String = "UTC") -> FeatureSet {
        propose(from: LogContents(log, before: end), timeZone: timeZone)
    }

    /// Returns the proposed feature set for a log of known content.
    package func propose(from profile: LogContents, timeZone: String) -> FeatureSet {
        let windows = windows(spanDays: profile.spanDays)
        let all = profile.widespread(minimumUsers: minimumUsers).filter { !excluded.contains($0) }
        let events = all.filter { !$0.isVerbatim(Event.attributesName) }
        let hasAttributes = all.count > events.count
        let chosen = Array(events.prefix(maximumEvents))
        var set = FeatureSet(
            timeZone: timeZone, systemEvents: systemEvents + (hasAttributes ? [Event.attributesName] : []),
            features: [])
        set.features = activity(windows)
        for event in chosen where events.count > 1 { set.features += features(of: event, windows) }
        for group in groups(events) { set.features += features(of: group, windows) }
        let attributes = hasAttributes ? [Event.attributesName] : []
        for property in profile.properties(among: chosen + attributes, minimumUsers: minimumUsers) {
            set.features += features(of: property, windows, decimals: &set.decimals)
        }
        var names: VerbatimSet = []
        set.features = set.features.filter { names.insert($0.name).inserted }
        return set
    }

    /// Returns the windows of 7, 30, 90 and 365 days that the log spans; that of 7 days if it spans none.
    private func windows(spanDays: Double) -> [TimeSpan] {
        let all: [Int64] = [7, 30, 90, 365]
        let fitting = all.filter { Double($0) <= spanDays }
        return (fitting.isEmpty ? [7] : fitting).map { .days($0) }
    }

    private func activity(_ windows: [TimeSpan]) -> [Feature] {
        var features = windows.flatMap { window in
            [
                Feature(kind: .count, window: window), Feature(kind: .activeDays, window: window),
                Feature(kind: .sessions, window: window),
            ]
        }
        features += [FeatureKind.count, .activeDays, .recency, .tenure, .meanGap, .longestGap, .overdue].map {
            Feature(kind: $0)
        }
        features += trends(.any, windows)
        return features
    }

    private func features(of event: String, _ windows: [TimeSpan]) -> [Feature] {
        let pattern = EventPattern(names: [event])
        var features = windows.map { Feature(kind: .count, events: pattern, window: $0) }
        features += [FeatureKind.count, .recency, .meanGap].map { Feature(kind: $0, events: pattern) }
        return features + trends(pattern, Array(windows.prefix(2)))
    }

    private func trends(_ pattern: EventPattern, _ windows: [TimeSpan]) -> [Feature] {
        zip(windows, windows.dropFirst()).map {
            Feature(kind: .trend, events: pattern, window: $0, against: $1)
        }
    }

    /// Returns the prefixes up to a colon that at least three events share, as patterns, e.g. `click:*`.
    private func groups(_ events: [String]) -> [String] {
        var counts: [Substring: Int] = [:]
        for event in events {
            guard let colon = event.firstIndex(of: ":") else { continue }
            counts[event[...colon], default: 0] += 1
        }
        return counts.filter { $0.value >= 3 }.keys.map { $0 + "*" }.sorted()
    }

    private func features(
        of property: LogContents.Property, _ windows: [TimeSpan], decimals: inout VerbatimDictionary<Int>
    ) -> [Feature] {
        let pattern = EventPattern(names: [property.event])
        if property.event.isVerbatim(Event.attributesName) {
            if let places = property.decimals {
                decimals[property.name] = max(decimals[property.name] ?? 0, places)
            }
            let kind = property.decimals == nil ? FeatureKind.lastCategory : .latest
            return [Feature(name: property.name, kind: kind, events: pattern, property: property.name)]
        }
        if let places = property.decimals {
            decimals[property.name] = max(decimals[property.name] ?? 0, places)
            if property.isAttribute {
                return [Feature(kind: .latest, events: pattern, property: property.name)]
            }
            let kinds: [FeatureKind] = [.mean, .latest]
            return windows.suffix(2).map {
                Feature(kind: .sum, events: pattern, window: $0, property: property.name)
            }
                + [Feature(kind: .sum, events: pattern, property: property.name)]
                + kinds.map { Feature(kind: $0, events: pattern, property: property.name) }
        }
        if property.levels <= maximumLevels {
            return [Feature(kind: .lastCategory, events: pattern, property: property.name)]
        }
        return windows.suffix(2).map {
            Feature(kind: .distinct, events: pattern, window: $0, property: property.name)
        }
    }
}
