import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import Testing

/// Short ways to write events and to get features from all engines.
enum TestLog {
    /// The usual snapshot time, 2025-06-15T00:00:00Z, so that offsets in days and hours are easy to follow.
    static let noon = Timestamp(milliseconds: 1_749_945_600_000)

    /// An event at `offset` milliseconds from ``noon``.
    static func event(
        _ name: String, _ offset: Int64, _ properties: VerbatimDictionary<String> = [:], user: String = "u",
        zoneOffset: Int? = nil
    ) -> Event {
        Event(
            user: user, name: name, time: Timestamp(milliseconds: noon.milliseconds + offset),
            zoneOffsetMinutes: zoneOffset, properties: properties)
    }

    /// The log of events in their order of arrival, with the columns that a plan reads.
    static func log(_ events: [Event], for featureSet: FeatureSet) throws -> EventLog {
        let columns = featureSet.columns
        var builder = EventLogBuilder(numberColumns: columns.numbers, textColumns: columns.texts)
        for event in events { try builder.append(event) }
        return builder.finish()
    }

    /// One user's features from a log.
    static func batch(_ events: [Event], plan: FeaturePlan, at time: Timestamp = noon) throws -> FeatureVector
    {
        var state = UserState(plan: plan)
        guard !events.isEmpty else { return state.features(at: time) }
        var projection = EventProjection(plan: plan)
        try LogReader(log(events, for: plan.featureSet), plan: plan).load(
            user: 0, into: &state, projection: &projection)
        return state.features(at: time)
    }

    /// One user's features from events as they arrive.
    static func live(_ events: [Event], plan: FeaturePlan, at time: Timestamp = noon) -> FeatureVector {
        var history = LiveHistory(plan: plan)
        for event in events { history.append(event) }
        return history.features(at: time)
    }

    /// One user's features from a compact live state, by a slicing pass where that is enough.
    static func kept(_ events: [Event], plan: FeaturePlan, at time: Timestamp = noon) -> FeatureVector {
        let features = LiveFeatures(plan)
        var state = LiveState(features)
        for event in events { state.append(event) }
        return LiveReader(features).features(of: state, at: time)
    }

    /// The one feature's value in all engines, which must agree.
    static func value(
        _ feature: Feature, _ events: [Event], in set: FeatureSet = FeatureSet(features: []),
        zone: TimeZoneRules = .utc, at time: Timestamp = noon
    ) throws -> FeatureVector {
        var set = set
        set.features = [feature]
        let plan = try FeaturePlan(set, zone: zone)
        let batch = try batch(events, plan: plan, at: time)
        let reference = ReferenceFeatures(events: events, featureSet: set, zone: zone).vector(at: time)
        #expect(batch.isIdentical(to: live(events, plan: plan, at: time)), "batch and live: \(feature.name)")
        #expect(batch.isIdentical(to: reference), "batch and reference: \(feature.name)")
        #expect(batch.isIdentical(to: kept(events, plan: plan, at: time)), "batch and kept: \(feature.name)")
        return batch
    }

    /// The one number's value in all engines.
    static func number(
        _ feature: Feature, _ events: [Event], in set: FeatureSet = FeatureSet(features: []),
        zone: TimeZoneRules = .utc, at time: Timestamp = noon
    ) throws -> Double {
        try value(feature, events, in: set, zone: zone, at: time).numbers[0]
    }
}

extension Double {
    /// Equal to the bit, where any NaN stands for "missing".
    func isSame(as other: Double?) -> Bool {
        guard let other else { return isNaN }
        return bitPattern == other.bitPattern
    }
}
