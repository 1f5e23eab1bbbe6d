public import LimpetEvents
public import LimpetFeatures

/// One topic that moves a user's score away from the average user's, with all its terms together.
public struct Reason: Hashable, Sendable {
    /// The topic of the terms, e.g. `purchase`; for pairs of inputs of two topics `activity × purchase`.
    public var topic: String
    /// The sum of the terms, in log-odds.
    public var contribution: Double
    /// The input whose terms contribute most among them; the first one where that is a pair.
    public var input: String
    /// The input's value as text; nil when missing.
    public var value: String?
    /// The pair's second input; nil where one input alone contributes most.
    public var secondInput: String?
    /// The second input's value as text; nil when missing.
    public var secondValue: String?
    /// A sentence that a person can read.
    public var sentence: String
}

extension Scorer {
    /// Returns the strongest reasons of a score, one for each topic, strongest first.
    ///
    /// - Parameters:
    ///   - count: the maximum number of reasons.
    ///   - raisingOnly: true, the default, to count only topics that raise the risk.
    ///   - categoryName: returns the text of a category's key, for the sentences.
    public func reasons(
        _ vector: FeatureVector, count: Int, raisingOnly: Bool = true,
        categoryName: @escaping (TextKey) -> String? = { _ in nil }
    ) -> [Reason] {
        reasons(
            contributions(vector), vector, count: count, raisingOnly: raisingOnly, categoryName: categoryName)
    }

    /// The strongest reasons of a row whose contributions are known.
    func reasons(
        _ contributions: [Double], _ vector: FeatureVector, count: Int, raisingOnly: Bool,
        categoryName: @escaping (TextKey) -> String?
    ) -> [Reason] {
        let sums = termGroups.topicSums(contributions)
        // A closure that names `self` would copy the whole scorer at each comparison.
        let topics = termGroups.topics
        let ranked = sums.indices.filter { raisingOnly ? sums[$0] > 0 : sums[$0] != 0 }
            .sorted {
                let (left, right) = (sums[$0].magnitude, sums[$1].magnitude)
                return left != right ? left > right : topics[$0] < topics[$1]
            }
        let leads = termGroups.leads(contributions, topicSums: sums)
        var reasons: [Reason] = []
        for topic in ranked.prefix(max(0, count)) {
            let inputs = termGroups.inputs(ofGroup: leads[topic])
            let values = inputs.map { valueText($0, of: vector, categoryName: categoryName) }
            let second = inputs.count > 1 ? inputs[1] : nil
            reasons.append(
                Reason(
                    topic: topics[topic], contribution: sums[topic], input: phrases[inputs[0]].name,
                    value: values[0], secondInput: second.map { phrases[$0].name },
                    secondValue: second == nil ? nil : values[1],
                    sentence: zip(inputs, values).map { phrases[$0].text($1) }.joined(separator: " and ")))
        }
        return reasons
    }
}
