import LimpetNumerics
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct BootstrapTests {
    /// How the probabilities lie to the log-odds: each way takes another path.
    enum Shape: CaseIterable, Sendable {
        case sameGroups, mergedGroups, ownGroups
    }

    private func outcomes(_ shape: Shape, weighted: Bool = false) -> Outcomes {
        var outcomes = clusteredOutcomes(users: 40, rowsPerUser: 5, seed: 8)
        var uniforms = Uniforms(seed: 77)
        for row in outcomes.labels.indices {
            outcomes.logOdds[row] = (outcomes.logOdds[row] * 10).rounded() / 10
            let z = outcomes.logOdds[row]
            outcomes.probabilities[row] =
                switch shape {
                case .sameGroups: ElementaryFunctions.logistic(z)
                case .mergedGroups: ElementaryFunctions.logistic((z * 2).rounded() / 2)
                case .ownGroups: 0.05 + 0.9 * uniforms.next()
                }
        }
        outcomes.values = outcomes.labels.map { _ in (uniforms.next() * 300).rounded() }
        if weighted { outcomes.weights = outcomes.labels.map { _ in (uniforms.next() * 3).rounded(.down) } }
        return outcomes
    }

    private var settings: MetricSettings {
        var settings = MetricSettings()
        settings.threshold = 0.35
        return settings
    }

    @Test("a replicate is the rows of its users repeated", arguments: Shape.allCases, [false, true])
    func aReplicateIsTheRowsOfItsUsersRepeated(shape: Shape, weighted: Bool) async throws {
        let outcomes = outcomes(shape, weighted: weighted)
        let bootstrap = Bootstrap(replicates: 25, seed: 5)
        let values = try await bootstrap.values(outcomes, settings: settings)
        let ids = Set(
            outcomes.labels.indices.filter { outcomes.weights?[$0] != 0 }.map { outcomes.users[$0] }
        )
        .sorted()
        let draws = bootstrap.draws(users: ids.count)
        #expect(values.count == 25)
        for (replicate, counts) in zip(values, draws) {
            let ofUser = Dictionary(uniqueKeysWithValues: zip(ids, counts))
            let repeated = outcomes.repeated { row in
                Int(ofUser[outcomes.users[row]] ?? 0) * Int(outcomes.weights?[row] ?? 1)
            }
            let report = EvaluationReport(repeated, settings: settings)
            #expect(Set(replicate.keys) == Set(report.values.keys))
            for (metric, value) in report.values {
                let ours = try #require(replicate[metric])
                #expect(abs(ours - value) < 1e-9 * max(1, abs(value)), "\(metric)")
            }
        }
    }

    @Test("users are drawn evenly and with replacement")
    func usersAreDrawnEvenlyAndWithReplacement() {
        let (users, replicates) = (50, 2_000)
        let draws = Bootstrap(replicates: replicates, seed: 3).draws(users: users)
        var sums = [Double](repeating: 0, count: users)
        var absent = 0.0
        for counts in draws {
            #expect(counts.reduce(0, +) == UInt32(users))
            for user in counts.indices {
                sums[user] += Double(counts[user])
                absent += counts[user] == 0 ? 1 : 0
            }
        }
        // The mean of 2,000 draws has a standard error of 0.022.
        for sum in sums { #expect(abs(sum / Double(replicates) - 1) < 0.11) }
        // A user is absent with probability (1 − 1/50)^50.
        #expect(abs(absent / Double(users * replicates) - 0.3642) < 0.01)
        #expect(draws[0] != draws[1])
    }

    @Test("nothing depends on the number of threads")
    func nothingDependsOnTheNumberOfThreads() async throws {
        let outcomes = outcomes(.mergedGroups)
        let bootstrap = Bootstrap(replicates: 30, seed: 9)
        let one = try await bootstrap.values(outcomes, settings: settings, threads: 1)
        for threads in [2, 3, 8] {
            let others = try await bootstrap.values(outcomes, settings: settings, threads: threads)
            #expect(others == one)
        }
        let again = try await Bootstrap(replicates: 30, seed: 10).values(outcomes, settings: settings)
        #expect(again != one)
        // Replicates of a longer run begin with those of a shorter one.
        let longer = try await Bootstrap(replicates: 31, seed: 9).values(outcomes, settings: settings)
        #expect(Array(longer.prefix(30)) == one)
    }

    @Test("an interval lies between the percentiles")
    func anIntervalLiesBetweenThePercentiles() async throws {
        let outcomes = outcomes(.sameGroups)
        let bootstrap = Bootstrap(replicates: 41, seed: 2, level: 0.9)
        let intervals = try await bootstrap.intervals(outcomes)
        let aucs = try await bootstrap.values(outcomes).compactMap { $0[.auc] }.sorted()
        let interval = try #require(intervals[.auc])
        // 5 % of 40 gaps is the third value, 95 % the third from above.
        #expect(abs(interval.lower - aucs[2]) < 1e-12)
        #expect(abs(interval.upper - aucs[38]) < 1e-12)
    }

    @Test("errors that chance raises have their interval turned")
    func errorsThatChanceRaisesHaveTheirIntervalTurned() async throws {
        let outcomes = outcomes(.sameGroups)
        let bootstrap = Bootstrap(replicates: 40, metrics: [.calibrationError])
        let value = try #require(EvaluationReport(outcomes).calibrationError)
        let values = try await bootstrap.values(outcomes).compactMap { $0[.calibrationError] }
        let percentiles = try #require(Interval(percentilesOf: values, level: 0.95))
        let interval = try #require(try await bootstrap.intervals(outcomes)[.calibrationError])
        #expect(abs(interval.upper - (2 * value - percentiles.lower)) < 1e-12)
        #expect(abs(interval.lower - max(0, 2 * value - percentiles.upper)) < 1e-12)
        let turned = Interval(lower: 0.5, upper: 0.75).reflected(about: 0.25)
        #expect(turned == Interval(lower: 0, upper: 0))
    }

    @Test("probabilities that are right may have a reliability of zero")
    func probabilitiesThatAreRightMayHaveAReliabilityOfZero() async throws {
        var held = 0
        for seed in 0..<20 {
            let sample = RandomScores(rows: 600, seed: UInt64(40 + 17 * seed), steps: 1e6)
            let probabilities = sample.scores.map { 0.1 + 0.8 * $0 }
            let outcomes = Outcomes(
                logOdds: sample.scores, probabilities: probabilities, labels: sample.labels,
                users: sample.labels.indices.map { Int32($0) })
            let bootstrap = Bootstrap(replicates: 100, metrics: [.brierReliability])
            if try await bootstrap.intervals(outcomes)[.brierReliability]?.lower == 0 { held += 1 }
        }
        #expect(held >= 17)
    }

    @Test("only what is requested is computed")
    func onlyWhatIsRequestedIsComputed() async throws {
        let metrics: Set<ReportMetric> = [.auc, .logLoss, .brier, .observedToExpected]
        let outcomes = outcomes(.sameGroups)
        let all = try await Bootstrap(replicates: 20).intervals(outcomes)
        let some = try await Bootstrap(replicates: 20, metrics: metrics).intervals(outcomes)
        #expect(Set(some.keys) == metrics)
        for metric in metrics { #expect(some[metric] == all[metric]) }
        #expect(Set(all.keys) == Set(ReportMetric.allCases).subtracting([.profit]))
    }

    @Test("users with one row each are the ordinary bootstrap")
    func usersWithOneRowEachAreTheOrdinaryBootstrap() async throws {
        // The standard error of a Brier score from single rows is known: the spread of the errors.
        let outcomes = clusteredOutcomes(users: 1_500, rowsPerUser: 1, seed: 4)
        let errors = zip(outcomes.probabilities, outcomes.labels).map { p, y in
            (p - (y ? 1 : 0)) * (p - (y ? 1 : 0))
        }
        let mean = errors.reduce(0, +) / 1_500
        let variance = errors.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / 1_500
        let half = 1.96 * (variance / 1_500).squareRoot()
        let intervals = try await Bootstrap(replicates: 600, metrics: [.brier]).intervals(outcomes)
        let interval = try #require(intervals[.brier])
        #expect(abs((interval.upper - interval.lower) / (2 * half) - 1) < 0.15)
        #expect(interval.contains(mean))
    }

    @Test("rows of one user are no independent witnesses")
    func rowsOfOneUserAreNoIndependentWitnesses() async throws {
        let byUser = clusteredOutcomes(users: 150, rowsPerUser: 8, seed: 21)
        var byRow = byUser
        byRow.users = byRow.labels.indices.map { Int32($0) }
        let bootstrap = Bootstrap(replicates: 200, metrics: [.auc, .logLoss, .brier, .observedToExpected])
        let wide = try await bootstrap.intervals(byUser)
        let narrow = try await bootstrap.intervals(byRow)
        for metric in bootstrap.metrics {
            let (one, other) = (try #require(wide[metric]), try #require(narrow[metric]))
            #expect(one.upper - one.lower > 1.5 * (other.upper - other.lower), "\(metric)")
        }
    }

    @Test("intervals hold the truth about as often as they say")
    func intervalsHoldTheTruthAboutAsOftenAsTheySay() async throws {
        let metrics: Set<ReportMetric> = [.auc, .logLoss, .brier, .calibrationSlope, .prAuc]
        let truth = EvaluationReport(clusteredOutcomes(users: 30_000, rowsPerUser: 3, seed: 1_000)).values
        let samples = 120
        var (held, heldByRow) = ([ReportMetric: Int](), [ReportMetric: Int]())
        for sample in 0..<samples {
            var outcomes = clusteredOutcomes(users: 250, rowsPerUser: 3, seed: UInt64(5_000 + 37 * sample))
            let bootstrap = Bootstrap(replicates: 150, seed: UInt64(sample), metrics: metrics)
            let byUser = try await bootstrap.intervals(outcomes)
            outcomes.users = outcomes.labels.indices.map { Int32($0) }
            let byRow = try await bootstrap.intervals(outcomes)
            for metric in metrics {
                let value = try #require(truth[metric])
                if byUser[metric]?.contains(value) == true { held[metric, default: 0] += 1 }
                if byRow[metric]?.contains(value) == true { heldByRow[metric, default: 0] += 1 }
            }
        }
        for metric in metrics {
            // 95 % of 120 is 114, with a standard error of 2.4; percentiles are a little short.
            #expect(held[metric, default: 0] >= 103, "\(metric)")
            // Rows as witnesses promise too much.
            #expect(heldByRow[metric, default: 0] < held[metric, default: 0] - 8, "\(metric)")
        }
    }
}
