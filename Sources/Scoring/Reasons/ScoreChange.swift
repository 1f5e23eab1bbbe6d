public import LimpetEvents
public import LimpetFeatures

/// The change of a user's score between two as-of times: the effects of time alone, of each event, and of
/// each topic.
///
/// The score at the later time is first computed as if nothing had happened since the earlier one: windows
/// slide and the last event grows older. Then the events are added in the order of their times, and the
/// effect of each is the change of the score at the later time when it is added. Effects therefore depend on
/// this order, as they must where events repeat each other, and together with the passing of time they add up
/// to the whole change, up to rounding.
public struct ScoreChange: Sendable {
    /// The score at the earlier time, of the events before it.
    public var before: Scorer.Score
    /// The score at the later time, of the events before it.
    public var after: Scorer.Score
    /// The effect of the passing of time alone on the log-odds.
    public var passingOfTime: Double
    /// The events between the two times, in ascending order of their times, with the effect of each.
    public var effects: [EventEffect]
    /// The contribution of each topic at both times, in descending order of the size of its change.
    public var topics: [TopicMovement]

    /// The effect of one event on the log-odds.
    public struct EventEffect: Hashable, Sendable {
        /// The event.
        public var event: Event
        /// The change of the log-odds at the later time when the event is added.
        public var effect: Double
    }

    /// The contributions of one topic at two as-of times.
    public struct TopicMovement: Hashable, Sendable {
        /// The topic, e.g. `purchase`.
        public var topic: String
        /// The sum of its terms at the earlier time, in log-odds.
        public var before: Double
        /// The sum of its terms at the later time, in log-odds.
        public var after: Double
        /// The difference of the two.
        public var change: Double { after - before }
    }

    /// The change of the log-odds.
    public var change: Double { after.logOdds - before.logOdds }
}

extension Scorer {
    /// Explains the change of a user's score between two as-of times.
    ///
    /// - Parameters:
    ///   - events: the user's events, in any order; those at or after the later time are ignored.
    ///   - plan: the plan of the model's features, see ``Model/plan(zone:)``.
    ///   - times: the earlier and the later as-of time.
    public func change(
        of events: [Event], plan: FeaturePlan, between times: ClosedRange<Timestamp>
    ) -> ScoreChange {
        let sorted = events.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        .map(\.element)
        var history = LiveHistory(plan: plan)
        for event in sorted.prefix(while: { $0.time < times.lowerBound }) { history.append(event) }
        let first = history.features(at: times.lowerBound)
        var last = history.features(at: times.upperBound)
        let before = score(first)
        var logOdds = score(last).logOdds
        let passingOfTime = logOdds - before.logOdds
        var effects: [ScoreChange.EventEffect] = []
        for event in sorted where event.time >= times.lowerBound && event.time < times.upperBound {
            history.append(event)
            last = history.features(at: times.upperBound)
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
