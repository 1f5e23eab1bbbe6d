/// The settings of terms over two inputs, which are fitted after those over one.
public struct PairSettings: Hashable, Sendable {
    /// A number of pairs, given or chosen.
    public enum Count: Hashable, Sendable {
        /// The given number of pairs.
        case exactly(Int)
        /// The number of pairs with the best metric on held-out rows, up to a limit.
        case chosen(atMost: Int)
    }

    /// The number of pairs; none by default.
    public var count = Count.exactly(0)
    /// The lists to choose from.
    public var lists = PairList.ranked
    /// The pairs that are fitted where ``lists`` holds ``PairList/named``.
    public var named: [InputPair] = []
    /// The pairs that are not fitted.
    public var forbidden: Set<InputPair> = []
    /// The factor by which each boosting step is scaled.
    public var learningRate = 0.2
    /// The largest number of boosting rounds for each pair.
    public var roundsPerPair = 100
    /// The largest number of bins of an input in a pair, the one of missing values included.
    public var maximumBins = 32
    /// The L2 penalty on a step, in units of the Hessian.
    public var l2 = 1.0
    /// The inputs that may be in no pair, by number.
    public var excluded: Set<Int> = []
    /// The bins that inputs have in the finished tables, by number, where these are more than those of the
    /// axis: a category that is learnt as rates has one for each level.
    var finishedBins: [Int: Int] = [:]
    /// The smallest Hessian of a quadrant that gets its own step.
    public var minimumHessian = 5.0

    /// The seed of all draws.
    public var seed: UInt64 = 1

    /// Makes the default settings.
    public init() {}

    /// The largest number of pairs.
    var most: Int {
        switch count {
        case .exactly(let count): count
        case .chosen(let most): most
        }
    }

    /// The candidate numbers of pairs, 0 for none.
    var candidates: [Int] {
        switch count {
        case .exactly(let count): return [count]
        case .chosen(let most): return [0, 5, 10, 30, 60].filter { $0 < most } + [most]
        }
    }
}
