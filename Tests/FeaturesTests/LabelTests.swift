import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct LabelTests {
    private static let horizon: Int64 = 28 * 86_400_000
    private let buys = EventPattern(names: ["buy"])

    private func label(_ kind: Label.Kind, _ events: [Event], dataUntil offset: Int64 = horizon) throws
        -> Bool?
    {
        let label = Label(kind: kind, events: buys, horizon: .days(28))
        return try state(events, label: label).label(
            at: TestLog.noon, dataUntil: Timestamp(milliseconds: TestLog.noon.milliseconds + offset))
    }

    private func state(_ events: [Event], population: Population = Population(), label: Label?) throws
        -> UserState
    {
        let set = FeatureSet(systemEvents: ["offer_shown"], features: [Feature(kind: .count)])
        let plan = try FeaturePlan(set, population: population, label: label)
        var state = UserState(plan: plan)
        guard !events.isEmpty else { return state }
        var projection = EventProjection(plan: plan)
        try LogReader(TestLog.log(events, for: set), plan: plan)
            .load(user: 0, into: &state, projection: &projection)
        return state
    }

    @Test(
        "a label looks at [t, t + horizon)",
        arguments: [
            (-1, false), (0, true), (1, true), (horizon - 1, true), (horizon, false), (horizon + 1, false),
        ] as [(Int64, Bool)])
    func edges(offset: Int64, occurs: Bool) throws {
        let events = [TestLog.event("buy", offset), TestLog.event("view", 5)]
        #expect(try label(.event, events) == occurs)
        #expect(try label(.inactivity, events) == !occurs)
    }

    @Test("a label whose horizon passes the end of the data is unknown, even where the event has come")
    func unknown() throws {
        let events = [TestLog.event("buy", 5)]
        #expect(try label(.event, events, dataUntil: Self.horizon) == true)
        #expect(try label(.event, events, dataUntil: Self.horizon - 1) == nil)
        #expect(try label(.inactivity, events, dataUntil: 0) == nil)
    }

    @Test("no activity means none of the user's own")
    func ownActivity() throws {
        let label = Label(kind: .inactivity, events: .any, horizon: .days(28))
        let end = TestLog.noon + .days(28)
        let shown = [TestLog.event("buy", -5), TestLog.event("offer_shown", 5)]
        #expect(try state(shown, label: label).label(at: TestLog.noon, dataUntil: end) == true)
        let back = shown + [TestLog.event("view", 6)]
        #expect(try state(back, label: label).label(at: TestLog.noon, dataUntil: end) == false)
    }

    @Test("a plan without a label has none")
    func noLabel() throws {
        #expect(try state([], label: nil).label(at: TestLog.noon, dataUntil: TestLog.noon + .days(99)) == nil)
    }

    @Test("a label reads as a sentence")
    func description() {
        #expect(Label(kind: .inactivity, events: buys, horizon: .days(60)).description == "no buy within 60d")
        let either = EventPattern(names: ["a", "b"])
        #expect(Label(kind: .event, events: either, horizon: .hour).description == "a or b within 1h")
        #expect(
            Label(kind: .inactivity, events: .any, horizon: .days(7)).description == "no activity within 7d")
    }

    /// One row of the population table.
    struct Member: Sendable, CustomTestStringConvertible {
        var what: String
        var population = Population()
        var events: [(name: String, offset: Int64)]
        var isIn: Bool
        var testDescription: String { what }
    }

    static let members: [Member] = {
        let buy = EventPattern(names: ["buy"])
        let week = TimeSpan.days(7)
        let start = -week.milliseconds
        return [
            Member(what: "nobody without events", events: [], isIn: false),
            Member(what: "an event of one's own", events: [("view", -1)], isIn: true),
            Member(what: "an event at the snapshot is too late", events: [("view", 0)], isIn: false),
            Member(what: "the service's events are no one's own", events: [("offer_shown", -1)], isIn: false),
            Member(what: "has done", population: Population(hasDone: buy), events: [("buy", -1)], isIn: true),
            Member(
                what: "has not done yet", population: Population(hasDone: buy),
                events: [("view", -1), ("buy", 0)], isIn: false),
            Member(
                what: "has done what it must not", population: Population(hasNotDone: buy),
                events: [("view", -2), ("buy", -1)], isIn: false),
            Member(
                what: "does it only now", population: Population(hasNotDone: buy),
                events: [("view", -2), ("buy", 0)], isIn: true),
            Member(
                what: "active at the window's start", population: Population(activeWithin: week),
                events: [("view", start)], isIn: true),
            Member(
                what: "active 1 ms earlier", population: Population(activeWithin: week),
                events: [("view", start - 1)], isIn: false),
            Member(
                what: "active only by the service", population: Population(activeWithin: week),
                events: [("view", start - 1), ("offer_shown", -1)], isIn: false),
            Member(
                what: "done long ago and active", population: Population(hasDone: buy, activeWithin: week),
                events: [("buy", start * 9), ("view", -1)], isIn: true),
            Member(
                what: "a named service event counts as done",
                population: Population(hasDone: EventPattern(names: ["offer_*"])),
                events: [("offer_shown", -1)], isIn: true),
        ]
    }()

    @Test("a population takes exactly those that it describes", arguments: members)
    func population(member: Member) throws {
        let events = member.events.map { TestLog.event($0.name, $0.offset) }
        let state = try state(events, population: member.population, label: nil)
        #expect(state.isInPopulation(at: TestLog.noon) == member.isIn)
        var history = LiveHistory(plan: state.plan)
        for event in events { history.append(event) }
        #expect(history.isInPopulation(at: TestLog.noon) == member.isIn)
        let reference = ReferenceFeatures(events: events, featureSet: state.plan.featureSet, zone: .utc)
        #expect(reference.isIn(member.population, at: TestLog.noon) == member.isIn)
    }

    @Test("a population reads as a sentence")
    func populationDescription() {
        #expect(Population().description == "has done anything")
        let population = Population(
            hasDone: buys, hasNotDone: EventPattern(names: ["quit"]), activeWithin: .days(30))
        #expect(population.description == "has done buy, has not yet done quit, active within 30d")
    }
}
