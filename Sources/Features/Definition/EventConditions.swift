import LimpetEvents

/// What an event must carry, and when on its own clock it must happen, beside its name.
public struct EventConditions: Hashable, Sendable {
    /// What the event's properties must be, all of it; an event without a property meets nothing about it.
    public var properties: [PropertyCondition]
    /// The hours of the event's civil day; nil for all.
    public var hours: HourRange?
    /// The days of the week, 0 for Sunday, in ascending order; empty for all.
    public var weekdays: [Int]

    /// No condition at all.
    public static let none = EventConditions()

    /// Makes conditions; their order does not matter.
    public init(properties: [PropertyCondition] = [], hours: HourRange? = nil, weekdays: [Int] = []) {
        self.properties = properties.sorted { $0.property < $1.property }
        self.hours = hours
        self.weekdays = Set(weekdays).sorted()
    }

    /// Whether every event meets them.
    public var isEmpty: Bool { properties.isEmpty && !readsClock }

    /// Whether they look at the event's civil time.
    public var readsClock: Bool { hours != nil || !weekdays.isEmpty }

    /// The names of the days of the week, as feature sets write them.
    public static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// The name of a day; of a number that is none, the number.
    package static func weekdayName(_ day: Int) -> String {
        weekdayNames.indices.contains(day) ? weekdayNames[day] : String(day)
    }
}

/// What one property of an event must be.
public struct PropertyCondition: Hashable, Sendable {
    /// The ways to look at a property.
    public enum Test: Hashable, Sendable {
        /// The text is one of these.
        case oneOf([String])
        /// There is a text, and it is none of these.
        case noneOf([String])
        /// The amount is at least the first and below the second, as decimal text; nil for no such bound.
        case amount(atLeast: String?, below: String?)
    }

    /// The property.
    public var property: String
    /// What it must be.
    public var test: Test

    /// Makes a condition.
    public init(_ property: String, _ test: Test) {
        self.property = property
        self.test = test
    }

    /// Whether the property is read as an amount.
    public var readsAmount: Bool {
        if case .amount = test { true } else { false }
    }
}

/// Whole hours of the day, from one on and before another; over midnight where the end is not the later one.
public struct HourRange: Hashable, Sendable {
    /// The first hour, 0 to 23.
    public let start: Int
    /// The hour that is no longer in it, 1 to 24.
    public let end: Int

    /// Makes a range; nil unless `0 ≤ start ≤ 23`, `1 ≤ end ≤ 24` and both differ.
    public init?(start: Int, end: Int) {
        guard (0...23).contains(start), (1...24).contains(end), start != end else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Whether an hour of the day lies in it.
    public func contains(_ hour: Int) -> Bool {
        start < end ? hour >= start && hour < end : hour >= start || hour < end
    }
}

extension EventConditions {
    /// The part of a feature's name that they make, e.g. `where_plan_pro_hours_22-6`.
    var nameParts: [String] {
        var parts: [String] = properties.isEmpty ? [] : ["where"]
        for condition in properties { parts += [condition.property] + condition.test.nameParts }
        if let hours { parts.append("hours_\(hours.start)-\(hours.end)") }
        if !weekdays.isEmpty { parts.append(weekdays.map(Self.weekdayName).joined(separator: "+")) }
        return parts
    }
}

extension PropertyCondition.Test {
    fileprivate var nameParts: [String] {
        switch self {
        case .oneOf(let texts): [texts.joined(separator: "+")]
        case .noneOf(let texts): ["not", texts.joined(separator: "+")]
        case .amount(let least, let limit):
            (least.map { ["from", $0] } ?? []) + (limit.map { ["below", $0] } ?? [])
        }
    }
}
