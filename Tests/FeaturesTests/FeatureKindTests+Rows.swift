import LimpetEvents
import LimpetFeatures

extension FeatureKindTests {
    private static func buy(_ days: Double, _ value: String? = nil) -> Event {
        event("buy", days: days, value)
    }
    private static func back(_ days: Double) -> Event { event("return", days: days) }

    static let spreads: [Row] = [
        Row(
            what: "of 4, −1 and 2", feature: feature(.standardDeviation), events: amounts,
            expected: ((14 - 4.0 / 3) / 3).squareRoot()),
        Row(
            what: "of equal values", feature: feature(.standardDeviation),
            events: [buy(-1, "7"), buy(-2, "7")], expected: 0),
        Row(
            what: "of values below zero", feature: feature(.standardDeviation),
            events: [buy(-1, "-7"), buy(-2, "-4")], expected: 1.5),
        Row(what: "of 1, 2 and 2", feature: feature(.shortestGap), events: amounts, expected: 1),
        Row(
            what: "of 1, 2 and 2", feature: feature(.gapDeviation), events: amounts,
            expected: (4_976_640_000_000_000.0 / 3).squareRoot() / 86_400_000),
        Row(
            what: "two events are one gap", feature: feature(.gapDeviation), events: [buy(-1), buy(-2)],
            expected: nil),
        Row(what: "4 − 1", feature: feature(.change), events: amounts, expected: 3),
        Row(what: "the last day alone", feature: feature(.streak), events: amounts, expected: 1),
        Row(what: "two days", feature: feature(.longestStreak), events: amounts, expected: 2),
        Row(
            what: "three days up to the last", feature: feature(.streak),
            events: [buy(-6), buy(-4), buy(-3.1), buy(-3), buy(-2)], expected: 3),
        Row(
            what: "the last but one", feature: Feature(kind: .recency, events: buys, nth: 2),
            events: amounts, expected: 3),
        Row(
            what: "fewer than asked for",
            feature: Feature(kind: .recency, events: buys, window: week, nth: 5),
            events: amounts, expected: nil),
        Row(
            what: "halved and halved again", feature: feature(.decayedCount),
            events: [buy(-2), buy(-4), buy(-8)], expected: 0.75),
        Row(
            what: "after twenty half-lives nothing is left",
            feature: Feature(kind: .decayedCount, events: buys, halfLife: .hour),
            events: [buy(-20.0 / 24), TestLog.event("buy", -72_000_000 + 1)], expected: 1.0 / 1_048_576),
    ]

    static let relations: [Row] = [
        Row(
            what: "two for one", feature: feature(.ratio), events: [buy(-1), buy(-2), back(-3), back(-8)],
            expected: 2),
        Row(
            what: "two of four are 2 or more",
            feature: Feature(
                kind: .share, events: buys,
                conditions: EventConditions(
                    properties: [PropertyCondition("value", .amount(atLeast: "2", below: nil))]),
                window: week), events: amounts, expected: 0.5),
        Row(
            what: "three of four", feature: feature(.affinity),
            events: [buy(-1, "a"), buy(-2, "b"), buy(-3, "a"), buy(-4, "a"), buy(-5)], expected: 0.75),
        Row(
            what: "two equally often", feature: feature(.entropy),
            events: [buy(-1, "a"), buy(-2, "b"), buy(-3, "b"), buy(-4, "a")], expected: 1),
        Row(
            what: "one value only", feature: feature(.entropy), events: [buy(-1, "a"), buy(-2, "a")],
            expected: 0),
        Row(
            what: "after the last return", feature: feature(.countSince),
            events: [back(-6.5), buy(-6), back(-5), buy(-4), buy(-1)], expected: 2),
        Row(
            what: "a return at the same time is no earlier one", feature: feature(.countSince),
            events: [buy(-5), back(-5), buy(-4)], expected: 1),
        Row(
            what: "a return before the window", feature: feature(.countSince),
            events: [back(-9), buy(-8), buy(-4)], expected: 1),
        Row(what: "in order", feature: feature(.funnelStage), events: [buy(-3), back(-2)], expected: 2),
        Row(what: "out of order", feature: feature(.funnelStage), events: [back(-3), buy(-2)], expected: 1),
        Row(what: "at one time", feature: feature(.funnelStage), events: [back(-3), buy(-3)], expected: 2),
        Row(
            what: "each within two days", feature: feature(.chain), events: [buy(-6), buy(-3), buy(-1)],
            expected: 2),
        Row(
            what: "one is answered, one not, one may still be", feature: feature(.unanswered),
            events: [buy(-6), back(-4), buy(-3.5), buy(-1)], expected: 1),
        Row(
            what: "an answer 1 ms late is none", feature: feature(.unanswered),
            events: [buy(-6), TestLog.event("return", -4 * day + 1)], expected: 1),
        Row(
            what: "two follow another", feature: feature(.repeats),
            events: [buy(-8), buy(-6), buy(-5), buy(-1)], expected: 2),
        Row(what: "has left", feature: feature(.member), events: [buy(-3), back(-1)], expected: 0),
        Row(what: "has come back", feature: feature(.member), events: [back(-3), buy(-1)], expected: 1),
        Row(what: "both at once", feature: feature(.member), events: [buy(-1), back(-1)], expected: 0),
    ]

    /// The snapshot is at midnight before a Sunday.
    static let clocks: [Row] = [
        (EventConditions(hours: HourRange(start: 1, end: 20)), 2.0),
        (EventConditions(hours: HourRange(start: 22, end: 1)), 2),
        (EventConditions(hours: HourRange(start: 0, end: 24)), 4),
        (EventConditions(weekdays: [6]), 4), (EventConditions(weekdays: [5, 0]), 0),
        (EventConditions(hours: HourRange(start: 8, end: 9), weekdays: [6]), 1),
        (EventConditions(hours: HourRange(start: 8, end: 9), weekdays: [5]), 0),
    ].map { conditions, expected in
        Row(
            what: "\(conditions)", feature: Feature(kind: .count, conditions: conditions),
            events: [
                // On Saturday at 0:59:59.999, 1:00 and 22:00, and at 8:30 in a place where it is 9 hours
                // later.
                TestLog.event("buy", -23 * 3_600_000 - 1), TestLog.event("buy", -23 * 3_600_000),
                TestLog.event("buy", -2 * 3_600_000),
                TestLog.event("buy", -24 * 3_600_000 - 1_800_000, zoneOffset: 540),
            ], expected: expected)
    }
}
