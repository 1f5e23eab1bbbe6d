import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// Small models made by hand, with golden inputs computed by their own scorer.
enum TestModels {
    static let at = Timestamp(milliseconds: 1_749_945_600_000)
    static let buys = EventPattern(names: ["buy"])

    static let featureSet = FeatureSet(
        timeZone: "Europe/Amsterdam", systemEvents: ["offer_shown"], decimals: ["value": 2],
        features: [
            Feature(kind: .recency), Feature(kind: .sum, events: buys, window: .days(30), property: "value"),
            Feature(kind: .lastCategory, events: buys, property: "device"),
            Feature(kind: .activeDays, window: .days(7)),
        ])

    static let terms = [
        Term(
            input: 0,
            shape: .line(
                Term.Line(transform: .signedLog, coefficient: 0.7, offset: -0.9, standardError: 0.01)),
            missing: 0.3, importance: 0.5),
        Term(
            input: 1, shape: .steps(Term.Steps(edges: [0, 10.5, 1e6], values: [0.4, 0.1, -0.2, -0.6])),
            missing: 0.05, importance: 0.25),
        Term(
            input: 2,
            shape: .levels(
                Term.Levels(
                    names: ["mobile", "desktop"], values: [0.15, -0.1], other: 0.02,
                    standardErrors: [0.1, 0.2])),
            missing: -0.01, importance: 0.125),
        Term(
            input: 3, shape: .line(Term.Line(transform: .identity, coefficient: -0.3, offset: 1.0 / 3)),
            missing: 0),
    ]

    static let training = TrainingSummary(
        rows: 1_000, users: 400, positives: 250,
        snapshots: Timestamp(milliseconds: 1_740_000_000_000)...at, dataUntil: at + .days(28),
        inputs: [
            TrainingSummary.Distribution(edges: [1, 7, 28], counts: [400, 300, 200, 50], missing: 50),
            TrainingSummary.Distribution(edges: [0, 10.5, 1e6], counts: [0, 500, 500, 0], missing: 0),
            TrainingSummary.Distribution(
                levels: ["mobile", "desktop"], counts: [600, 200, 100], missing: 100),
            TrainingSummary.Distribution(edges: [], counts: [1_000], missing: 0),
        ],
        logOdds: TrainingSummary.Distribution(edges: [-1, 0, 1], counts: [100, 400, 400, 100], missing: 0))

    /// A model of event histories.
    static func log(calibrator: Calibrator = .platt(slope: 1.1, intercept: -0.05)) -> Model {
        let label = Label(kind: .inactivity, events: buys, horizon: .days(28))
        let population = Population(
            hasDone: buys, hasNotDone: EventPattern(names: ["quit"]), activeWithin: .days(90))
        var model = Model(
            kind: .logistic, source: .log(featureSet, population, label),
            inputs: featureSet.features.map {
                Model.Input(name: $0.name, isCategorical: $0.kind.isCategorical)
            },
            intercept: -0.75, terms: terms, calibrator: calibrator, training: training,
            evaluation: .object(["auc": .number(0.8)]),
            provenance: .object(["release": .string("0.1"), "seed": .number(1)]))
        model.golden.rows = rows(model)
        return model
    }

    /// The log model with golden histories, whose civil days are those of Amsterdam.
    static func logWithHistories(zone: TimeZoneRules) throws -> Model {
        var model = log()
        guard let plan = try model.plan(zone: zone) else { return model }
        let scorer = Scorer(model)
        let events = [
            Event(
                user: "golden", name: "buy", time: at - .days(20),
                properties: ["value": "12.50", "device": "mobile"]),
            Event(user: "golden", name: "page", time: at - .days(3)),
            Event(
                user: "golden", name: "buy", time: at - .hour,
                properties: ["value": "-2", "device": "\u{1F4F1} \"x\""]),
        ]
        for count in 0...events.count {
            var history = LiveHistory(plan: plan)
            for event in events.prefix(count) { history.append(event) }
            let score = scorer.score(history.features(at: at))
            model.golden.histories.append(
                Golden.History(
                    events: Array(events.prefix(count)), at: at, logOdds: score.logOdds,
                    probability: score.probability))
        }
        return model
    }

    /// A model of a flat table with one number and one category.
    static func table() -> Model {
        var model = Model(
            kind: .stumps, source: .table(target: "Churn", positive: "Yes"),
            inputs: [
                Model.Input(name: "months", isCategorical: false),
                Model.Input(name: "contract", isCategorical: true),
            ],
            intercept: -1,
            terms: [
                Term(
                    input: 0, shape: .steps(Term.Steps(edges: [1.5], values: [0.5, -0.25])), missing: 0.125),
                Term(
                    input: 1, shape: .levels(Term.Levels(names: ["yearly"], values: [-0.5], other: 0.5)),
                    missing: 0),
            ],
            calibrator: .isotonic(logOdds: [-2, 0, 2], probabilities: [0.1, 0.4, 0.9]),
            training: TrainingSummary(
                rows: 10, users: 10, positives: 3,
                inputs: [
                    TrainingSummary.Distribution(edges: [1.5], counts: [5, 4], missing: 1),
                    TrainingSummary.Distribution(levels: ["yearly"], counts: [5, 5], missing: 0),
                ], logOdds: TrainingSummary.Distribution(counts: [10], missing: 0)),
            evaluation: .null, provenance: .null)
        model.golden.rows = rows(model)
        return model
    }

    /// A model of a flat table with two numbers and two categories: pairs of all types, several terms of one
    /// input, and steps with standard errors.
    static func pairs() -> Model {
        var model = table()
        model.kind = .blend
        model.inputs += [
            Model.Input(name: "charges", isCategorical: false),
            Model.Input(name: "region", isCategorical: true),
        ]
        let months = Term.Axis.numbers(edges: [-1, 0, 12])
        let charges = Term.Axis.numbers(edges: [20.5])
        let contract = Term.Axis.levels(names: ["yearly", "monthly"])
        let region = Term.Axis.levels(names: ["north"])
        model.terms += [
            Term(
                input: 0, shape: .line(Term.Line(transform: .signedLog, coefficient: -0.2, offset: 0.1)),
                missing: 0.3, importance: 0.2),
            Term(
                input: 2,
                shape: .steps(Term.Steps(edges: [30], values: [0.1, -0.1], standardErrors: [0.01, 0.02])),
                missing: 0, importance: 0.1),
            grid(0, months, 2, charges), grid(1, contract, 0, months), grid(3, region, 1, contract),
        ]
        let some = TrainingSummary.Distribution(edges: [20.5, 30], counts: [5, 2, 3], missing: 0)
        let regions = TrainingSummary.Distribution(levels: ["north"], counts: [4, 5], missing: 1)
        model.training.inputs += [some, regions]
        model.golden.rows = rows(model)
        return model
    }

    /// A model with all that the second format has: a blend of pairs, a curve, steps with errors, and a
    /// threshold.
    static func second() -> Model {
        var model = pairs()
        model.terms.append(
            Term(
                input: 2,
                shape: .curve(
                    Term.Curve(
                        transform: .signedLog, knots: [0.5, 2, 3.25], values: [0.2, -0.1, 0.05],
                        slopes: [-0.25, 0.125, 0.5])),
                missing: -0.02, importance: 0.05))
        model.decision = Model.Decision(
            threshold: 0.3, value: 20, successProbability: 0.25, offerCost: 2, contactCost: 0.5)
        model.golden.rows = rows(model)
        return model
    }

    /// A pair whose cells all have another value.
    static func grid(_ first: Int, _ rows: Term.Axis, _ second: Int, _ columns: Term.Axis) -> Term {
        let cells = rows.binCount * columns.binCount
        let values = (0..<cells).map { cell -> Double in Double(cell % 2 == 0 ? cell + 1 : -cell) / 100 }
        return Term(
            input: first, grid: Term.Grid(second: second, rows: rows, columns: columns, values: values),
            importance: 0.05)
    }

    /// Rows that take each bin or level of each input once, and a missing value.
    private static func rows(_ model: Model) -> [Golden.Row] {
        let scorer = Scorer(model)
        return (0..<5).map { number in
            var vector = FeatureVector(count: model.inputs.count)
            var values: [JSON] = []
            for (index, distribution) in model.training.inputs.enumerated() {
                let choices: [JSON] =
                    model.inputs[index].isCategorical
                    ? distribution.levels.map { .string($0) } + [.string("another"), .null]
                    : distribution.edges.map { .number($0) } + [.number(-1.25), .null]
                let value = choices[(number + index) % choices.count]
                values.append(value)
                if let number = value.double { vector.numbers[index] = number }
                if let text = value.text { vector.categories[index] = TextKey(text) }
            }
            let score = scorer.score(vector)
            return Golden.Row(values: values, logOdds: score.logOdds, probability: score.probability)
        }
    }
}
