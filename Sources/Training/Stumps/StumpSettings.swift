/// How stumps are boosted.
public struct StumpSettings: Hashable, Sendable {
    /// The part of each step that is taken.
    public var learningRate = 0.1
    /// The most rounds.
    public var maximumRounds = 10_000
    /// Rounds without a lower loss on held-out rows before boosting ends.
    public var patience = 50
    /// The most bins of an input.
    public var maximumBins = 255
    /// The L1 penalty on a bin's value: a side's summed gradient counts only as far as it is above this.
    public var l1 = 0.0
    /// The L2 penalty on a bin's value, in units of the Hessian.
    public var l2 = 1.0
    /// The fewest users on each side of a split.
    public var minimumUsers = 20.0
    /// The least Hessian on each side of a split.
    public var minimumHessian = 1e-3
    /// The share of inputs that each round may split, drawn anew for each.
    public var inputShare = 1.0
    /// Inputs whose step function may only rise (1) or only fall (−1), by number. They are in no pair: a table over
    /// two inputs would go round the promise.
    public var directions: [Int: Int] = [:]
    /// The most by which the highest and the lowest step of an input may differ, in log-odds, by number. They are in
    /// no pair either.
    public var caps: [Int: Double] = [:]
    /// Whether the number of rounds is chosen on held-out rows; else all rounds are made.
    public var stopsEarly = true
    /// How rounds are made.
    public var form = Form.automatic
    /// The bytes that curvature may take.
    public var memory = 512 << 20
    /// Terms over two inputs.
    public var pairs = PairSettings()
    /// How many times users are drawn with replacement and fitted; 1 is all users once. The spread over the
    /// fits gives error bars.
    public var bags = 1
    /// Decides what is drawn.
    public var seed: UInt64 = 1

    /// Ways to make rounds; they agree but for what a quadratic model of the loss leaves out.
    public enum Form: String, CaseIterable, Sendable {
        /// Whichever is estimated to take less time.
        case automatic
        /// Each round looks at all rows.
        case plain
        /// Many rounds are made on a quadratic model of the loss, which is then checked on all rows.
        case gram
    }

    /// How pairs are fitted: without the inputs that promise something.
    var pairing: PairSettings {
        var pairing = pairs
        pairing.excluded.formUnion(directions.keys)
        pairing.excluded.formUnion(caps.keys)
        return pairing
    }

    /// The defaults.
    public init() {}
}
