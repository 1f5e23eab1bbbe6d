import LimpetDocuments
import LimpetNumerics
public import LimpetEvents

/// One event as a plan reads it: its time on both clocks, and the values of the plan's properties by slot.
///
/// It is the one form in which events of a log's columns, events as they arrive, and packed records reach a
/// ``UserState``.
public struct EventProjection: Sendable {
    /// The time in milliseconds since 1970.
    public private(set) var time: Int64 = 0
    /// The local time as milliseconds since 1970 on the local clock; 0 when the plan does not need it.
    public private(set) var local: Int64 = 0
    /// The amounts in units; `NumberColumn.missing` for none.
    public private(set) var amounts: [Int64]
    /// The keys of texts; 0 for none.
    public private(set) var keys: [UInt64]
    /// The key of the event's name.
    public private(set) var nameKey: UInt64 = 0

    /// Makes an empty projection for the properties that a plan reads.
    public init(plan: FeaturePlan) {
        amounts = [Int64](repeating: NumberColumn.missing, count: plan.amountProperties.count)
        keys = [UInt64](repeating: 0, count: plan.textProperties.count)
    }

    /// Projects an event whose values are given by slot.
    ///
    /// - Parameters:
    ///   - zoneOffset: the offset in minutes east of UTC; nil when the event does not give one.
    ///   - units: returns an amount in units; `NumberColumn.missing` for none.
    ///   - key: returns the key of a text; 0 for none.
    @inline(__always)
    mutating func project(
        onto plan: borrowing FeaturePlan, time: Int64, zoneOffset: Int?, nameKey: UInt64,
        units: (_ slot: Int) -> Int64, key: (_ slot: Int) -> UInt64
    ) {
        self.time = time
        local = plan.local(Timestamp(milliseconds: time), zoneOffsetMinutes: zoneOffset)
        for slot in amounts.indices { amounts[slot] = units(slot) }
        for slot in keys.indices { keys[slot] = key(slot) }
        self.nameKey = nameKey
    }

    /// Projects an event as it arrived. Amounts that are not decimal numbers are missing.
    mutating func project(_ event: Event, onto plan: borrowing FeaturePlan, nameKey: UInt64) {
        project(
            onto: plan, time: event.time.milliseconds, zoneOffset: event.zoneOffsetMinutes, nameKey: nameKey,
            units: { plan.units(of: event, slot: $0) }, key: { plan.key(of: event, slot: $0) })
    }

    /// The civil day, counted from 1970-01-01.
    var day: Int32 { Self.day(ofLocal: local) }

    /// Returns the civil day of a local time.
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

extension FeaturePlan {
    /// Returns the local time of an event by its own offset, or else by the set's zone; 0 when nothing needs
    /// it.
    func local(_ time: Timestamp, zoneOffsetMinutes: Int?) -> Int64 {
        guard needsClock else { return 0 }
        let seconds = zoneOffsetMinutes.map { $0 * 60 } ?? zone.offsetSeconds(at: time)
        return time.milliseconds + Int64(seconds) * 1_000
    }

    /// Returns an amount of an event in units; `NumberColumn.missing` when it is none.
    borrowing func units(of event: Event, slot: Int) -> Int64 {
        let (name, decimals) = amountProperties[slot]
        let decimal = event.properties[name].flatMap { ExactDecimal($0) }
        return decimal?.units(decimals: decimals) ?? NumberColumn.missing
    }

    /// Returns the key of a text of an event; 0 when it is missing.
    borrowing func key(of event: Event, slot: Int) -> UInt64 {
        event.properties[textProperties[slot]].map { TextKey($0).rawValue } ?? 0
    }
}
