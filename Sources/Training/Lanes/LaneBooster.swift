import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel

/// A booster of several models side by side: those of a cross-validation with the one of all rows.
///
/// Every model is a lane of a vector, so that one pass over the rows' bins serves all. Rounds are made in
/// blocks on each lane's own quadratic model of its loss, whose sums are exact, and which takes from a sample
/// of rows only how sets of rows overlap (`SetCorrelations`). After a block one pass gives every lane its
/// true loss and exact sums, and its loss on the rows that it leaves out. A lane whose loss fell by too
/// little of what its model predicted takes back half of its block.
///
/// The first correlations give all rows the same curvature, so that no label has a part in them; a lane whose
/// model predicts badly gets others: by the curvature of its own scores, or, where nothing is estimated on
/// the rows that lanes leave out, by that of the model of all rows. So in a nested plan no lane depends on
/// the labels of rows that it leaves out.
package struct LaneBooster: Sendable {
    let space: LaneSpace
    let plan: LanePlan
    private(set) var lanes: [Lane]
    private(set) var rows: LaneRows
    /// The losses of all groups' rows in every lane after the rounds so far, `[groups][lanes]`.
    package var losses: [[Double]] { lastPass.losses }

    let definitions: [BinDefinition]
    private let settings: StumpSettings
    let threads: Int
    /// The users in each bin that a lane trains on, by group, or of bags by lane: `[groups][features][bins]`.
    private let users: [[[Double]]]
    private let weights: LaneWeights
    /// The columns that each lane sees, one for each input; nil where all see the same.
    let columns: [[Int]]?
    /// True for the features that a lane may split, `[lanes][features]`; empty where it may split all.
    private let isSeen: [[Bool]]
    /// The weight of all rows in each bin, `[inputs][bins]`.
    let binWeights: [[Double]]
    private let sample: CurvatureSample
    /// The groups of bins of the sampled rows, `[features][rows]`.
    private let sampleColumns: [[UInt8]]
    /// The weights of the sampled rows, each times the number of rows that it stands for.
    private let sampleWeights: [Float]
    private var lastPass: LaneRows.Pass
    /// The end of the last block that has begun: the rounds of each lane that is not finished.
    private var end = 0

    /// One model's state.
    struct Lane: Sendable {
        let intercept: Double
        var rounds = 0
        var blocks: [LaneRounds] = []
        var region = LaneRegion()
        var correlations: SetCorrelations
        var generator: RandomGenerator
        /// True when no split lowers the loss any more.
        var isFinished = false
    }

    /// The number of rows of the sample: 10,000, or more where the sums of a pair of columns, half a
    /// nanosecond a row, still take some 20 ms in all.
    private static func sampleRows(inputs: Int) -> Int {
        max(10_000, min(50_000, 80_000_000 / max(1, inputs * inputs)))
    }

    /// Makes lanes without rounds. The sets of the inputs have to fit into the memory of the settings.
    ///
    /// - Parameters:
    ///   - groupOfRow: the group of each row by the plan.
    ///   - columns: the columns that each lane sees, one for each input; nil where all see the same.
    ///   - userShares: one divided by the number of rows of each row's user.
    package init(
        _ binned: BinnedData, columns: [[Int]]? = nil, plan: LanePlan, groupOfRow: [Int32], labels: [Bool],
        weights: LaneWeights, offsets: [Double]?, userShares: [Double], settings: StumpSettings, threads: Int
    ) {
        self.plan = plan
        self.settings = settings
        self.threads = threads
        self.weights = weights
        precondition(weights.draws.isEmpty || weights.draws.count == plan.count && plan.groups == 1)
        definitions = binned.definitions
        let tallies = GroupTallies(
            binned, groupOfRow: groupOfRow, groups: plan.groups, userShares: userShares, weights: weights,
            threads: threads)
        (users, binWeights) = (tallies.users, tallies.weights)
        space = LaneSpace(
            binned.definitions, counts: tallies.rows, limit: plan.mostSets(memory: settings.memory))
        let inputs = space.inputs
        self.columns = columns
        isSeen = columns.map { $0.map { seen in inputs.map { Set(seen).contains($0) } } } ?? []
        var generator = RandomGenerator(seed: settings.seed)
        sample = CurvatureSampler(
            binned, inputs: space.inputs, counts: { tallies.rows[$0] },
            count: min(binned.rowCount, Self.sampleRows(inputs: space.inputs.count)), threads: threads
        ).sample(using: &generator)
        let (sample, space) = (sample, space)
        sampleColumns = ConcurrentBlocks.map(space.inputs.count, threads: threads) { feature in
            let groups = space.groupOfBin[feature]
            return binned.column(space.inputs[feature], rows: sample.rows).map { groups[Int($0)] }
        }
        let intercepts = Self.intercepts(
            plan, groupOfRow, labels: labels, weights: weights, offsets: offsets, threads: threads)
        rows = LaneRows(
            binned, space: space, counts: tallies.rows, plan: plan, groupOfRow: groupOfRow, labels: labels,
            weights: weights, offsets: offsets, intercepts: intercepts, sample: sample.rows, threads: threads)
        sampleWeights = zip(sample.rows, sample.factors).map { $1 * (weights.ofRow?[$0] ?? 1) }
        let correlations = SetCorrelations(
            space.sets, columns: sampleColumns, weights: sampleWeights, threads: threads)
        lanes = intercepts.map {
            Lane(intercept: $0, correlations: correlations, generator: generator)
        }
        lastPass = rows.pass(adding: nil, threads: threads)
    }

    /// True when no lane can make more rounds.
    var isFinished: Bool { lanes.allSatisfy(\.isFinished) }

    /// The summed loss of one lane on the rows that it trains on.
    package func trainingLoss(_ lane: Int) -> Double { Self.trainingLoss(lastPass, lane, plan) }

    private static func trainingLoss(_ pass: LaneRows.Pass, _ lane: Int, _ plan: LanePlan) -> Double {
        pass.losses.indices.reduce(0) { plan.trains(lane, on: $1) ? $0 + pass.losses[$1][lane] : $0 }
    }

    // MARK: - Boosting

    /// Boosts every lane to a number of rounds. The ends of blocks are the same whatever rounds lanes make of
    /// them, so that no lane's blocks depend on rows that it leaves out.
    package mutating func boost(upTo target: Int) {
        while end < target, !isFinished {
            end = min(target, Self.blockEnd(after: end))
            while lanes.contains(where: { !$0.isFinished && $0.rounds < end }) { block(upTo: end) }
        }
    }

    /// The ends of blocks: few rounds at first, since the loss changes fast, then a third more each time.
    static func blockEnd(after rounds: Int) -> Int {
        switch rounds {
        case ..<4: max(1, rounds * 2)
        case ..<32: rounds + (rounds > 4 ? 8 : 4)
        default: rounds + min(512, rounds / 3)
        }
    }

    /// Makes a block of rounds in each lane that has not reached the target.
    private mutating func block(upTo target: Int) {
        refreshCorrelations()
        var proposals = proposals(upTo: target)
        let before = lanes.indices.map { trainingLoss($0) }
        var taken = lanes.map { _ in [[Double]?](repeating: nil, count: space.inputs.count) }
        var isSettled = false
        while !isSettled {
            let wanted = proposals.map { $0.values(space) }
            let steps = zip(wanted, taken).map { Self.difference($0, $1) }
            lastPass = rows.pass(
                adding: LaneTables(rows.layout, values: steps.map { space.spread($0) }), threads: threads)
            taken = wanted
            isSettled = true
            for lane in proposals.indices where proposals[lane].promised > 0 {
                let ratio = (before[lane] - trainingLoss(lane)) / proposals[lane].promised
                proposals[lane].gainRatio = ratio
                guard !(ratio >= TrustRegion.leastGainRatio) else { continue }
                proposals[lane].shorten()
                isSettled = false
            }
        }
        for lane in proposals.indices { self.lanes[lane].accept(proposals[lane]) }
    }

    private static func difference(_ wanted: [[Double]?], _ taken: [[Double]?]) -> [[Double]?] {
        zip(wanted, taken).map { wanted, taken in
            guard let taken else { return wanted }
            return zip(wanted ?? [Double](repeating: 0, count: taken.count), taken).map { $0 - $1 }
        }
    }

    private func proposals(upTo target: Int) -> [Proposal] {
        ConcurrentBlocks.map(lanes.count, threads: threads) { propose($0, count: target - lanes[$0].rounds) }
    }

    private func propose(_ lane: Int, count: Int) -> Proposal {
        let state = lanes[lane]
        var proposal = Proposal(generator: state.generator)
        let count = min(count, state.region.rounds)
        guard count > 0, !state.isFinished else { return proposal }
        var model = model(lane, state)
        proposal.wanted = count
        while proposal.stumps.count < count {
            if settings.inputShare < 1 {
                let drawn = Set(drawnFeatures(&proposal.generator))
                model.allow { drawn.contains($0) }
            }
            guard let stump = model.search() ?? idleStump(&model) else { break }
            // Gains fall from round to round; where they rise, the model is outside the region where it is
            // valid.
            if let first = proposal.stumps.first, stump.fall > 4 * first.fall, settings.inputShare == 1 {
                break
            }
            model.take(stump)
            proposal.stumps.append(stump)
            if space.sets.axes[stump.feature].isLevels, proposal.levels[stump.feature] == nil {
                proposal.levels[stump.feature] = model.levels(of: stump.feature)
            }
        }
        return proposal
    }

    /// Returns a stump that changes nothing, where the drawn inputs have no split but others have: another
    /// draw may contain one of these.
    private func idleStump(_ model: inout LaneModel) -> LaneModel.Stump? {
        guard settings.inputShare < 1 else { return nil }
        model.allow { _ in true }
        guard var stump = model.search() else { return nil }
        (stump.left, stump.right, stump.fall) = (0, 0, 0)
        return stump
    }

    private func model(_ lane: Int, _ state: Lane) -> LaneModel {
        let layout = rows.layout
        let groups = weights.isByLane ? [lane] : (0..<plan.groups).filter { plan.trains(lane, on: $0) }
        let sums = space.inputs.indices.map { feature in
            let first = layout.firstBin[feature]
            func sum(_ bin: Int, _ kind: Int) -> Double {
                rows.value(lastPass.sums[(2 * (first + bin) + kind) * layout.lanes + lane])
            }
            return LaneModel.Sums(
                gradients: space.grouped(feature) { sum($0, 0) },
                hessians: space.grouped(feature) { sum($0, 1) },
                users: space.grouped(feature) { bin in
                    groups.reduce(0) { $0 + users[$1][feature][bin] }
                }, isAllowed: isSeen.isEmpty || isSeen[lane][feature])
        }
        var directions: [Int: Int] = [:]
        for (feature, input) in space.inputs.enumerated() { directions[feature] = settings.directions[input] }
        return LaneModel(
            state.correlations, sums: sums,
            least: LaneModel.Least(users: settings.minimumUsers, hessian: settings.minimumHessian),
            penalty: LaneModel.Penalty(l1: settings.l1, l2: settings.l2, rate: settings.learningRate),
            directions: directions)
    }

    private func drawnFeatures(_ generator: inout RandomGenerator) -> [Int] {
        let count = max(1, Int((Double(space.inputs.count) * settings.inputShare).rounded()))
        return Array(space.inputs.indices.shuffled(using: &generator).prefix(count))
    }

    /// Gives lanes whose model predicted badly correlations by the present curvature.
    private mutating func refreshCorrelations() {
        var shared: SetCorrelations?
        for lane in lanes.indices where lanes[lane].region.wantsCorrelations && !lanes[lane].isFinished {
            let correlations = shared ?? correlations(of: plan.sharesCurvature ? plan.whole ?? lane : lane)
            if plan.sharesCurvature { shared = correlations }
            lanes[lane].correlations = correlations
            lanes[lane].region.wantsCorrelations = false
        }
    }

    private func correlations(of lane: Int) -> SetCorrelations {
        var curvature = rows.curvature(lane: lane, count: sample.rows.count)
        for place in curvature.indices {
            curvature[place] *= sampleWeights[place]
        }
        return SetCorrelations(
            space.sets, columns: sampleColumns, weights: curvature, threads: threads)
    }
}
