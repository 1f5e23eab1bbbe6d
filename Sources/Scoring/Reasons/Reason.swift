public import LimpetEvents
public import LimpetFeatures

/// One thing that moves a user's score away from the average user's: all terms about one subject together.
public struct Reason: Hashable, Sendable {
    /// What the terms are about, e.g. `purchase`; of pairs about two subjects `activity × purchase`.
    public var topic: String
    /// What they add to the log-odds together.
    public var contribution: Double
    /// The input whose terms weigh most among them; the first one where that is a pair.
    public var input: String
    /// That input's value as text; nil when missing.
    public var value: String?
    /// The pair's second input; nil where one input alone weighs most.
    public var secondInput: String?
    /// The second input's value as text; nil when missing.
    public var secondValue: String?
    /// A sentence that a person can read.
    public var sentence: String
}

extension Scorer {
    /// The strongest reasons, grouped by subject, strongest first.
    ///
    /// - Parameters:
    ///   - count: how many at most.
    ///   - raisingOnly: whether only subjects that raise the risk count, the default.
    ///   - categoryName: the text of a category's key, for the sentences.
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
        let ranked = sums.indices.filter { raisingOnly ? sums[$0] > 0 : sums[$0] != 0 }
            .sorted {
                let (left, right) = (sums[$0].magnitude, sums[$1].magnitude)
                return left != right ? left > right : termGroups.topics[$0] < termGroups.topics[$1]
            }
        let leads = termGroups.leads(contributions, topicSums: sums)
        return ranked.prefix(max(0, count)).map { topic in
            let sentences = leads[topic].map {
                Sentence(model: model, input: $0, vector: vector, categoryName: categoryName)
            }
            return Reason(
                topic: termGroups.topics[topic], contribution: sums[topic], lead: sentences)
        }
    }
}

extension Reason {
    /// - Parameter lead: a sentence for each input of the term that weighs most.
    fileprivate init(topic: String, contribution: Double, lead: [Sentence]) {
        let second = lead.count > 1 ? lead[1] : nil
        self.init(
            topic: topic, contribution: contribution, input: lead[0].name, value: lead[0].valueText,
            secondInput: second?.name, secondValue: second?.valueText,
            sentence: lead.map(\.text).joined(separator: " and "))
    }
}
