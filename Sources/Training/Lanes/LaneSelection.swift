import LimpetEvaluation
import LimpetLinearAlgebra
import LimpetNumerics

/// Boosting of several models side by side until every choice among their rounds has passed its least
/// held-out loss, or the best value of another metric.
struct LaneSelection: Sendable {
    private(set) var booster: LaneBooster
    private let data: TrainingData
    private let curves: [Curve]
    private let settings: StumpSettings
    private let metric: ValidationMetric?
    private let threads: Int
    /// The state after each block.
    private var history: [Point] = []
    /// The number of states that each curve chooses among: up to the first at which it had passed its best.
    /// How long others go on has no part in its choice, since they may have seen the rows that it is
    /// evaluated on.
    private var ends: [Int?]

    /// A choice of the number of rounds: by models on groups that they leave out.
    struct Curve: Sendable {
        var heldOut: [(lane: Int, group: Int)]
    }

    private struct Point {
        var rounds: Int
        /// The value of each curve: a loss, or minus a metric that is better when higher; nil where
        /// undefined.
        var values: [Double?]
    }

    /// Prepares rows for boosting; nil where lanes are not the way to boost them.
    ///
    /// - Parameters:
    ///   - folds: the plan's groups, whose held-out rows are all rows, each once.
    init?(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], plan: LanePlan, curves: [Curve],
        settings: StumpSettings, metric: ValidationMetric?, threads: Int
    ) {
        guard Self.isWorthwhile(coded.binned, plan, settings), folds.count == plan.groups else {
            return nil
        }
        let groupOfRow = Folds.groups(folds, count: data.count)
        guard !groupOfRow.contains(Int32(folds.count)) else { return nil }
        (self.data, self.curves, self.settings) = (data, curves, settings)
        ends = curves.map { _ in nil }
        (self.metric, self.threads) = (settings.stopsEarly ? metric : nil, threads)
        booster = LaneBooster(
            coded.binned, columns: coded.columnsByModel, plan: plan, groupOfRow: groupOfRow,
            labels: data.labels,
            weights: LaneWeights(ofRow: data.weights), offsets: data.offsets,
            userShares: data.userShares, settings: settings, threads: threads)
    }

    /// The number of bins of all rows up to which each fold is boosted by itself, in double precision and
    /// with rounds that read all rows.
    static let fewBins = 20_000

    /// Returns true where lanes are the way to boost: rows that are not too few, few enough inputs for models
    /// of all whose correlations fit into the memory, and no setting that asks for another way.
    static func isWorthwhile(_ binned: BinnedData, _ plan: LanePlan, _ settings: StumpSettings) -> Bool {
        isWorthwhile(
            sets: LaneSpace.leastSets(binned.definitions),
            values: binned.rowCount * binned.definitions.count, plan, settings)
    }

    /// Returns false where lanes will not be the way to boost, so that bins need not be found for them.
    static func canBeWorthwhile(_ data: TrainingData, _ plan: LanePlan, _ settings: StumpSettings) -> Bool {
        isWorthwhile(
            sets: LaneSpace.leastSets(
                data.columns, models: plan.count, maximumBins: settings.maximumBins),
            values: data.count * data.columns.count, plan, settings)
    }

    private static func isWorthwhile(
        sets: Int, values: Int, _ plan: LanePlan, _ settings: StumpSettings
    ) -> Bool {
        guard plan.isOneVector, settings.caps.isEmpty, sets <= plan.mostSets(memory: settings.memory) else {
            return false
        }
        switch settings.form {
        case .plain: return false
        case .gram: return true
        case .automatic: return values > fewBins
        }
    }

    /// Boosts until all curves have passed their best value, or to the largest number of rounds.
    mutating func run(monitor: TrainingMonitor?, progress: (Double) -> Void) throws {
        let limit = settings.maximumRounds
        var target = 0
        defer { monitor?.rounds = nil }
        while target < limit, !booster.isFinished {
            try Task.checkCancellation()
            target = min(limit, LaneBooster.blockEnd(after: target))
            booster.boost(upTo: target)
            history.append(Point(rounds: target, values: curves.indices.map { value($0) }))
            monitor?.loss = meanLoss
            if settings.stopsEarly { monitor?.rounds = TrainingMonitor.Rounds(made: target, most: limit) }
            progress(Double(target) / Double(limit))
            for curve in curves.indices where ends[curve] == nil && isPast(curve, target) {
                ends[curve] = history.count
            }
            if monitor?.isStopRequested ?? false { break }
            if settings.stopsEarly, !ends.contains(nil) { break }
        }
    }

    private func value(_ curve: Int) -> Double? {
        guard let metric else {
            return curves[curve].heldOut.reduce(0) { $0 + booster.losses[$1.group][$1.lane] }
        }
        let heldOut = curves[curve].heldOut.flatMap { booster.rows.scores(lane: $0.lane, group: $0.group) }
        return metric.cost(heldOut, of: data)
    }

    /// The mean loss of the first curve's rows after the last block.
    private var meanLoss: Double? {
        let losses = curves[0].heldOut.map { booster.losses[$0.group][$0.lane] }
        let weight = data.weights?.reduce(0, +) ?? Double(data.count)
        return weight > 0 ? losses.reduce(0, +) / weight : nil
    }

    private func bestPlace(_ curve: Int) -> Int? {
        var best: (place: Int, value: Double)?
        for (place, point) in history.prefix(ends[curve] ?? history.count).enumerated() {
            guard let value = point.values[curve], value < best?.value ?? .infinity else { continue }
            best = (place, value)
        }
        return best?.place
    }

    private func isPast(_ curve: Int, _ target: Int) -> Bool {
        guard let place = bestPlace(curve) else { return false }
        let best = history[place].rounds
        return target - best >= settings.patience && Double(best) < 0.8 * Double(target)
    }

    // MARK: - Choices

    /// Returns the number of rounds with the best value: the least of a parabola through the best block end
    /// and those beside it, over the logarithm of rounds.
    ///
    /// A loss that stays the same after its best block end is that of finished models: the blocks that follow
    /// are made for those of other curves, and have no part in the choice either.
    ///
    /// - Throws: ``TrainingError`` when the metric is undefined everywhere.
    func rounds(_ curve: Int, isStopped: Bool) throws(TrainingError) -> Int {
        guard settings.stopsEarly || isStopped else { return settings.maximumRounds }
        guard let place = bestPlace(curve) else {
            if let metric { throw .undefinedMetric(metric.metric) }
            return 1
        }
        let best = history[place].rounds
        guard metric == nil, place > 0, place + 1 < ends[curve] ?? history.count,
            let before = history[place - 1].values[curve], let least = history[place].values[curve],
            let after = history[place + 1].values[curve], after > least
        else { return best }
        let points = (place - 1...place + 1).map { ElementaryFunctions.log(Double(history[$0].rounds)) }
        return Int(
            ElementaryFunctions.exp(Self.vertex(points, [before, least, after])).rounded())
    }

    /// Returns where the parabola through three points is least; the middle one is below both others.
    private static func vertex(_ x: [Double], _ y: [Double]) -> Double {
        let (left, right) = (x[1] - x[0], x[2] - x[1])
        let (fall, rise) = ((y[1] - y[0]) / left, (y[2] - y[1]) / right)
        let curvature = (rise - fall) / (left + right)
        guard curvature > 0 else { return x[1] }
        return max(x[0], min(x[2], (x[0] + x[1]) / 2 - fall / (2 * curvature)))
    }

    /// Returns the choice of one curve, with the fit of the model that it is made for.
    ///
    /// - Parameter lane: the model, as of the coded rows; nil for none.
    func choice(
        _ curve: Int, fit lane: Int?, of coded: CodedBins, isStopped: Bool
    ) throws -> Choice {
        let rounds = try rounds(curve, isStopped: isStopped)
        let held = booster.logOdds(
            curves[curve].heldOut.map { (lane: $0.lane, group: $0.group, rounds: rounds) })
        return Choice(
            setting: .rounds(rounds), loss: held.reduce(0) { $0 + data.logLoss($1.row, $1.logOdds) },
            heldOut: held,
            stumps: lane.map { coded.recoded(booster.fit($0, after: rounds), model: $0) })
    }

    /// Returns the log-odds of the rows of a group in the lane of the same number.
    func heldOut(_ group: Int, rounds: Int) -> [(row: Int, logOdds: Double)] {
        booster.logOdds([(lane: group, group: group, rounds: rounds)])
    }

    /// Returns the log-odds of all rows in one lane.
    func logOdds(lane: Int, rounds: Int) -> [Double] {
        var logOdds = [Double](repeating: 0, count: data.count)
        let groups = (0..<booster.plan.groups).map { (lane: lane, group: $0, rounds: rounds) }
        for held in booster.logOdds(groups) { logOdds[held.row] = held.logOdds }
        return logOdds
    }
}
