import LimpetEvents
import LimpetFeatures
import Testing

/// The examples of the page about feature sets.
@Suite struct DocumentedExampleTests {
    private static let buys = EventPattern(names: ["purchase"])
    private static let views = EventPattern(names: ["view"])
    private static let set = FeatureSet(decimals: ["value": 2], features: [])
    private static let events = [
        TestLog.event("purchase", -14 * 86_400_000, ["value": "20.00", "device": "mobile"]),
        TestLog.event("view", -6 * 86_400_000, ["device": "desktop"]),
        TestLog.event("purchase", -4 * 86_400_000, ["value": "5.50", "device": "desktop"]),
        TestLog.event("purchase", -36 * 3_600_000),
    ]

    @Test(
        "each example has the value that the page gives",
        arguments: [
            (Feature(kind: .count, events: buys, window: .days(7)), 2), (Feature(kind: .activeDays), 4),
            (Feature(kind: .sessions, window: .days(7)), 3),
            (Feature(kind: .distinct, property: "device"), 2),
            (Feature(kind: .difference, events: buys, minus: views), 2),
            (Feature(kind: .sum, events: buys, property: "value"), 25.5),
            (Feature(kind: .mean, events: buys, property: "value"), 12.75),
            (Feature(kind: .minimum, events: buys, property: "value"), 5.5),
            (Feature(kind: .maximum, events: buys, property: "value"), 20),
            (Feature(kind: .latest, events: buys, property: "value"), 5.5),
            (Feature(kind: .recency, events: buys), 1.5), (Feature(kind: .tenure), 14),
            (Feature(kind: .meanGap, events: buys), 6.25), (Feature(kind: .longestGap, events: buys), 10),
            (Feature(kind: .overdue, events: buys), 0.24),
            (Feature(kind: .trend, events: buys, window: .days(7), against: .days(28)), 2.0 / 3),
        ] as [(Feature, Double)])
    func numbers(feature: Feature, value: Double) throws {
        #expect(try TestLog.number(feature, Self.events, in: Self.set) == value)
    }

    @Test("the example of a category has the text that the page gives")
    func category() throws {
        let feature = Feature(kind: .lastCategory, property: "device")
        #expect(try TestLog.value(feature, Self.events, in: Self.set).categories[0] == TextKey("desktop"))
    }
}
