/// The settings of boosted stumps.
public struct StumpSettings: Hashable, Sendable {
    /// The factor by which each step is scaled.
    public var learningRate = 0.1
    /// The largest number of rounds.
    public var maximumRounds = 10_000
    /// The number of rounds without a lower loss on held-out rows before boosting ends.
    public var patience = 50
    /// The largest number of bins of an input.
    public var maximumBins = 255
    /// The L1 penalty on a bin's value: it is subtracted from the absolute sum of a side's gradients.
    public var l1 = 0.0
    /// The L2 penalty on a bin's value, in units of the Hessian. 10 had less held-out loss than 1 on each of
    /// five tasks, public and simulated.
    public var l2 = 10.0
    /// The smallest number of users on each side of a split.
    public var minimumUsers = 20.0
    /// The smallest Hessian on each side of a split.
    public var minimumHessian = 1e-3
    /// The share of inputs that each round may split, drawn anew for each.
    public var inputShare = 1.0
    /// The inputs whose step function may only rise (1) or only fall (−1), by number. They are in no pair,
    /// since a table over two inputs could violate the direction.
    public var directions: [Int: Int] = [:]
    /// The largest differences between the highest and the lowest step of inputs, in log-odds, by number.
    /// These inputs are in no pair either.
    public var caps: [Int: Double] = [:]
    /// True to choose the number of rounds on held-out rows; false to make all rounds.
    public var stopsEarly = true
    /// The way in which rounds are made.
    public var form = Form.automatic
    /// The largest memory of the curvature, in bytes.
    public var memory = 512 << 20
    /// The settings of terms over two inputs.
    public var pairs = PairSettings()
    /// The number of fits to users drawn with replacement; 1 is one fit to all users. The spread over the
    /// fits gives error bars.
    public var bags = 1
    /// The seed of all draws.
    public var seed: UInt64 = 1

    /// A way of making rounds; the results agree up to the approximation of the loss by a quadratic model.
    public enum Form: String, CaseIterable, Sendable {
        /// The way that is estimated to take less time.
        case automatic
        /// Each round reads all rows.
        case plain
        /// Many rounds are made on a quadratic model of the loss, which is then checked on all rows.
        case gram
    }

    /// The settings of pairs without the inputs that have a direction or a cap.
    var pairing: PairSettings {
        var pairing = pairs
        pairing.seed = seed
        pairing.excluded.formUnion(directions.keys)
        pairing.excluded.formUnion(caps.keys)
        return pairing
    }

    /// Makes the default settings.
    public init() {}
}
