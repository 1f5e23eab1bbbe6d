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
        leadingTopics(contributions, vector, count: count, raisingOnly: raisingOnly)
            .map { reason(of: $0, categoryName: categoryName) }
    }

    /// Returns the topics that move a score most, strongest first.
    package func leadingTopics(_ vector: FeatureVector, count: Int, raisingOnly: Bool = true)
        -> [LeadingTopic]
    {
        leadingTopics(contributions(vector), vector, count: count, raisingOnly: raisingOnly)
    }

    private func leadingTopics(
        _ contributions: [Double], _ vector: FeatureVector, count: Int, raisingOnly: Bool
    ) -> [LeadingTopic] {
        let sums = termGroups.topicSums(contributions)
        // A closure that names `self` would copy the whole scorer at each comparison.
        let topics = termGroups.topics
        let ranked = sums.indices.filter { raisingOnly ? sums[$0] > 0 : sums[$0] != 0 }
            .sorted {
                let (left, right) = (sums[$0].magnitude, sums[$1].magnitude)
                return left != right ? left > right : topics[$0] < topics[$1]
            }
        let leads = termGroups.leads(contributions, topicSums: sums)
        return ranked.prefix(max(0, count)).map { topic in
            let values = termGroups.inputs(ofGroup: leads[topic]).map { input in
                phrases[input].isCategorical
                    ? vector.categories[input].rawValue : vector.numbers[input].bitPattern
            }
            return LeadingTopic(
                topic: topic, contribution: sums[topic], group: leads[topic], values: values)
        }
    }

    /// Returns a leading topic as a reason.
    package func reason(
        of lead: LeadingTopic, categoryName: @escaping (TextKey) -> String? = { _ in nil }
    ) -> Reason {
        let inputs = termGroups.inputs(ofGroup: lead.group)
        var vector = FeatureVector(count: phrases.count)
        for (input, value) in zip(inputs, lead.values) {
            if phrases[input].isCategorical {
                vector.categories[input] = TextKey(stored: value)
            } else {
                vector.numbers[input] = Double(bitPattern: value)
            }
        }
        let values = inputs.map { valueText($0, of: vector, categoryName: categoryName) }
        let second = inputs.count > 1 ? inputs[1] : nil
        return Reason(
            topic: termGroups.topics[lead.topic], contribution: lead.contribution,
            input: phrases[inputs[0]].name, value: values[0], secondInput: second.map { phrases[$0].name },
            secondValue: second == nil ? nil : values[1],
            sentence: zip(inputs, values).map { phrases[$0].text($1) }.joined(separator: " and "))
    }
}

/// A topic that moves a user's score, as places in the model: few bytes from which its ``Reason`` follows.
package struct LeadingTopic: Hashable, Sendable {
    /// The place of the topic among the model's.
    package var topic: Int
    /// The sum of the topic's terms, in log-odds.
    package var contribution: Double
    /// The place of the group of terms that contributes most.
    package var group: Int
    /// The values of the group's inputs: the bits of numbers, the keys of categories.
    package var values: [UInt64]

    /// Makes a leading topic.
    package init(topic: Int, contribution: Double, group: Int, values: [UInt64]) {
        self.topic = topic
        self.contribution = contribution
        self.group = group
        self.values = values
    }
}
