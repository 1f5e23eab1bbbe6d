public import LimpetEvents

/// A reader of features from live states, with working memory; for use on one thread.
public final class LiveReader {
    /// The shared data of the states that it reads.
    public let features: LiveFeatures
    private var slicePlan: SlicePlan
    private var windows: WindowReader
    /// The number of event classes in the slice plan.
    private var knownClasses: Int
    private var eventState: UserState

    /// Makes a reader of the states of a plan.
    public init(_ features: LiveFeatures) {
        self.features = features
        let classes = features.known
        knownClasses = classes.count
        slicePlan = Self.plan(features, classes)
        windows = WindowReader(features.plan, slicePlan)
        eventState = UserState(plan: features.plan)
    }

    private static func plan(_ features: LiveFeatures, _ classes: [EventClass]) -> SlicePlan {
        SlicePlan(
            features.plan, snapshotTimes: [Timestamp(milliseconds: 0)], dispatches: classes.map(\.dispatch))
    }

    /// Writes the features of a state at `time`, of the events before it, into a vector of the plan's length.
    ///
    /// - Returns: true if the user belongs to the population at `time`.
    @discardableResult
    public func read(_ state: borrowing LiveState, at time: Timestamp, into vector: inout FeatureVector)
        -> Bool
    {
        precondition(state.features === features, "a reader reads the states that share its features")
        if let long = state.longState.first {
            long.read(at: time, into: &vector)
            return long.isInPopulation(at: time)
        }
        learnClasses()
        windows.run(state.journal, at: time.milliseconds)
        let isIn = windows.isInPopulation(0)
        if windows.needsAllEvents {
            state.load(into: &eventState)
            eventState.read(at: time, into: &vector)
            return isIn
        }
        windows.write(now: time.milliseconds, into: &vector.numbers)
        if !slicePlan.general.isEmpty {
            state.load(into: &eventState)
            for feature in slicePlan.general { eventState.read(feature, at: time, into: &vector) }
        }
        return isIn
    }

    /// Returns the features of a state at `time`.
    public func features(of state: borrowing LiveState, at time: Timestamp) -> FeatureVector {
        var vector = FeatureVector(count: features.plan.evaluators.count)
        read(state, at: time, into: &vector)
        return vector
    }

    /// Rebuilds the slice plan when new event classes have been seen.
    private func learnClasses() {
        guard features.classCount != knownClasses else { return }
        let classes = features.known
        knownClasses = classes.count
        slicePlan = Self.plan(features, classes)
        windows = WindowReader(features.plan, slicePlan)
    }
}
