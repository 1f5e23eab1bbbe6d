import LimpetEvaluation
import LimpetEvents
import LimpetSimulation
import LimpetTraining
import Testing

/// The riskiest are offered what helps them, and the model is trained again on what is left: five times.
@Suite struct RetrainingTests {
    @Test("trained again five times under offers, a model still knows the risk without offers")
    func fiveRounds() async throws {
        let validationMetric = try await UntreatedRisk()
        var aucs: [Retraining.Way: [Double]] = [:]
        var levels: [Retraining.Way: [Double]] = [:]
        for way in Retraining.Way.allCases {
            var retraining = Retraining(way)
            for round in 0...5 {
                try await retraining.round(seed: UInt64(100 + round))
                let verdict = try await validationMetric.verdict(on: retraining)
                aucs[way, default: []].append(verdict.auc)
                levels[way, default: []].append(verdict.predictedToTrue)
            }
            #expect(retraining.treatedShare > OfferWindows.warningShare)
            print("\(way): AUC \(aucs[way] ?? []), predicted/true \(levels[way] ?? [])")
        }
        let first = try #require(aucs[.ignore]?.first)
        for way in [Retraining.Way.term, .exclude] {
            #expect(try #require(aucs[way]?.min()) > first - 0.012)
            // Without a holdout the probabilities are somewhat high, as windows without offer hold leavers.
            #expect(try #require(levels[way]?.dropFirst().allSatisfy { (0.9...1.4).contains($0) }))
        }
        let ignoring = try #require(aucs[.ignore]).dropFirst()
        #expect(ignoring.reduce(0, +) / Double(ignoring.count) < first - 0.015)
        #expect(try #require(levels[.ignore]?.dropFirst().allSatisfy { $0 < 0.7 }))
    }
}

/// The true risk of users who are never offered anything, on which models are evaluated.
struct UntreatedRisk {
    private let log: EventLog
    private let truth: [String: Double]
    private static let day = 70

    init() async throws {
        let simulation = try Simulation(Retraining.settings(seed: 999))
        var run = try await PolicyRun(simulation, threads: 2, policy: .withheld)
        var rows = SimulatedRows()
        try rows.append(await run.run(untilDay: Self.day))
        log = rows.finish()
        truth = Dictionary(uniqueKeysWithValues: run.probabilities().map { ($0.user, $0.probability) })
    }

    /// The AUC that is to be expected of the model's score: each user counts as a leaver with the true
    /// probability of being one, and as a stayer with the rest; and the mean probability over the true one.
    func verdict(on retraining: Retraining) async throws -> (auc: Double, predictedToTrue: Double) {
        guard let model = retraining.model else { return (0, 0) }
        let scores = try await Retraining.scores(model, log, day: Self.day)
        let risks = scores.map { truth[$0.user] ?? 0 }
        let auc = Ranking.auc(
            scores: scores.map(\.score) + scores.map(\.score),
            labels: risks.map { _ in true } + risks.map { _ in false }, weights: risks + risks.map { 1 - $0 })
        return (auc ?? 0, scores.reduce(0) { $0 + $1.probability } / risks.reduce(0, +))
    }
}
