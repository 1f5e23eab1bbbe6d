import LimpetEvents
import LimpetFeatures
import LimpetScoring
import Testing

@Suite struct ReasonTests {
    private static let buys = EventPattern(names: ["buy"])

    /// A model in which each feature adds its value, so that a test sets the contribution of each.
    private func model(_ features: [Feature]) -> Model {
        var model = TestModels.log()
        model.inputs = features.map { Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical) }
        let label = Label(kind: .inactivity, events: .any, horizon: .days(28))
        model.source = .log(FeatureSet(features: features), Population(), label)
        model.terms = features.indices.map {
            Term(
                input: $0, shape: .line(Term.Line(transform: .identity, coefficient: 1, offset: 0)),
                missing: 0.25)
        }
        return model
    }

    private func reasons(_ features: [Feature], _ values: [Double], count: Int = 9, raisingOnly: Bool = true)
        -> [Reason]
    {
        var vector = FeatureVector(count: values.count)
        vector.numbers = values
        return Scorer(model(features)).reasons(vector, count: count, raisingOnly: raisingOnly)
    }

    private static let features = [
        Feature(kind: .count, events: buys, window: .days(7)),
        Feature(kind: .count, events: buys, window: .days(30)),
        Feature(kind: .recency), Feature(kind: .count, events: EventPattern(names: ["view"])),
    ]

    @Test("all terms of one topic are one reason, the strongest first")
    func grouping() {
        let reasons = reasons(Self.features, [2, 3, 4, 1])
        #expect(reasons.map(\.topic) == ["buy", "activity", "view"])
        #expect(reasons.map(\.contribution) == [5, 4, 1])
        #expect(reasons.map(\.input) == ["count_buy_30d", "recency_any", "count_view"])
        #expect(reasons.map(\.value) == ["3", "4", "1"])
        #expect(reasons[0].sentence == "3 × buy in the last 30d")
    }

    @Test("by default only what raises the risk is a reason, and the input it names raises it too")
    func raising() {
        let reasons = reasons(Self.features, [-5, 6, -1, 0])
        #expect(reasons.map(\.topic) == ["buy"])
        #expect(reasons.map(\.contribution) == [1])
        #expect(reasons.map(\.input) == ["count_buy_30d"])
    }

    @Test("all reasons go by size, whatever their direction, and none is 0")
    func bothDirections() {
        let reasons = reasons(Self.features, [-1, -2, 2, 0], raisingOnly: false)
        #expect(reasons.map(\.topic) == ["buy", "activity"])
        #expect(reasons.map(\.contribution) == [-3, 2])
        #expect(reasons[0].input == "count_buy_30d")
    }

    @Test("the input that a topic names moves the risk in the same direction")
    func direction() {
        let features = Self.features.prefix(2) + [Feature(kind: .recency, events: Self.buys)]
        let reasons = reasons(Array(features), [3, -2, -2.5], raisingOnly: false)
        #expect(reasons.map(\.contribution) == [-1.5])
        #expect(reasons.map(\.input) == ["recency_buy"])
    }

    @Test("equal reasons go by name, and no more are given than requested")
    func order() {
        #expect(reasons(Self.features, [0, 2, 2, 2]).map(\.topic) == ["activity", "buy", "view"])
        #expect(reasons(Self.features, [0, 2, 2, 2], count: 2).map(\.topic) == ["activity", "buy"])
        #expect(reasons(Self.features, [0, 2, 2, 2], count: 0).isEmpty)
    }

    @Test(
        "each kind says what it means",
        arguments: [
            (Feature(kind: .count, events: buys), 2, "2 × buy in all"),
            (Feature(kind: .count, events: buys, window: .days(7)), 0, "no buy in the last 7d"),
            (Feature(kind: .recency, events: buys), 12.34, "last buy 12.3 days ago"),
            (Feature(kind: .recency, events: buys), 0.0001, "last buy just now"),
            (Feature(kind: .recency, events: buys), 1, "last buy 1 day ago"),
            (Feature(kind: .tenure), 400.4, "first activity 400 days ago"),
            (Feature(kind: .activeDays, window: .days(30)), 5, "activity on 5 days in the last 30d"),
            (Feature(kind: .activeDays, window: .days(7)), 1, "activity on 1 day in the last 7d"),
            (Feature(kind: .sessions, window: .days(7)), 3, "3 sessions in the last 7d"),
            (Feature(kind: .sessions, window: .days(7)), 1, "1 session in the last 7d"),
            (Feature(kind: .meanGap, events: buys), 1.25, "1.3 days between buy on average"),
            (Feature(kind: .longestGap, events: buys), 9, "up to 9 days between buy"),
            (Feature(kind: .overdue, events: buys), 2.5, "buy is overdue: 2.5 times the usual gap"),
            (
                Feature(kind: .trend, events: buys, window: .days(7), against: .days(30)), 0.125,
                "share of buy of the last 30d that fell in the last 7d: 0.125"
            ),
            (
                Feature(kind: .distinct, events: buys, property: "device"), 2,
                "2 different device of buy in all"
            ),
            (
                Feature(
                    kind: .difference, events: EventPattern(names: ["due"]),
                    other: EventPattern(names: ["sent"])), 2,
                "2 more due than sent in all"
            ),
            (
                Feature(
                    kind: .difference, events: EventPattern(names: ["due"]), window: .days(7),
                    other: EventPattern(names: ["sent"])), -3,
                "3 fewer due than sent in the last 7d"
            ),
            (
                Feature(kind: .sum, events: buys, property: "value"), 19.99,
                "value of buy adds up to 20 in all"
            ),
            (Feature(kind: .mean, events: buys, property: "value"), 0.5, "mean value of buy is 0.5"),
            (Feature(kind: .minimum, events: buys, property: "value"), 1, "smallest value of buy is 1"),
            (Feature(kind: .maximum, events: buys, property: "value"), 1, "largest value of buy is 1"),
            (Feature(kind: .latest, events: buys, property: "value"), 1, "value 1 at the last buy"),
            (Feature(kind: .recency, events: buys, nth: 3), 2, "last but 2 buy 2 days ago"),
            (
                Feature(kind: .decayedCount, events: buys, halfLife: .days(7)), 1.5,
                "1.5 × buy, halved every 7d"
            ),
            (
                Feature(kind: .change, events: buys, window: .days(7)), -2,
                "2 fewer buy in the last 7d than in the 7d before"
            ),
            (
                Feature(kind: .countSince, events: buys, other: EventPattern(names: ["ticket"])), 3,
                "3 × buy since the last ticket"
            ),
            (
                Feature(kind: .streak, window: .days(30)), 4,
                "activity on 4 days in a row, up to the last in the last 30d"
            ),
            (Feature(kind: .longestStreak), 9, "activity on up to 9 days in a row"),
            (
                Feature(kind: .standardDeviation, events: buys, property: "value"), 2,
                "value of buy varies by 2"
            ),
            (Feature(kind: .shortestGap, events: buys), 0.5, "at least 0.5 days between buy"),
            (Feature(kind: .gapDeviation, events: buys), 3, "days between buy vary by 3"),
            (
                Feature(kind: .ratio, events: buys, other: EventPattern(names: ["view"])), 0.25,
                "0.25 × buy for each view"
            ),
            (
                Feature(kind: .share, conditions: EventConditions(weekdays: [0, 6])), 0.5,
                "share of activity on sun or sat: 0.5"
            ),
            (
                Feature(kind: .affinity, events: buys, property: "shop"), 0.75,
                "most frequent shop of buy has a share of 0.75"
            ),
            (Feature(kind: .entropy, events: buys, property: "shop"), 1, "shop of buy varies by 1 bits"),
            (
                Feature(kind: .funnelStage, stages: [EventPattern(names: ["view"]), buys]), 1,
                "1 of the stages view, buy in all"
            ),
            (Feature(kind: .chain, events: buys, within: .days(2)), 3, "3 × buy, each within 2d of the last"),
            (
                Feature(
                    kind: .unanswered, events: EventPattern(names: ["help"]), other: buys, within: .minute),
                2,
                "2 × help without buy within 1m in all"
            ),
            (Feature(kind: .repeats, events: buys, within: .hour), 2, "2 × buy again within 1h in all"),
            (
                Feature(kind: .member, events: EventPattern(names: ["trial"]), other: buys), 1,
                "still in trial"
            ),
            (
                Feature(
                    kind: .count, events: buys,
                    conditions: EventConditions(
                        properties: [PropertyCondition("plan", .oneOf(["pro"]))],
                        hours: HourRange(start: 22, end: 6)),
                    window: .days(7)), 2, "2 × buy with plan pro between 22 and 6 o'clock in the last 7d"
            ),
        ] as [(Feature, Double, String)])
    func sentences(feature: Feature, value: Double, sentence: String) {
        var vector = FeatureVector(count: 1)
        vector.numbers[0] = value
        var model = model([feature])
        model.terms = [Term(input: 0, shape: .steps(Term.Steps(edges: [], values: [1])), missing: 1)]
        #expect(Scorer(model).reasons(vector, count: 1).map(\.sentence) == [sentence])
    }

    @Test("a missing value says that there was nothing")
    func missing() {
        let gap = reasons([Feature(kind: .meanGap, events: Self.buys, window: .days(7))], [.nan])
        #expect(gap.map(\.sentence) == ["fewer than two buy in the last 7d"])
        #expect(gap[0].value == nil)
        #expect(reasons([Feature(kind: .recency)], [.nan]).map(\.sentence) == ["no activity ever"])
        let mean = reasons([Feature(kind: .mean, events: Self.buys, property: "value")], [.nan])
        #expect(mean.map(\.sentence) == ["no value of buy ever"])
    }

    @Test(
        "numbers of any size have a text",
        arguments: [
            (0, "0"), (-0.0, "0"), (1e15, "1000000000000000"), (1e16, "1e+16"), (1e300, "1e+300"),
            (-1e19, "-1e+19"), (9.3e18, "9.3e+18"),
            (.infinity, "inf"), (0.000_4, "0"), (0.001_6, "0.002"), (-12.36, "-12.4"), (123.6, "124"),
            (999_999_999_999_999, "999999999999999"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) {
        var model = TestModels.table()
        model.terms = [Term(input: 0, shape: .steps(Term.Steps(edges: [], values: [1])), missing: 1)]
        var vector = FeatureVector(count: 2)
        vector.numbers[0] = value
        #expect(Scorer(model).reasons(vector, count: 1).map(\.value) == [text])
        #expect(Scorer(model).reasons(vector, count: 1).map(\.sentence) == ["months is \(text)"])
    }

    @Test("a category is named by its level, by the caller, or as unseen")
    func categories() {
        var model = TestModels.table()
        model.terms = [
            Term(input: 1, shape: .levels(Term.Levels(names: ["yearly"], values: [1], other: 1)), missing: 1)
        ]
        let scorer = Scorer(model)
        var vector = FeatureVector(count: 2)
        #expect(scorer.reasons(vector, count: 1)[0].sentence == "contract is missing")
        vector.categories[1] = TextKey("yearly")
        #expect(scorer.reasons(vector, count: 1)[0].value == "yearly")
        vector.categories[1] = TextKey("weekly")
        #expect(scorer.reasons(vector, count: 1)[0].value == "a value not seen in training")
        #expect(scorer.reasons(vector, count: 1, categoryName: { _ in "weekly" })[0].value == "weekly")
    }

    /// Pairs over numbers that add 1 in every cell, except that a missing first value makes them add nothing.
    private func pair(_ first: Int, _ second: Int, _ value: Double) -> Term {
        let axis = Term.Axis.numbers(edges: [])
        return Term(
            input: first,
            grid: Term.Grid(second: second, rows: axis, columns: axis, values: [value, value, 0, 0]))
    }

    @Test("a pair belongs to the topic of both its inputs, or to one of its own")
    func pairs() {
        var model = model(Self.features)
        model.terms = [pair(0, 1, 1), pair(2, 1, 3), pair(0, 2, 2), pair(3, 3 - 1, -1)]
        var vector = FeatureVector(count: 4)
        vector.numbers = [2, 3, 4, 5]
        let reasons = Scorer(model).reasons(vector, count: 9, raisingOnly: false)
        #expect(reasons.map(\.topic) == ["activity × buy", "activity × view", "buy"])
        #expect(reasons.map(\.contribution) == [5, -1, 1])
        #expect(reasons.map(\.input) == ["count_buy_30d", "recency_any", "count_buy_7d"])
        #expect(reasons.map(\.secondInput) == ["recency_any", "count_view", "count_buy_30d"])
        #expect(reasons.map(\.value) == ["3", "4", "2"])
        #expect(reasons.map(\.secondValue) == ["4", "5", "3"])
        #expect(reasons[0].sentence == "3 × buy in the last 30d and last activity 4 days ago")
        #expect(Scorer(model).reasons(vector, count: 1).map(\.topic) == ["activity × buy"])
    }

    @Test("a pair with a missing value says so, and names categories by their levels")
    func pairSentences() {
        let scorer = Scorer(TestModels.pairs())
        var vector = FeatureVector(count: 4)
        vector.categories[1] = TextKey("monthly")
        vector.categories[3] = TextKey("north")
        let sentences = scorer.reasons(vector, count: 9, raisingOnly: false).map(\.sentence)
        #expect(sentences.contains("months is missing and contract is monthly"))
        #expect(sentences.contains("contract is monthly and region is north"))
        #expect(sentences.contains("months is missing and charges is missing"))
    }

    @Test("terms of one input count together before the strongest input is chosen")
    func severalTermsOfOneInput() {
        var model = model(Self.features)
        let half = Term(input: 0, shape: .steps(Term.Steps(edges: [], values: [2])), missing: 0)
        let line = Term(
            input: 0, shape: .line(Term.Line(transform: .identity, coefficient: 1, offset: 0)), missing: 0)
        let other = Term(input: 1, shape: .steps(Term.Steps(edges: [], values: [3])), missing: 0)
        model.terms = [half, other, line]
        var vector = FeatureVector(count: 4)
        vector.numbers = [2, 9, 0, 0]
        let reasons = Scorer(model).reasons(vector, count: 9)
        #expect(reasons.map(\.contribution) == [7])
        #expect(reasons.map(\.input) == ["count_buy_7d"])
        #expect(reasons.map(\.secondInput) == [nil])
    }
}
