/// How rounds are best made for data of a size: estimated in nanoseconds on one thread, from what the kernels were
/// measured to take.
struct BoostingPlan: Sendable {
    /// Whether every round looks at all rows.
    let isPlain: Bool
    /// The most splits of a quadratic model.
    let splitLimit: Int
    /// The most inputs of a quadratic model.
    let inputLimit: Int
    /// The rows whose curvature is summed up, beside those of rare bins.
    let sampleRows: Int

    /// An input brings about so many splits, where it has them, before another is taken in; but few inputs are all
    /// taken in, whatever they bring.
    private static let splitsPerInput = 100
    private static let fewInputs = 64
    private static let mostSampleRows = 50_000
    private static let splitLimits = (least: 768, usual: 2_048, most: 4_096)
    /// The most that a quadratic model takes.
    static let mostBytes = 4 * splitLimits.most * splitLimits.most

    init(rows: Int, splits: [Int], rounds: Int, memory: Int, form: StumpSettings.Form) {
        let total = splits.reduce(0, +)
        let columns = Double(splits.count)
        sampleRows = min(rows, Self.mostSampleRows)
        let passCost = Double(rows) * (1.2 * columns + 6)
        let pairs = min(columns, Double(Self.splitLimits.most / Self.splitsPerInput))
        let sumCost = Double(sampleRows) * pairs * pairs * 0.3
        // More splits may cost as much as looking at the rows does; a pair of splits takes about
        // 1 ns and 4 bytes.
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

    /// The inputs that a model takes in.
    func inputs(_ best: [Int]) -> [Int] {
        best.count <= inputLimit ? best : best.prefix(inputLimit).sorted()
    }
}

/// How many rounds a leg makes and when the curvature is summed up anew: as many as the model keeps its promises
/// for.
struct TrustRegion: Sendable {
    /// The rounds of the next leg.
    private(set) var rounds = 8
    /// Whether the curvature is out of date.
    var wantsCurvature = false

    /// A leg whose loss falls by less than this share of what was promised is taken back.
    static let leastGainRatio = 0.25
    private static let mostRounds = 1_024
    /// By how much a promise may be missed: for the curvature to be kept, for longer blocks, and for blocks as long.
    private static let (freshError, smallError, largeError) = (0.001, 0.003, 0.02)

    /// Whether the next pass should find Hessians too: it has been out of date after the leg before.
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
