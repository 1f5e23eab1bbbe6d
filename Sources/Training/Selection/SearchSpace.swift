public import LimpetDocuments
public import LimpetScoring

/// The values of settings that a search tries.
public struct SearchSpace: Sendable {
    /// Kinds of models.
    public var kinds: [Model.Kind]
    /// Learning rates of stumps.
    public var learningRates: [Double] = [0.1, 0.3, 0.05]
    /// The largest numbers of bins of an input.
    public var maximumBins: [Int] = [255, 63]
    /// The smallest numbers of users on each side of a split.
    public var minimumUsers: [Double] = [20, 100]
    /// The numbers of terms over two inputs.
    public var pairs: [PairSettings.Count] = [.exactly(0), .chosen(atMost: 100)]
    /// L2 penalties on a step.
    public var stepL2: [Double] = [10, 1]
    /// Numbers of fits to users drawn with replacement; several take as many times as long.
    public var bags: [Int] = [1]
    /// Shares of L1 in the penalty of logistic regression; nil for the path of L2 penalties.
    public var l1Ratios: [Double?] = [nil, 0, 0.5, 1]

    /// Makes the default values for the given kinds. The first value of each list is where a search begins.
    public init(kinds: [Model.Kind]) {
        self.kinds = kinds
    }

    /// The points that a training tries where no kind of model is given: each kind as it is, then with pairs,
    /// at the first values of all other settings.
    package var candidates: [SearchPoint] {
        let plain = kinds.map { kind in
            var point = SearchPoint(kind: kind)
            guard kind != .logistic else {
                point.l1Ratio = l1Ratios.first ?? nil
                return point
            }
            (point.learningRate, point.maximumBins) = (learningRates.first, maximumBins.first)
            (point.minimumUsers, point.stepL2) = (minimumUsers.first, stepL2.first)
            point.pairs = pairs.first
            if bags.count > 1 { point.bags = bags.first }
            return point
        }
        guard let count = pairs.dropFirst().first else { return plain }
        return plain
            + plain.filter { $0.kind != .logistic }.map { point in
                var point = point
                point.pairs = count
                return point
            }
    }

    /// Returns all points: the candidates, then the others sorted by the number of settings that differ from
    /// the first values, alternating between kinds.
    package func points() -> [SearchPoint] {
        let first = candidates
        let known = Set(first)
        return first + varied().filter { !known.contains($0) }
    }

    private func varied() -> [SearchPoint] {
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
            if bags.count > 1 { vary(bags) { $0.bags = $1 } }
        }
        // The logistic model of a blend chooses its penalty by its own path: combining each share of L1 with
        // each setting of stumps would take long and tell little.
        if kind == .logistic { vary(l1Ratios) { $0.l1Ratio = $1 } }
        return points
    }
}

/// One combination of settings; nil keeps the value of the training's settings.
public struct SearchPoint: Hashable, Sendable {
    /// The kind of model.
    public var kind: Model.Kind
    /// The learning rate of stumps.
    public var learningRate: Double?
    /// The largest number of bins of an input.
    public var maximumBins: Int?
    /// The smallest number of users on each side of a split.
    public var minimumUsers: Double?
    /// The number of terms over two inputs.
    public var pairs: PairSettings.Count?
    /// The L2 penalty on a step.
    public var stepL2: Double?
    /// The number of fits to users drawn with replacement.
    public var bags: Int?
    /// The share of L1; nil keeps the training's penalty.
    public var l1Ratio: Double?

    /// Makes a point that changes only the kind.
    public init(kind: Model.Kind) {
        self.kind = kind
    }

    /// Returns the settings changed to this point.
    public func applied(to settings: TrainingSettings) -> TrainingSettings {
        var settings = settings
        settings.kind = kind
        settings.stumps.learningRate = learningRate ?? settings.stumps.learningRate
        settings.stumps.maximumBins = maximumBins ?? settings.stumps.maximumBins
        settings.stumps.minimumUsers = minimumUsers ?? settings.stumps.minimumUsers
        settings.stumps.pairs.count = pairs ?? settings.stumps.pairs.count
        settings.stumps.l2 = stepL2 ?? settings.stumps.l2
        settings.stumps.bags = bags ?? settings.stumps.bags
        if let l1Ratio { settings.logistic.elasticNet = ElasticNet(l1Ratio: l1Ratio) }
        return settings
    }

    /// The complexity of the model: of two lists, the one that is lexicographically smaller belongs to the
    /// simpler model. The learning rate does not count.
    package var complexity: [Double] {
        let kindRank: Double = kind == .logistic ? 0 : kind == .stumps ? 1 : 2
        let pairRank: Double =
            switch pairs {
            case nil, .exactly(0): 0
            case .exactly(let count), .chosen(let count): Double(count)
            }
        return [
            kindRank, pairRank, -(minimumUsers ?? 0), -(stepL2 ?? 0), Double(maximumBins ?? 0),
            -(l1Ratio ?? 0), Double(bags ?? 1),
        ]
    }

    /// The settings by name, without those that keep their value.
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
        add("bags", bags.flatMap { $0 > 1 ? .number($0) : nil })
        add("l1Ratio", l1Ratio.map { .number($0) })
        return .object(members)
    }
}
