/// The sum of the contributions of one topic's terms to a row's log-odds.
public struct TopicContribution: Hashable, Sendable {
    /// The topic's index in ``FlatScorer/topics``.
    public var topic: Int
    /// The sum of its terms, in log-odds.
    public var contribution: Double

    /// Creates a contribution.
    public init(topic: Int, contribution: Double) {
        (self.topic, self.contribution) = (topic, contribution)
    }
}

extension FlatScorer {
    /// The distinct topics of the model's terms; features of one event over different windows have one topic.
    public var topics: [String] { scorer.termGroups.topics }

    /// Computes the contribution of each term to the log-odds of a row, in the order of the terms.
    ///
    /// - Parameters:
    ///   - row: ``width`` numbers.
    ///   - contributions: receives one number for each term.
    /// - Returns: the score.
    /// - Precondition: `row` has ``width`` numbers, and `contributions` has one for each term.
    @discardableResult
    public func contributions(
        _ row: Span<Double>, into contributions: inout MutableSpan<Double>
    ) -> Scorer.Score {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        let terms = form.topicOfTerm.count
        precondition(
            contributions.count == terms, "capacity for \(contributions.count) terms, expected \(terms)")
        let logOdds = unsafe contributions.withUnsafeMutableBufferPointer { capacity in
            unsafe form.logOdds(row, contributions: capacity.baseAddress)
        }
        return Scorer.Score(logOdds: logOdds, probability: form.calibrator.probability(logOdds))
    }

    /// Scores a row and finds the topics that move its score most, strongest first, without allocating.
    ///
    /// The sentences of topics are made by ``reasons(_:count:raisingOnly:)``, for the few users that somebody
    /// looks at.
    ///
    /// - Parameters:
    ///   - row: ``width`` numbers.
    ///   - raisingOnly: true to count only topics that raise the risk.
    ///   - strongest: receives the topics; its length is the maximum number of them.
    /// - Returns: the score, and the number of topics found.
    /// - Precondition: `row` has ``width`` numbers.
    public func strongestTopics(
        _ row: Span<Double>, raisingOnly: Bool = true, into strongest: inout MutableSpan<TopicContribution>
    ) -> (score: Scorer.Score, count: Int) {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        let (terms, topics) = (form.topicOfTerm.count, form.topicCount)
        return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: terms + topics + 1) {
            capacity in
            unsafe capacity.initialize(repeating: 0)
            let logOdds = unsafe form.logOdds(row, contributions: capacity.baseAddress)
            for term in 0..<terms { unsafe capacity[terms + form.topicOfTerm[term]] += capacity[term] }
            var count = 0
            for topic in 0..<topics {
                let found = unsafe TopicContribution(topic: topic, contribution: capacity[terms + topic])
                guard raisingOnly ? found.contribution > 0 : found.contribution != 0 else { continue }
                insert(found, into: &strongest, &count)
            }
            let score = Scorer.Score(logOdds: logOdds, probability: form.calibrator.probability(logOdds))
            return (score, count)
        }
    }

    /// Inserts a topic into the strongest, in descending order; ties are broken by name, as in reasons.
    private func insert(
        _ found: TopicContribution, into strongest: inout MutableSpan<TopicContribution>, _ count: inout Int
    ) {
        var place = count
        while place > 0, isStronger(found, strongest[place - 1]) {
            if place < strongest.count { strongest[place] = strongest[place - 1] }
            place -= 1
        }
        guard place < strongest.count else { return }
        strongest[place] = found
        count = min(count + 1, strongest.count)
    }

    private func isStronger(_ left: TopicContribution, _ right: TopicContribution) -> Bool {
        let (one, other) = (left.contribution.magnitude, right.contribution.magnitude)
        guard one == other else { return one > other }
        return scorer.termGroups.topics[left.topic] < scorer.termGroups.topics[right.topic]
    }
}
