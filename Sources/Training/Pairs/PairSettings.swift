/// How terms over two inputs are found and fitted, after those over one.
public struct PairSettings: Hashable, Sendable {
    /// How many there are.
    public enum Count: Hashable, Sendable {
        /// So many.
        case exactly(Int)
        /// As many as held-out rows speak for, up to a most.
        case chosen(atMost: Int)
    }

    /// How many pairs; none by default.
    public var count = Count.exactly(0)
    /// The part of each boosting step that is taken.
    public var learningRate = 0.1
    /// The most rounds of boosting for each pair.
    public var roundsPerPair = 100
    /// The most bins of an input in a pair, the one of missing values included.
    public var maximumBins = 32
    /// The L2 penalty on a step, in units of the Hessian.
    public var l2 = 1.0
    /// Inputs that are in no pair, by number.
    public var excluded: Set<Int> = []
    /// The least Hessian of a quadrant that is given a step of its own.
    public var minimumHessian = 5.0

    /// The defaults.
    public init() {}

    /// The most pairs that there may be.
    var most: Int {
        switch count {
        case .exactly(let count): count
        case .chosen(let most): most
        }
    }

    /// The numbers of pairs to choose from.
    var candidates: [Int] {
        switch count {
        case .exactly(let count): return [count]
        case .chosen(let most):
            return [0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80].filter { $0 < most } + [most]
        }
    }
}
