public import LimpetDocuments
public import LimpetScoring

/// The settings that a search tries.
public struct SearchSpace: Sendable {
    /// Kinds of models.
    public var kinds: [Model.Kind]
    /// Learning rates of stumps.
    public var learningRates: [Double] = [0.1, 0.3, 0.05]
    /// The most bins of an input.
    public var maximumBins: [Int] = [255, 63]
    /// The fewest users on each side of a split.
    public var minimumUsers: [Double] = [20, 100]
    /// Terms over two inputs.
    public var pairs: [PairSettings.Count] = [.exactly(0), .chosen(atMost: 30)]
    /// L2 penalties on a step.
    public var stepL2: [Double] = [1, 10]
    /// Shares of L1 of the penalty of logistic regression; nil is the path of L2 penalties.
    public var l1Ratios: [Double?] = [nil, 0, 0.5, 1]

    /// The defaults for some kinds. The first value of each list is where a search begins.
    public init(kinds: [Model.Kind]) {
        self.kinds = kinds
    }

    /// All points, those that differ from the first values in fewer settings first, each kind in turn.
    package func points() -> [SearchPoint] {
        let lists = kinds.map { kind in
            points(kind).enumerated().sorted {
                ($0.element.changes, $0.offset) < ($1.element.changes, $1.offset)
            }
            .map(\.element.point)
        }
        let longest = lists.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in lists.compactMap { place < $0.count ? $0[place] : nil } }
    }

    private func points(_ kind: Model.Kind) -> [(point: SearchPoint, changes: Int)] {
        var points = [(point: SearchPoint(kind: kind), changes: 0)]
        func vary<Value>(_ values: [Value], _ set: (inout SearchPoint, Value) -> Void) {
            points = points.flatMap { base in
                values.enumerated().map { place, value in
                    var next = base
                    set(&next.point, value)
                    if place > 0 { next.changes += 1 }
                    return next
                }
            }
        }
        if kind != .logistic {
            vary(learningRates) { $0.learningRate = $1 }
            vary(pairs) { $0.pairs = $1 }
            vary(minimumUsers) { $0.minimumUsers = $1 }
            vary(stepL2) { $0.stepL2 = $1 }
            vary(maximumBins) { $0.maximumBins = $1 }
        }
        // A blend's line is chosen by its own path: trying each share of L1 with each setting of stumps would say
        // little for its time.
        if kind == .logistic { vary(l1Ratios) { $0.l1Ratio = $1 } }
        return points
    }
}

/// One combination of settings; nil leaves what the training says.
public struct SearchPoint: Hashable, Sendable {
    /// What is trained.
    public var kind: Model.Kind
    /// The learning rate of stumps.
    public var learningRate: Double?
    /// The most bins of an input.
    public var maximumBins: Int?
    /// The fewest users on each side of a split.
    public var minimumUsers: Double?
    /// Terms over two inputs.
    public var pairs: PairSettings.Count?
    /// The L2 penalty on a step.
    public var stepL2: Double?
    /// The share of L1; nil leaves the penalty.
    public var l1Ratio: Double?

    /// A point that changes nothing but the kind.
    public init(kind: Model.Kind) {
        self.kind = kind
    }

    /// The settings at this point.
    public func applied(to settings: TrainingSettings) -> TrainingSettings {
        var settings = settings
        settings.kind = kind
        settings.stumps.learningRate = learningRate ?? settings.stumps.learningRate
        settings.stumps.maximumBins = maximumBins ?? settings.stumps.maximumBins
        settings.stumps.minimumUsers = minimumUsers ?? settings.stumps.minimumUsers
        settings.stumps.pairs.count = pairs ?? settings.stumps.pairs.count
        settings.stumps.l2 = stepL2 ?? settings.stumps.l2
        if let l1Ratio { settings.logistic.elasticNet = ElasticNet(l1Ratio: l1Ratio) }
        return settings
    }

    /// How much freedom the model has; of two lists the one that comes first in the order of the alphabet is the
    /// simpler model. The learning rate is no matter of freedom.
    package var complexity: [Double] {
        let kindRank: Double = kind == .logistic ? 0 : kind == .stumps ? 1 : 2
        let pairRank: Double =
            switch pairs {
            case nil, .exactly(0): 0
            case .exactly(let count), .chosen(let count): Double(count)
            }
        return [
            kindRank, pairRank, -(minimumUsers ?? 0), -(stepL2 ?? 0), Double(maximumBins ?? 0),
            -(l1Ratio ?? 0),
        ]
    }

    /// The settings by name, without those that are left.
    public var document: JSON {
        var members = [JSONMember(name: "model", value: .string(kind.rawValue))]
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSONMember(name: name, value: value)) }
        }
        add("learningRate", learningRate.map { .number($0) })
        add("bins", maximumBins.map { .number($0) })
        add("minimumUsers", minimumUsers.map { .number($0) })
        switch pairs {
        case .exactly(let count)?: add("pairs", .number(count))
        case .chosen(let most)?: add("pairs", .string("auto:\(most)"))
        case nil: break
        }
        add("stepL2", stepL2.map { .number($0) })
        add("l1Ratio", l1Ratio.map { .number($0) })
        return .object(members)
    }
}
