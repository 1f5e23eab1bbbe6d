import LimpetDocuments
import LimpetEvents

/// Conditions on an event besides its name: on its properties and its local time.
public struct EventConditions: Hashable, Sendable {
    /// The conditions on properties, all of which must be met; an event without the property meets none on
    /// it.
    public var properties: [PropertyCondition]
    /// The hours of the event's civil day; nil for all.
    public var hours: HourRange?
    /// The days of the week, 0 for Sunday, in ascending order; empty for all.
    public var weekdays: [Int]

    /// The empty conditions, which every event meets.
    public static let none = EventConditions()

    /// Makes conditions; their order does not matter.
    public init(properties: [PropertyCondition] = [], hours: HourRange? = nil, weekdays: [Int] = []) {
        self.properties = properties.sorted { VerbatimText($0.property) < VerbatimText($1.property) }
        self.hours = hours
        self.weekdays = Set(weekdays).sorted()
    }

    /// True when every event meets the conditions.
    public var isEmpty: Bool { properties.isEmpty && !readsClock }

    /// True when the conditions depend on the event's local time.
    public var readsClock: Bool { hours != nil || !weekdays.isEmpty }

    /// The names of the days of the week in feature sets, from Sunday.
    public static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Returns the name of a day; the number itself when it is not from 0 to 6.
    package static func weekdayName(_ day: Int) -> String {
        weekdayNames.indices.contains(day) ? weekdayNames[day] : String(day)
    }
}

/// A condition on one property of an event.
public struct PropertyCondition: Hashable, Sendable {
    /// A test of a property's value.
    public enum Test: Hashable, Sendable {
        /// The text is one of the given texts.
        case oneOf([String])
        /// There is a text, and it is none of the given texts.
        case noneOf([String])
        /// The amount is at least the first and below the second bound, as decimal text; nil for no such
        /// bound.
        case amount(atLeast: String?, below: String?)
    }

    /// The property's name.
    public var property: String
    /// The test of its value.
    public var test: Test

    /// Makes a condition.
    public init(_ property: String, _ test: Test) {
        self.property = property
        self.test = test
    }

    /// Returns true when two conditions have the same bytes.
    public static func == (left: PropertyCondition, right: PropertyCondition) -> Bool {
        left.texts == right.texts
    }

    /// Hashes the bytes of the property's name and of the test's texts.
    public func hash(into hasher: inout Hasher) { hasher.combine(texts) }

    private var texts: [VerbatimText] { ([property] + test.texts).map { VerbatimText($0) } }

    /// True when the property is read as an amount.
    public var readsAmount: Bool {
        if case .amount = test { true } else { false }
    }
}

/// A range of whole hours of the day, from `start` up to but without `end`; over midnight when `end` is below
/// `start`.
public struct HourRange: Hashable, Sendable {
    /// The first hour, 0 to 23.
    public let start: Int
    /// The first hour after the range, 1 to 24.
    public let end: Int

    /// Makes a range; nil unless `0 ≤ start ≤ 23`, `1 ≤ end ≤ 24` and both differ.
    public init?(start: Int, end: Int) {
        guard (0...23).contains(start), (1...24).contains(end), start != end else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Returns true if an hour of the day lies in the range.
    public func contains(_ hour: Int) -> Bool {
        start < end ? hour >= start && hour < end : hour >= start || hour < end
    }
}

extension EventConditions {
    /// The parts of a feature's name that the conditions give, e.g. `where_plan_pro_hours_22-6`.
    var nameParts: [String] {
        var parts: [String] = properties.isEmpty ? [] : ["where"]
        for condition in properties { parts += [condition.property] + condition.test.nameParts }
        if let hours { parts.append("hours_\(hours.start)-\(hours.end)") }
        if !weekdays.isEmpty { parts.append(weekdays.map(Self.weekdayName).joined(separator: "+")) }
        return parts
    }
}

extension PropertyCondition.Test {
    /// Returns true when two tests have the same bytes.
    public static func == (left: Self, right: Self) -> Bool {
        left.texts.elementsEqual(right.texts) { $0.isVerbatim($1) }
    }

    /// Hashes the bytes of the texts.
    public func hash(into hasher: inout Hasher) { hasher.combine(texts.map { VerbatimText($0) }) }

    /// The kind of the test and its texts.
    fileprivate var texts: [String] {
        switch self {
        case .oneOf(let texts): ["one of"] + texts
        case .noneOf(let texts): ["none of"] + texts
        case .amount(let least, let limit): ["amount", least ?? "", limit ?? ""]
        }
    }

    fileprivate var nameParts: [String] {
        switch self {
        case .oneOf(let texts): [texts.joined(separator: "+")]
        case .noneOf(let texts): ["not", texts.joined(separator: "+")]
        case .amount(let least, let limit):
            (least.map { ["from", $0] } ?? []) + (limit.map { ["below", $0] } ?? [])
        }
    }
}
