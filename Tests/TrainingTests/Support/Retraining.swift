import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetSimulation
import LimpetTraining

/// A product that is modelled, makes offers to the riskiest users by the model, and is modelled again on the
/// resulting log.
///
/// The users of each round are new ones, so that only the model carries anything over.
struct Retraining {
    /// How the rows of a round become a model.
    enum Way: CaseIterable {
        case ignore, term, exclude
    }

    static let users = 3_500
    /// The days on which users are scored, and the two riskiest fifths are offered what helps them.
    static let snapshotTimes = [56, 70]
    static let offeredShare = 0.4
    static let horizon = TimeSpan.days(14)

    let way: Way
    private(set) var model: Model?
    /// The share of treated windows in the last round.
    private(set) var treatedShare = 0.0

    init(_ way: Way) { self.way = way }

    static func settings(seed: UInt64) -> SimulationSettings {
        var settings = SimulationSettings()
        settings.users = users
        settings.days = 84
        settings.seed = seed
        settings.offerEffect = 5
        settings.failureEffect = 1.5
        settings.activity = 3
        settings.holdoutShare = 0.05
        settings.baseHazard = 0.006
        settings.label = .event(name: "cancelled", horizon: horizon)
        settings.forks = 100
        return settings
    }

    static let features: FeatureSet = {
        let names = ["attempt_failed", "page_viewed", "cart_added", "purchased", "ticket_opened"]
        var features = names.flatMap { name in
            [7, 30].map {
                Feature(kind: .count, events: EventPattern(names: [name]), window: .days(Int64($0)))
            }
        }
        features += [Feature(kind: .recency), Feature(kind: .tenure)]
        features.append(
            Feature(kind: .lastCategory, events: EventPattern(names: ["signed_up"]), property: "plan"))
        return FeatureSet(systemEvents: ["offer_shown", "offer_withheld"], features: features)
    }()

    static func plan() throws -> FeaturePlan {
        let cancelled = EventPattern(names: ["cancelled"])
        return try FeaturePlan(
            features, population: Population(hasNotDone: cancelled),
            label: Label(kind: .event, events: cancelled, horizon: horizon), zone: .utc)
    }

    /// One round: new users, offers by the model so far where there is one, and a model of the round's log.
    mutating func round(seed: UInt64) async throws {
        let simulation = try Simulation(Self.settings(seed: seed))
        var run = try await PolicyRun(simulation, threads: 2, policy: .withheld)
        var log = SimulatedRows()
        for day in Self.snapshotTimes {
            try log.append(await run.run(untilDay: day))
            guard let model else { continue }
            let scores = try await Self.scores(model, log.finish(), day: day)
            let riskiest = Set(
                scores.sorted { ($1.score, $0.user) < ($0.score, $1.user) }
                    .prefix(Int(Double(scores.count) * Self.offeredShare)).map(\.user))
            run.assign { riskiest.contains($0) ? .helpful : .withheld }
        }
        try log.append(await run.run(untilDay: simulation.settings.days))
        try await learn(log.finish(), simulation.settings)
    }

    private mutating func learn(_ log: EventLog, _ settings: SimulationSettings) async throws {
        let plan = try Self.plan()
        guard let label = plan.label else { return }
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: Self.snapshotTimes.map { Self.time($0) },
            dataUntil: Self.time(settings.days)
        )
        var data = TrainingData(table, log: log, label: label)
        let windows = OfferWindows(
            data, log: log, offers: EventPattern(names: ["offer_shown"]))
        treatedShare = windows.treatedShare
        var training = TrainingSettings(kind: .logistic)
        training.folds = 0
        training.threads = 2
        switch way {
        case .ignore: break
        case .term:
            training.treatmentInput = data.inputs.count
            data = data.adding(treatment: windows.isTreated)
        case .exclude: data = data.selecting(windows.untreatedRows)
        }
        model = try await ModelTrainer(training).train(
            data, source: .log(plan.featureSet, plan.population, label)
        ).model
    }

    static func time(_ day: Int) -> Timestamp { SimulationSettings().start + .days(Int64(day)) }

    /// The model's log-odds and probabilities of all users on a day.
    static func scores(
        _ model: Model, _ log: EventLog, day: Int
    ) async throws -> [(user: String, score: Double, probability: Double)] {
        let plan = try plan()
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: [time(day)], dataUntil: time(day))
        let scores = Scorer(model).scores(numbers: table.numbers, keys: table.keys, rowCount: table.count)
        return scores.enumerated().map { row, score in
            (log.users[Int(table.users[row])], score.logOdds, score.probability)
        }
    }
}
