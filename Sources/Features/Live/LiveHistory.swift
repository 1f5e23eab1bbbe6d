public import LimpetEvents

/// A user's events as they arrive one by one, with the features that follow from them.
///
///     var history = LiveHistory(plan: plan)
///     history.append(event)
///     let vector = history.features(at: time)
///
/// A late event is inserted in the order of time; the state is then rebuilt from the history, so that it
/// equals that of batch extraction.
public struct LiveHistory: Sendable {
    /// The user's events by time; equal times in the order of arrival.
    public private(set) var events: [Event] = []
    private var state: UserState
    private var projection: EventProjection
    /// True when `state` contains all `events`; false after a late event, until ``settle()``.
    private var isSettled = true
    /// The number of times the state was rebuilt.
    package private(set) var settlements = 0

    /// Makes a user without events.
    public init(plan: FeaturePlan) {
        state = UserState(plan: plan)
        projection = EventProjection(plan: plan)
    }

    /// Adds an event. Amounts that are not decimal numbers are missing; intake has rejected them before.
    public mutating func append(_ event: Event) {
        let isLate = events.last.map { event.time < $0.time } ?? false
        if isLate {
            events.insert(event, at: events.partitioningIndex { $0.time > event.time })
            isSettled = false
        } else {
            events.append(event)
            if isSettled { absorb(event) }
        }
    }

    /// Rebuilds the state after late events, once for all of them; otherwise each read does so on a copy.
    public mutating func settle() {
        guard !isSettled else { return }
        state.removeAll()
        for event in events { absorb(event) }
        isSettled = true
        settlements += 1
    }

    private var settled: LiveHistory {
        var copy = self
        copy.settle()
        return copy
    }

    private mutating func absorb(_ event: Event) {
        let dispatch = state.plan.dispatches.dispatch(for: event.name, in: state.plan)
        projection.project(event, onto: state.plan, nameKey: dispatch.nameKey)
        state.append(projection, dispatch: dispatch)
    }

    /// Returns true if the user belongs to the population at `time`.
    public func isInPopulation(at time: Timestamp) -> Bool {
        isSettled ? state.isInPopulation(at: time) : settled.isInPopulation(at: time)
    }

    /// Returns the features at `time`, of the events before it.
    public func features(at time: Timestamp) -> FeatureVector {
        isSettled ? state.features(at: time) : settled.features(at: time)
    }
}
