public import LimpetEvents

/// One user's events, sorted into the tracks of a plan. Answers for any moment, looking only before it.
public struct UserState: Sendable {
    /// The plan that laid out the tracks.
    public let plan: FeaturePlan
    var times: [TimeTrack]
    var days: [DayTrack]
    var amounts: [AmountTrack]
    var categories: [CategoryTrack]
    var sessions = SessionTrack()
    /// Whether the event at hand meets each of the plan's conditions.
    private var met: [Bool]
    /// The time of the last event, in milliseconds since 1970; nil before the first.
    public private(set) var lastTime: Int64?

    /// A user without events.
    public init(plan: FeaturePlan) {
        self.plan = plan
        times = plan.timeFilters.map { _ in TimeTrack() }
        days = plan.dayFilters.map { _ in DayTrack() }
        amounts = plan.amountSources.map { _ in AmountTrack() }
        categories = plan.categorySources.map { _ in CategoryTrack() }
        met = plan.conditions.map { _ in false }
    }

    /// Forgets all events and keeps the memory for the next user.
    public mutating func removeAll() {
        for index in times.indices { times[index].removeAll() }
        for index in days.indices { days[index].removeAll() }
        for index in amounts.indices { amounts[index].removeAll() }
        for index in categories.indices { categories[index].removeAll() }
        sessions.removeAll()
        lastTime = nil
    }

    /// Adds the next event. Events come in the order of their times; equal times in the order of arrival.
    public mutating func append(_ sample: borrowing EventSample, route: borrowing EventRoute) {
        precondition(
            lastTime.map { $0 <= sample.time } ?? true, "events must come in the order of their times")
        lastTime = sample.time
        for condition in plan.conditions.indices {
            met[condition] = plan.conditions[condition].isMet(by: sample)
        }
        for track in route.timeTracks where takes(track) { times[track.index].append(sample.time) }
        for track in route.dayTracks where takes(track) {
            days[track.index].append(sample.time, day: sample.day)
        }
        for track in route.amountTracks where takes(track) {
            let units = sample.amounts[plan.amountSources[track.index].slot]
            if units != NumberColumn.missing { amounts[track.index].append(sample.time, units: units) }
        }
        for track in route.categoryTracks where takes(track) {
            let slot = plan.categorySources[track.index].slot
            let key = slot < 0 ? sample.nameKey : sample.keys[slot]
            if key != 0 { categories[track.index].append(sample.time, key: key) }
        }
        if route.extendsSession {
            sessions.append(sample.time, gap: plan.featureSet.sessionGap.milliseconds)
        }
    }

    private func takes(_ track: EventRoute.Track) -> Bool { track.condition < 0 || met[track.condition] }

    /// Whether the user belongs to the population at `time`.
    public func isInPopulation(at time: Timestamp) -> Bool {
        let now = time.milliseconds
        guard times[plan.hasDoneTrack].count(from: nil, to: now) > 0 else { return false }
        if let track = plan.hasNotDoneTrack, times[track].count(from: nil, to: now) > 0 { return false }
        guard let window = plan.population.activeWithin else { return true }
        return times[plan.activityTrack].count(from: now - window.milliseconds, to: now) > 0
    }

    /// The label at `time` if the log goes on until `dataUntil`; nil when the horizon passes that end.
    public func label(at time: Timestamp, dataUntil: Timestamp) -> Bool? {
        guard let label = plan.label, let track = plan.labelTrack else { return nil }
        let end = time + label.horizon
        guard end <= dataUntil else { return nil }
        let occurs = times[track].count(from: time.milliseconds, to: end.milliseconds) > 0
        return occurs == (label.kind == .event)
    }

    /// Writes the features at `time` into a vector of the plan's length.
    public func read(at time: Timestamp, into vector: inout FeatureVector) {
        for feature in plan.evaluators.indices { read(feature, at: time, into: &vector) }
    }

    /// Writes one feature at `time` into a vector of the plan's length.
    func read(_ feature: Int, at time: Timestamp, into vector: inout FeatureVector) {
        let evaluator = plan.evaluators[feature]
        if evaluator.isCategorical {
            vector.categories[feature] = evaluator.category(self, at: time.milliseconds)
        } else {
            vector.numbers[feature] = evaluator.number(self, at: time.milliseconds)
        }
    }

    /// The features at `time`.
    public func features(at time: Timestamp) -> FeatureVector {
        var vector = FeatureVector(count: plan.evaluators.count)
        read(at: time, into: &vector)
        return vector
    }
}
