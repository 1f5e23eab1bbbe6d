public import LimpetEvents
public import LimpetFeatures

/// Why a user's score changed between two moments: what time alone did, what each event did, and which topics moved.
///
/// First the later moment is looked at as if nothing had happened since the earlier one: windows slide and the last
/// event grows older. Then the events are added in the order of their times, and each has the effect that the score at
/// the later moment changes by when it comes. Effects therefore depend on this order, as they must where events repeat
/// each other, and with the passing of time they add up to the whole change, but for rounding.
public struct ScoreChange: Sendable {
    /// The score at the earlier moment, of the events before it.
    public var before: Scorer.Score
    /// The score at the later moment, of the events before it.
    public var after: Scorer.Score
    /// What the passing of time alone did to the log-odds.
    public var passingOfTime: Double
    /// The events in between, in the order of their times, and what each did.
    public var effects: [EventEffect]
    /// What each topic's terms add at both moments, what moved most first.
    public var topics: [TopicMovement]

    /// What one event did to the log-odds.
    public struct EventEffect: Hashable, Sendable {
        /// The event.
        public var event: Event
        /// By how much the log-odds at the later moment changed when it came.
        public var effect: Double
    }

    /// What the terms of one topic add at two moments.
    public struct TopicMovement: Hashable, Sendable {
        /// The topic, e.g. `purchase`.
        public var topic: String
        /// What they added to the log-odds at the earlier moment.
        public var before: Double
        /// What they add at the later one.
        public var after: Double
        /// By how much that changed.
        public var change: Double { after - before }
    }

    /// The change of the log-odds.
    public var change: Double { after.logOdds - before.logOdds }
}

extension Scorer {
    /// Why the score of a user changed between two moments.
    ///
    /// - Parameters:
    ///   - events: the user's events, in any order; those from the later moment on do not count.
    ///   - plan: the plan of the model's features, see ``Model/plan(zone:)``.
    ///   - moments: the earlier and the later moment.
    public func change(
        of events: [Event], plan: FeaturePlan, between moments: ClosedRange<Timestamp>
    ) -> ScoreChange {
        let sorted = events.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        .map(\.element)
        var history = LiveHistory(plan: plan)
        for event in sorted.prefix(while: { $0.time < moments.lowerBound }) { history.append(event) }
        let first = history.features(at: moments.lowerBound)
        var last = history.features(at: moments.upperBound)
        let before = score(first)
        var logOdds = score(last).logOdds
        let passingOfTime = logOdds - before.logOdds
        var effects: [ScoreChange.EventEffect] = []
        for event in sorted where event.time >= moments.lowerBound && event.time < moments.upperBound {
            history.append(event)
            last = history.features(at: moments.upperBound)
            let next = score(last).logOdds
            effects.append(ScoreChange.EventEffect(event: event, effect: next - logOdds))
            logOdds = next
        }
        return ScoreChange(
            before: before, after: score(last), passingOfTime: passingOfTime, effects: effects,
            topics: movements(first, last))
    }

    private func movements(_ first: FeatureVector, _ last: FeatureVector) -> [ScoreChange.TopicMovement] {
        let (before, after) = (
            termGroups.topicSums(contributions(first)), termGroups.topicSums(contributions(last))
        )
        return termGroups.topics.indices.map {
            ScoreChange.TopicMovement(topic: termGroups.topics[$0], before: before[$0], after: after[$0])
        }.sorted { ($1.change.magnitude, $0.topic) < ($0.change.magnitude, $1.topic) }
    }
}
