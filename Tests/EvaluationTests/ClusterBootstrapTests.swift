import Foundation
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import Testing

/// Intervals of many users and rows, against those of single users and rows.
@Suite struct ClusterBootstrapTests {
    /// The number of replicates of which spreads are compared; `LIMPET_REPLICATES` sets another.
    private static let replicates =
        ProcessInfo.processInfo.environment["LIMPET_REPLICATES"].flatMap { Int($0) } ?? 300

    /// How the probabilities lie to the log-odds: each way takes another path.
    enum Shape: CaseIterable, Sendable {
        case sameGroups, mergedGroups, ownGroups
    }

    private func outcomes(
        users: Int, rowsPerUser: Int, _ shape: Shape = .sameGroups, weighted: Bool = false
    ) -> Outcomes {
        var outcomes = clusteredOutcomes(users: users, rowsPerUser: rowsPerUser, seed: 71)
        var uniforms = Uniforms(seed: 9)
        for row in outcomes.labels.indices {
            let z = outcomes.logOdds[row]
            switch shape {
            case .sameGroups: break
            case .mergedGroups:
                outcomes.probabilities[row] = 1 / (1 + exp(-(z * 20).rounded() / 20))
            case .ownGroups: outcomes.probabilities[row] = 1 / (1 + exp(-z - 0.1 * uniforms.next()))
            }
        }
        outcomes.values = outcomes.labels.map { _ in (uniforms.next() * 300).rounded() }
        if weighted { outcomes.weights = outcomes.labels.map { _ in (uniforms.next() * 4).rounded(.down) } }
        return outcomes
    }

    private var settings: MetricSettings {
        var settings = MetricSettings()
        settings.threshold = 0.35
        return settings
    }

    private func spread(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return
            (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    @Test("clusters of users spread metrics as users do", arguments: Shape.allCases, [false, true])
    func clustersOfUsersSpreadMetricsAsUsersDo(shape: Shape, weighted: Bool) async throws {
        let outcomes = outcomes(users: 30_000, rowsPerUser: 3, shape, weighted: weighted)
        let bootstrap = Bootstrap(replicates: Self.replicates, seed: 4)
        let clusters = try await bootstrap.values(outcomes, settings: settings, threads: 2)
        let users = try await bootstrap.values(outcomes, settings: settings, threads: 2, byUsers: true)
        // The standard errors of both spreads, and that of 2,048 clusters.
        let error = (1 / Double(Self.replicates) + 1 / 4_096).squareRoot()
        var ratios: [Double] = []
        for metric in ReportMetric.allCases {
            let ratio =
                spread(clusters.compactMap { $0[metric] }) / spread(users.compactMap { $0[metric] })
            #expect(abs(ratio - 1) < 4 * error, "\(metric): \(ratio)")
            ratios.append(ratio)
        }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        #expect(abs(mean - 1) < 2 * error, "\(mean)")
    }

    @Test("cells change a metric by a small part of its interval", arguments: Shape.allCases, [false, true])
    func cellsChangeAMetricByASmallPartOfItsInterval(shape: Shape, weighted: Bool) async throws {
        let outcomes = outcomes(users: 100_000, rowsPerUser: 2, shape, weighted: weighted)
        let bootstrap = Bootstrap(replicates: 100)
        let report = try await EvaluationReport.detailed(
            outcomes, settings: settings, bootstrap: bootstrap, threads: 2)
        let cells = bootstrap.cellValues(outcomes, settings: settings)
        for metric in ReportMetric.allCases {
            let interval = try #require(report.intervals?[metric])
            let value = try #require(report[metric])
            let change = try #require(cells[metric]) - value
            #expect(abs(change) < (interval.upper - interval.lower) / 20, "\(metric)")
            #expect(interval.contains(value), "\(metric)")
        }
    }

    @Test("cells of few users give the replicates of their rows", arguments: Shape.allCases, [false, true])
    func cellsOfFewUsersGiveTheReplicatesOfTheirRows(shape: Shape, weighted: Bool) async throws {
        // As many users as are drawn one by one, with so many rows that cells are used.
        let outcomes = outcomes(users: 5_000, rowsPerUser: 12, shape, weighted: weighted)
        let bootstrap = Bootstrap(replicates: 20, seed: 6)
        let cells = try await bootstrap.values(outcomes, settings: settings, threads: 2)
        let rows = try await bootstrap.values(outcomes, settings: settings, threads: 2, byUsers: true)
        for metric in ReportMetric.allCases {
            let width = 4 * spread(rows.compactMap { $0[metric] })
            for (one, other) in zip(cells, rows) {
                let (value, exact) = (try #require(one[metric]), try #require(other[metric]))
                #expect(abs(value - exact) < width / 20, "\(metric)")
            }
        }
    }

    @Test("a group as heavy as many cells is one", arguments: [1, 2, 300])
    func aGroupAsHeavyAsManyCellsIsOne(scores: Int) async throws {
        var outcomes = outcomes(users: 25_000, rowsPerUser: 2)
        for row in outcomes.labels.indices where row % 2 == 0 {
            outcomes.logOdds[row] = Double(row / 2 % scores) / 100
            outcomes.probabilities[row] = 1 / (1 + exp(-outcomes.logOdds[row]))
        }
        let cells = Bootstrap().cellValues(outcomes, settings: settings)
        let exact = EvaluationReport(outcomes, settings: settings)
        for metric in [ReportMetric.auc, .prAuc, .liftTopDecile, .calibrationError] {
            let (value, expected) = (try #require(cells[metric]), try #require(exact[metric]))
            #expect(abs(value - expected) < 2e-4, "\(metric)")
        }
    }

    @Test("nothing depends on the number of threads", arguments: [false, true])
    func nothingDependsOnTheNumberOfThreads(weighted: Bool) async throws {
        let outcomes = outcomes(users: 25_000, rowsPerUser: 1, .ownGroups, weighted: weighted)
        let bootstrap = Bootstrap(replicates: 20, seed: 9)
        let one = try await bootstrap.values(outcomes, settings: settings)
        let three = try await bootstrap.values(outcomes, settings: settings, threads: 3)
        #expect(one == three)
        // More replicates than one batch begin with the same.
        let many = try await Bootstrap(replicates: 270, seed: 9)
            .values(outcomes, settings: settings, threads: 2)
        #expect(many.count == 270)
        #expect(Array(many.prefix(20)) == one)
    }

    @Test("scores that are no numbers have losses but no rank")
    func scoresThatAreNoNumbersHaveLossesButNoRank() async throws {
        var outcomes = outcomes(users: 25_000, rowsPerUser: 1, .ownGroups)
        outcomes.logOdds[4] = .nan
        let intervals = try await Bootstrap(replicates: 20).intervals(outcomes, threads: 2)
        #expect(intervals[.auc] == nil)
        #expect(intervals[.logLoss] != nil)
        #expect(intervals[.calibrationSlope] != nil)
        outcomes.probabilities[4] = .nan
        let others = try await Bootstrap(replicates: 20).intervals(outcomes, threads: 2)
        #expect(others[.logLoss] == nil)
        #expect(others[.calibrationSlope] == nil)
        // As rows that do not exist they change nothing.
        outcomes.weights = outcomes.labels.indices.map { $0 == 4 ? 0 : 1e-100 }
        let all = try await Bootstrap(replicates: 20).intervals(outcomes, threads: 2)
        #expect(all.count == ReportMetric.allCases.count - 1)
    }

    @Test("two models are drawn alike")
    func twoModelsAreDrawnAlike() async throws {
        let good = outcomes(users: 25_000, rowsPerUser: 2)
        var worse = good
        var uniforms = Uniforms(seed: 13)
        for row in worse.labels.indices { worse.logOdds[row] += 0.1 * uniforms.normal() }
        let bootstrap = Bootstrap(replicates: 60)
        for difference in try await bootstrap.differences(good, good, threads: 2).values {
            #expect(difference.interval == Interval(lower: 0, upper: 0))
        }
        let difference = try #require(try await bootstrap.differences(good, worse, threads: 2)[.auc])
        let alone = try #require(try await bootstrap.intervals(good, threads: 2)[.auc])
        #expect(difference.interval.contains(difference.value))
        let width = difference.interval.upper - difference.interval.lower
        #expect(width < 0.4 * (alone.upper - alone.lower))
        #expect(difference.interval.lower > 0)
    }

    @Test("a profit at a threshold has the interval of the metric")
    func aProfitAtAThresholdHasTheIntervalOfTheMetric() async throws {
        let outcomes = outcomes(users: 25_000, rowsPerUser: 2, weighted: true)
        let bootstrap = Bootstrap(replicates: 50, metrics: [.profit])
        let interval = try #require(
            try await bootstrap.intervals(outcomes, settings: settings, threads: 2)[.profit])
        let contacts = ContactReport(
            outcomes, isContacted: outcomes.probabilities.map { $0 >= 0.35 }, profit: settings.profit,
            bootstrap: bootstrap)
        let other = try #require(contacts?.mean.interval)
        #expect(abs(interval.lower - other.lower) < 1e-9)
        #expect(abs(interval.upper - other.upper) < 1e-9)
    }
}
