import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The lines of the conformance table that are about the calendar: days of 23 and 25 hours, and leap days.
@Suite struct OddDaysTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var what: String
        var feature: Feature
        /// Times of events, in UTC.
        var events: [String]
        var at: String
        var expected: Double
        var testDescription: String { "\(feature.name): \(what)" }
    }

    private static let visits = EventPattern(names: ["visit"])

    private static func feature(_ kind: FeatureKind, window: TimeSpan? = nil) -> Feature {
        Feature(kind: kind, events: visits, window: window)
    }

    private static func share(hours: HourRange? = nil, weekdays: [Int] = []) -> Feature {
        Feature(kind: .share, events: visits, conditions: EventConditions(hours: hours, weekdays: weekdays))
    }

    /// In Amsterdam clocks go forward on 2025-03-30 at 1:00 UTC, and back on 2025-10-26 at 1:00 UTC.
    static let clocks: [Row] =
        [FeatureKind.streak, .longestStreak, .activeDays].flatMap { kind in
            [
                Row(
                    what: "three days, the middle one of 23 hours", feature: feature(kind),
                    events: ["2025-03-29T22:59:59.999Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"],
                    at: "2025-03-31", expected: 3),
                Row(
                    what: "both ends of a day of 25 hours", feature: feature(kind),
                    events: ["2025-10-25T22:00:00Z", "2025-10-26T22:59:59.999Z"], at: "2025-10-27",
                    expected: 1),
                Row(
                    what: "three days, the middle one of 25 hours", feature: feature(kind),
                    events: ["2025-10-25T21:59:59.999Z", "2025-10-26T22:59:59.999Z", "2025-10-26T23:00:00Z"],
                    at: "2025-10-27", expected: 3),
            ]
        } + [
            Row(
                what: "a window of a day has 24 hours where the day has 25",
                feature: feature(.count, window: .days(1)),
                events: ["2025-10-25T22:59:59.999Z", "2025-10-25T23:00:00Z"], at: "2025-10-26T23:00:00Z",
                expected: 1),
            Row(
                what: "and where it has 23", feature: feature(.count, window: .days(1)),
                events: ["2025-03-29T21:59:59.999Z", "2025-03-29T22:00:00Z"], at: "2025-03-30T22:00:00Z",
                expected: 1),
            Row(
                what: "the hour that a day does not have", feature: share(hours: HourRange(start: 2, end: 3)),
                events: ["2025-03-30T00:59:59.999Z", "2025-03-30T01:00:00Z"], at: "2025-03-31", expected: 0),
            Row(
                what: "the hour that a day has twice", feature: share(hours: HourRange(start: 2, end: 3)),
                events: [
                    "2025-10-25T23:59:59.999Z", "2025-10-26T00:00:00Z", "2025-10-26T01:59:59.999Z",
                    "2025-10-26T02:00:00Z",
                ], at: "2025-10-27", expected: 0.5),
            Row(
                what: "a Sunday of 25 hours", feature: share(weekdays: [0]),
                events: [
                    "2025-10-25T21:59:59.999Z", "2025-10-25T22:00:00Z", "2025-10-26T22:59:59.999Z",
                    "2025-10-26T23:00:00Z",
                ], at: "2025-10-27T23:00:00Z", expected: 0.5),
            Row(
                what: "half a day, not a civil day", feature: feature(.recency),
                events: ["2025-03-29T23:00:00Z"], at: "2025-03-30T22:00:00Z", expected: 23.0 / 24),
        ]

    static let leapDays: [Row] =
        [FeatureKind.streak, .longestStreak, .activeDays].flatMap { kind in
            [
                ("2024", ["02-28", "02-29", "03-01"], 3.0), ("2000", ["02-28", "02-29", "03-01"], 3),
                ("2023", ["02-28", "03-01"], 2), ("1900", ["02-28", "03-01"], 2),
                ("2100", ["02-28", "03-01"], 2),
                ("2024", ["02-28", "03-01"], kind == .activeDays ? 2 : 1),
            ].map { year, days, expected in
                Row(
                    what: "\(year) \(days.joined(separator: " "))", feature: feature(kind),
                    events: days.map { "\(year)-\($0)T12:00:00Z" }, at: "\(year)-03-01T13:00:00Z",
                    expected: expected)
            }
        } + [
            Row(
                what: "over a leap day", feature: feature(.recency), events: ["2024-02-28"], at: "2024-03-01",
                expected: 2),
            Row(
                what: "over none", feature: feature(.recency), events: ["2023-02-28"], at: "2023-03-01",
                expected: 1),
            Row(
                what: "a year with a leap day in it", feature: feature(.count, window: .days(365)),
                events: ["2024-01-15", "2024-01-16"], at: "2025-01-15", expected: 1),
        ]

    @Test("days of 23 and 25 hours", arguments: clocks)
    func clockChange(row: Row) throws { try check(row, zone: TestZones.amsterdam()) }

    @Test("leap days", arguments: leapDays)
    func leapDay(row: Row) throws { try check(row, zone: .utc) }

    private func check(_ row: Row, zone: TimeZoneRules) throws {
        let time = { (text: String) in try #require(TimeParser().parse(text)).timestamp }
        let events = try row.events.map { Event(user: "u", name: "visit", time: try time($0)) }
        let found = try TestLog.number(row.feature, events, zone: zone, at: try time(row.at))
        #expect(found.isSame(as: row.expected), "found \(found), expected \(row.expected)")
    }
}
