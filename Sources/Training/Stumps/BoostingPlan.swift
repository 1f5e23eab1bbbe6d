/// The choice between ways of making rounds for data of a given size, by estimates in nanoseconds on one
/// thread from measurements of the kernels.
struct BoostingPlan: Sendable {
    /// True when every round reads all rows.
    let isPlain: Bool
    /// The largest number of splits of a quadratic model.
    let splitLimit: Int
    /// The largest number of inputs of a quadratic model.
    let inputLimit: Int
    /// The number of rows in the sample for the curvature, without those of rare bins.
    let sampleRows: Int

    /// The number of splits to allow per input before another input is added. Few inputs are all added,
    /// whatever their splits.
    private static let splitsPerInput = 100
    private static let fewInputs = 64
    private static let mostSampleRows = 50_000
    private static let splitLimits = (least: 768, usual: 2_048, most: 4_096)
    /// The largest memory of a quadratic model.
    static let mostBytes = 4 * splitLimits.most * splitLimits.most

    init(rows: Int, splits: [Int], rounds: Int, memory: Int, form: StumpSettings.Form) {
        let total = splits.reduce(0, +)
        let columns = Double(splits.count)
        sampleRows = min(rows, Self.mostSampleRows)
        let passCost = Double(rows) * (1.2 * columns + 6)
        let pairs = min(columns, Double(Self.splitLimits.most / Self.splitsPerInput))
        let sumCost = Double(sampleRows) * pairs * pairs * 0.3
        // More splits may cost as much as reading the rows does; a pair of splits takes about 1 ns and 4
        // bytes.
        let affordable = Int(((passCost + sumCost) / 2).squareRoot())
        let fitting = Int((Double(memory) / 4).squareRoot())
        let wanted = min(
            max(Self.splitLimits.usual, 50 * splits.count), Self.splitLimits.most)
        splitLimit = max(16, min(total, fitting, max(Self.splitLimits.least, min(affordable, wanted))))
        inputLimit =
            splits.count <= Self.fewInputs ? Self.fewInputs : max(1, splitLimit / Self.splitsPerInput)
        let curvatureCost = sumCost + Double(splitLimit * splitLimit) * 1.5
        let plain = Double(rounds) * (Double(rows) * (0.9 * columns + 6) + 12 * Double(total))
        let gram =
            (passCost + curvatureCost) * (8 + Double(rounds) / 250)
            + Double(rounds) * Double(splitLimit) * 0.3
        isPlain = form == .plain || (form == .automatic && plain < gram) || total == 0
    }

    /// Returns the inputs of a model.
    func inputs(_ best: [Int]) -> [Int] {
        best.count <= inputLimit ? best : best.prefix(inputLimit).sorted()
    }
}

/// The trust region of the quadratic model: the number of rounds in a block and the decision when to
/// recompute the curvature, by how well the model predicts the loss.
struct TrustRegion: Sendable {
    /// The number of rounds of the next block.
    private(set) var rounds = 8
    /// True when the curvature is out of date.
    var wantsCurvature = false

    /// The gain ratio (the actual over the predicted decrease of the loss) below which a block is rejected.
    static let leastGainRatio = 0.25
    private static let mostRounds = 1_024
    /// The largest errors of the gain ratio at which the curvature is kept, blocks grow, and blocks keep
    /// their length.
    private static let (freshError, smallError, largeError) = (0.001, 0.003, 0.02)

    /// True when the next pass should compute Hessians too, because the curvature was out of date after the
    /// last block.
    private(set) var expectsCurvature = true

    mutating func accepted(rounds made: Int, gainRatio: Double, wasCut: Bool) {
        let error = (gainRatio - 1).magnitude
        wantsCurvature = error > Self.freshError
        expectsCurvature = wantsCurvature
        if error < Self.smallError {
            if !wasCut { rounds = min(rounds * 2, Self.mostRounds) }
        } else if error > Self.largeError {
            rounds = max(2, rounds / 2)
        }
    }

    mutating func failed(rounds left: Int) {
        rounds = max(1, left)
        wantsCurvature = true
    }

    mutating func plainRound() {
        if rounds < 2 { rounds = 2 }
    }
}
