public import LimpetEvents
import LimpetParallel

/// The choice of the time in which the weight of a snapshot halves, by how well models of earlier snapshots
/// predict later ones.
///
/// Where what makes users leave changes over time, the latest snapshots tell more about the next ones than
/// old ones do. Each candidate is tried with stumps on the snapshots whose labels
/// were known when the last quarter of the snapshots began, which are then predicted. The best is taken where
/// its log loss is less than without fading by more than two standard errors: where nothing changes, old
/// snapshots are worth having.
public struct HalfLifeChoice: Hashable, Sendable {
    /// The chosen half-life; nil where all snapshots weigh the same.
    public let halfLife: TimeSpan?
    /// The half-lives that were tried.
    public let tried: [TimeSpan]
    /// The difference in log loss on later snapshots, of the best half-life less none.
    public let difference: Double
    /// The standard error of the difference, between users.
    public let standardError: Double

    /// The parts of the snapshots' time that are tried.
    private static let parts: [Int64] = [2, 4, 8]
    /// The share of the snapshots that is predicted, as in the estimate.
    private static let lateShare = ForwardSplit.lateShare
    /// The fewest users of each class on each side of the time.
    private static let leastUsers = 50
    /// The least summed weight of the rows with label 1 that a candidate may leave.
    private static let leastWeight = 100.0
    /// The number of standard errors by which the best has to be better.
    private static let errors = 2.0
    /// The numbers of rounds that are tried with each, of a rate at which these suffice: before the least
    /// loss, whatever brings a model nearer to the late rows seems to help.
    private static let rounds = [50, 100, 200]
    private static let learningRate = 0.3
    /// The most rows that are used; of more, those of a share of the users.
    private static let mostRows = 20_000

    /// Returns the choice for the rows of a training; nil where they are too few or too short a time.
    static func made(_ data: TrainingData, _ settings: TrainingSettings, _ clock: StageClock) async throws
        -> HalfLifeChoice?
    {
        guard data.byteTable == nil, settings.initial == nil, let times = data.times, let first = times.min(),
            let last = times.max(), last > first
        else { return nil }
        let some = sample(data)
        guard let fold = fold(of: some) else { return nil }
        let span = last.milliseconds - first.milliseconds
        let day = TimeSpan.day.milliseconds
        let early = some.selecting(fold.training)
        let tried = parts.map { TimeSpan(milliseconds: max(1, (span / $0 + day / 2) / day) * day) }
            .filter { weightOfOnes(early.fading($0)) >= leastWeight }
        guard !tried.isEmpty else { return nil }
        let plain = try await heldOut(some, fold, early, settings, clock)
        var best: (halfLife: TimeSpan, difference: LossDifference)?
        var made: [TimeSpan] = []
        for halfLife in tried where settings.monitor?.isStopRequested != true {
            let found = try await heldOut(some, fold, early.fading(halfLife), settings, clock)
            let difference = LossDifference(found, plain, of: some)
            made.append(halfLife)
            if best.map({ difference.mean < $0.difference.mean }) ?? true { best = (halfLife, difference) }
            // From mild to strong: where a mild one brings nothing, a strong one only costs rows.
            if difference.mean + difference.standardError > 0 { break }
        }
        guard let best else { return nil }
        let isBetter = best.difference.mean + errors * best.difference.standardError < 0
        return HalfLifeChoice(
            halfLife: isBetter ? best.halfLife : nil, tried: made, difference: best.difference.mean,
            standardError: best.difference.standardError)
    }

    private static func weightOfOnes(_ data: TrainingData) -> Double {
        data.labels.indices.reduce(0.0) { $0 + (data.labels[$1] ? data.weights?[$1] ?? 1 : 0) }
    }

    private static func sample(_ data: TrainingData) -> TrainingData {
        let step = Int32((data.count + mostRows - 1) / mostRows)
        guard step > 1 else { return data }
        return data.selecting(data.users.indices.filter { data.users[$0] % step == 0 })
    }

    /// Returns the split in time; nil where a side has too few users.
    private static func fold(of data: TrainingData) -> Fold? {
        guard let fold = Folds.forwardInTime(data, lateShare: lateShare) else { return nil }
        let sides = [data.classUsers(of: fold.training), data.classUsers(of: fold.heldOut)]
        return sides.allSatisfy { min($0.positive, $0.negative) >= leastUsers } ? fold : nil
    }

    /// Returns the predictions of the late rows by a model of early ones, after the number of rounds with the
    /// least loss.
    private static func heldOut(
        _ data: TrainingData, _ fold: Fold, _ early: TrainingData, _ settings: TrainingSettings,
        _ clock: StageClock
    ) async throws -> [(row: Int, logOdds: Double)] {
        var (best, least): ([(row: Int, logOdds: Double)], Double) = ([], .infinity)
        for rounds in rounds {
            var stumps = StumpSettings()
            (stumps.maximumRounds, stumps.stopsEarly, stumps.seed) = (rounds, false, settings.seed)
            stumps.learningRate = learningRate
            let trainer = StumpTrainer(settings: stumps, threads: settings.threads, clock: clock)
            let fit = try await trainer.fit(early, setting: .rounds(rounds), stumps: nil) { _ in }
            let logOdds = fit.logOdds(of: data, rows: fold.heldOut, threads: settings.threads)
            let loss = zip(fold.heldOut, logOdds).reduce(0.0) { $0 + data.logLoss($1.0, $1.1) }
            guard loss < least else { break }
            (best, least) = (zip(fold.heldOut, logOdds).map { (row: $0, logOdds: $1) }, loss)
        }
        return best
    }
}
