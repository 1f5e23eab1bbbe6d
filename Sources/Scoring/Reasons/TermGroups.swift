package import LimpetDocuments
import LimpetFeatures

/// The terms of a model, grouped by inputs and by topic.
///
/// Terms of the same inputs, e.g. a line and a step function of one input, are one group, and the groups of
/// one topic are one reason.
struct TermGroups: Sendable {
    /// The topics, in the order in which they first occur among the terms.
    private(set) var topics: [String] = []
    /// The inputs of each group: one, or both inputs of a pair.
    private var inputs: [[Int]] = []
    private var topicOfGroup: [Int] = []
    private var groupOfTerm: [Int] = []

    init(_ model: Model) {
        var topicIndices: VerbatimDictionary<Int> = [:]
        var groupIndices: [[Int]: Int] = [:]
        for term in model.terms {
            let inputs = term.inputs.sorted()
            let group = groupIndices[inputs] ?? self.inputs.count
            if group == self.inputs.count {
                let name = Self.topic(of: inputs, model: model)
                let topic = topicIndices[name] ?? topics.count
                if topic == topics.count { topics.append(name) }
                topicIndices[name] = topic
                groupIndices[inputs] = group
                self.inputs.append(inputs)
                topicOfGroup.append(topic)
            }
            groupOfTerm.append(group)
        }
    }

    /// The topic of each term.
    var topicOfTerm: [Int] { groupOfTerm.map { topicOfGroup[$0] } }

    /// Returns the topic of a group: a pair of inputs of one topic belongs to it, a pair of two topics has a
    /// topic of its own.
    private static func topic(of inputs: [Int], model: Model) -> String {
        let names = inputs.map { model.featureSet?.features[$0].topic ?? model.inputs[$0].name }
        return names.count == 1 ? names[0] : VerbatimSet(names).sorted().joined(separator: " × ")
    }

    /// Returns the sum of the contributions of each topic's terms.
    func topicSums(_ contributions: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: topics.count)
        for (group, contribution) in zip(groupOfTerm, contributions) {
            sums[topicOfGroup[group]] += contribution
        }
        return sums
    }

    /// Returns the inputs of a group: one, or both of a pair.
    func inputs(ofGroup group: Int) -> [Int] { inputs[group] }

    /// Returns the group that contributes most to each topic, in the direction of the whole topic, so that
    /// its phrase does not contradict it.
    func leads(_ contributions: [Double], topicSums: [Double]) -> [Int] {
        var weights = [Double](repeating: 0, count: inputs.count)
        for (group, contribution) in zip(groupOfTerm, contributions) { weights[group] += contribution }
        var leads = [Int](repeating: -1, count: topics.count)
        var most = [Double](repeating: 0, count: topics.count)
        for (group, topic) in topicOfGroup.enumerated() {
            let weight = topicSums[topic] > 0 ? weights[group] : -weights[group]
            guard leads[topic] < 0 || weight > most[topic] else { continue }
            (leads[topic], most[topic]) = (group, weight)
        }
        return leads
    }
}

extension Term {
    /// Returns the levels that the term knows of an input.
    package func levelNames(of input: Int) -> [String] {
        switch shape {
        case .levels(let levels): self.input == input ? levels.names : []
        case .grid(let grid):
            self.input == input ? grid.rows.levelNames : grid.second == input ? grid.columns.levelNames : []
        case .line, .curve, .steps: []
        }
    }
}

extension Term.Axis {
    fileprivate var levelNames: [String] {
        if case .levels(let names) = self { names } else { [] }
    }
}
