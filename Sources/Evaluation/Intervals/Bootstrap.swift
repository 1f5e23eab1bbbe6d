import LimpetNumerics
import LimpetEvents
import LimpetParallel

/// Confidence intervals from a bootstrap over users (B. Efron, 1979; by cluster, A. Davison and D. Hinkley,
/// 1997, chapter 3.8).
///
///     let bootstrap = Bootstrap(replicates: 200, seed: 1, metrics: [.auc, .logLoss])
///     let intervals = try await bootstrap.intervals(outcomes)
///     let differences = try await bootstrap.differences(outcomes, otherOutcomes)
///
/// A replicate draws as many users as there are, with replacement, each with all of its rows, because rows of
/// one user are not independent. An interval runs between percentiles of the replicates. It holds the model
/// fixed: it describes how the metric varies with the users, not with another training.
///
/// Sampling error only raises ``ReportMetric/calibrationError``, ``ReportMetric/maximumCalibrationError`` and
/// ``ReportMetric/brierReliability``: replicates lie above the value as the value lies above the truth. Their
/// intervals are reflected about the value and do not go below 0.
///
/// Where there are more than 20,000 users, they are put at random into 2,048 clusters, and clusters are
/// drawn instead: users are independent, so that the variance is the same, and known well enough (random
/// groups; K. Wolter, 2007, chapter 2). There, and from 50,000 rows on, metrics of replicates are computed
/// from some 4,096 cells of rows with neighbouring scores, and corrected by what the cells change in the
/// metric of the rows as they are.
///
/// Replicate `r` has a seed of its own, so that results do not depend on the number of threads.
public struct Bootstrap: Hashable, Sendable {
    /// The number of replicates.
    public var replicates: Int
    /// The seed of all draws.
    public var seed: UInt64
    /// The share of replicates within an interval.
    public var level: Double
    /// The metrics that get an interval.
    ///
    /// Means and ratios of means, and the AUC, cost a few passes over the rows; the calibration slope and
    /// intercept cost most, several exponentials for each row.
    public var metrics: Set<ReportMetric>

    /// The maximum share of replicates that may leave a metric undefined before it has no interval.
    package static let undefinedShare = 0.1
    /// The number of replicates computed in one task, with shared memory for their counts.
    private static let blockSize = 4

    /// Creates a bootstrap.
    public init(
        replicates: Int = 200, seed: UInt64 = 1, level: Double = 0.95,
        metrics: Set<ReportMetric> = Set(ReportMetric.allCases)
    ) {
        self.replicates = replicates
        self.seed = seed
        self.level = level
        self.metrics = metrics
    }

    /// Returns the intervals of the metrics.
    ///
    /// A metric has none when it is undefined for the rows, or for more than a tenth of the replicates, and
    /// none has one with fewer than two users.
    ///
    /// `progress` is called with the share of replicates that are done.
    ///
    /// - Throws: `CancellationError`.
    public func intervals(
        _ outcomes: Outcomes, settings: MetricSettings = MetricSettings(), threads: Int = 1,
        progress: (Double) -> Void = { _ in }
    ) async throws -> [ReportMetric: Interval] {
        guard let prepared = prepare(outcomes, settings, threads) else { return [:] }
        return try await intervals(
            prepared, values: prepared.values(threads: threads), threads: threads, progress: progress)
    }

    /// Returns the intervals of prepared outcomes with the given values.
    func intervals(
        _ prepared: PreparedOutcomes, values exact: [ReportMetric: Double], threads: Int,
        progress: (Double) -> Void
    ) async throws -> [ReportMetric: Interval] {
        guard isValid else { return [:] }
        let exact = exact.filter { metrics.contains($0.key) }
        let values = try await values(prepared, exact: exact, threads: threads, progress: progress)
        return exact.reduce(into: [:]) { intervals, item in
            let interval = interval(values.compactMap { $0[item.key] })
            let isRaised = Set<ReportMetric>.raisedByChance.contains(item.key)
            intervals[item.key] = isRaised ? interval?.reflected(about: item.value) : interval
        }
    }

    /// The difference of a metric between two models.
    public struct Difference: Hashable, Sendable {
        /// The difference on the rows as they are.
        public var value: Double
        /// The interval of the difference.
        public var interval: Interval
    }

    /// Returns the differences of metrics between two models on the same rows, `first − second`.
    ///
    /// Both use the same draws, so that what is hard about some users affects both and cancels: the interval
    /// is narrower than those of the two models suggest.
    ///
    /// - Throws: ``BootstrapError`` when the rows are not the same, or `CancellationError`.
    public func differences(
        _ first: Outcomes, _ second: Outcomes, settings: MetricSettings = MetricSettings(), threads: Int = 1,
        progress: (Double) -> Void = { _ in }
    ) async throws -> [ReportMetric: Difference] {
        try BootstrapError.check(first, second)
        guard let one = prepare(first, settings, threads), let other = prepare(second, settings, threads)
        else { return [:] }
        let (value, otherValue) = (one.values(threads: threads), other.values(threads: threads))
        let ones = try await values(one, exact: value, threads: threads) { progress($0 / 2) }
        let others = try await values(other, exact: otherValue, threads: threads) { progress(0.5 + $0 / 2) }
        return metrics.reduce(into: [:]) { differences, metric in
            let pairs = zip(ones, others).compactMap { one, other in
                one[metric].flatMap { value in other[metric].map { value - $0 } }
            }
            guard let first = value[metric], let second = otherValue[metric], let interval = interval(pairs)
            else { return }
            differences[metric] = Difference(value: first - second, interval: interval)
        }
    }

    /// Returns the values of all replicates; empty when there are fewer than two users or no replicates.
    ///
    /// - Parameter byUsers: true to draw users and compute metrics from rows however many there are.
    package func values(
        _ outcomes: Outcomes, settings: MetricSettings = MetricSettings(), threads: Int = 1,
        byUsers: Bool = false
    ) async throws -> [[ReportMetric: Double]] {
        guard let prepared = prepare(outcomes, settings) else { return [] }
        guard byUsers else {
            return try await values(prepared, exact: prepared.values(), threads: threads) { _ in }
        }
        let users = UserIndex(outcomes.users, weights: outcomes.weights)
        let resampling = UserResampling(prepared, users, metrics: metrics)
        return try await values(resampling, threads: threads) { _ in }
    }

    /// Returns the values of the metrics for cells of the rows as they are, without correction.
    package func cellValues(
        _ outcomes: Outcomes, settings: MetricSettings = MetricSettings()
    ) -> [ReportMetric: Double] {
        guard let prepared = prepare(outcomes, settings) else { return [:] }
        let users = UserIndex(outcomes.users, weights: outcomes.weights)
        return CellResampling(prepared, ResamplingUnits(users, seed: seed), metrics: metrics).values
    }

    /// Returns how often each user is drawn in each replicate, `[replicates][users]`.
    package func draws(users: Int) -> [[UInt32]] {
        seeds.map { seed in
            var counts = [UInt32](repeating: 0, count: users)
            UserResampling.draws(seed: seed, into: &counts)
            return counts
        }
    }

    private var seeds: [UInt64] {
        var generator = RandomGenerator(seed: seed)
        return (0..<max(0, replicates)).map { _ in generator.next() }
    }

    private var isValid: Bool { replicates > 0 && level > 0 && level < 1 }

    private func prepare(
        _ outcomes: Outcomes, _ settings: MetricSettings, _ threads: Int = 1
    ) -> PreparedOutcomes? {
        guard isValid else { return nil }
        return PreparedOutcomes(outcomes, settings: settings, metrics: metrics, threads: threads)
    }

    private func values(
        _ prepared: PreparedOutcomes, exact: [ReportMetric: Double], threads: Int,
        progress: (Double) -> Void
    ) async throws -> [[ReportMetric: Double]] {
        let outcomes = prepared.outcomes
        let users = UserIndex(outcomes.users, weights: outcomes.weights)
        guard users.count >= 2 else { return [] }
        if users.count > ResamplingUnits.fewUsers || outcomes.count >= CellResampling.manyRows {
            let resampling = CellResampling(
                prepared, ResamplingUnits(users, seed: seed), metrics: metrics, threads: threads)
            return try await values(resampling, exact: exact, threads: threads, progress: progress)
        }
        let resampling = UserResampling(prepared, users, metrics: metrics)
        return try await values(resampling, threads: threads, progress: progress)
    }

    /// Returns the values of replicates over cells, corrected by what the cells change in those of the rows.
    private func values(
        _ resampling: CellResampling, exact: [ReportMetric: Double], threads: Int,
        progress: (Double) -> Void
    ) async throws -> [[ReportMetric: Double]] {
        let seeds = seeds
        var values: [[ReportMetric: Double]] = []
        for first in stride(from: 0, to: seeds.count, by: ReplicateDraws.batch) {
            let batch = Array(seeds[first..<min(first + ReplicateDraws.batch, seeds.count)])
            var done = first
            values += try await resampling.values(seeds: batch, threads: threads) {
                done += $0
                progress(min(1, Double(done) / Double(seeds.count)))
            }
        }
        let changes = exact.compactMap { item in
            resampling.values[item.key].map { (metric: item.key, change: item.value - $0) }
        }
        for replicate in values.indices {
            for (metric, change) in changes { values[replicate][metric]? += change }
        }
        return values
    }

    private func values(
        _ resampling: UserResampling, threads: Int, progress: (Double) -> Void
    ) async throws -> [[ReportMetric: Double]] {
        let seeds = seeds
        let blocks = stride(from: 0, to: seeds.count, by: Self.blockSize).map {
            Array(seeds[$0..<min($0 + Self.blockSize, seeds.count)])
        }
        var done = 0
        return try await concurrentMap(
            blocks, threads: threads,
            eachDone: {
                done += 1
                progress(Double(done) / Double(blocks.count))
            }
        ) { seeds in
            var counts = [UInt32](repeating: 0, count: resampling.userCount)
            var sample = resampling.sample
            return seeds.map { resampling.values(seed: $0, counts: &counts, sample: &sample) }
        }.flatMap { $0 }
    }

    private func interval(_ values: [Double]) -> Interval? {
        guard Double(values.count) >= (1 - Self.undefinedShare) * Double(replicates) else { return nil }
        return Interval(percentilesOf: values, level: level)
    }
}
