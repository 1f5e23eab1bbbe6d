public import LimpetEvents

/// One user's events in the series of a plan, with the features at any snapshot time from the events before
/// it.
public struct UserState: Sendable {
    /// The plan that defines the series.
    public let plan: FeaturePlan
    var times: [TimeSeries]
    var days: [DaySeries]
    var amounts: [AmountSeries]
    var categories: [CategorySeries]
    var sessions = SessionSeries()
    /// For each of the plan's conditions, whether the current event meets it.
    private var met: [Bool]
    /// The time of the last event, in milliseconds since 1970; nil before the first.
    public private(set) var lastTime: Int64?

    /// Makes a user without events.
    public init(plan: FeaturePlan) {
        self.plan = plan
        times = plan.timeFilters.map { _ in TimeSeries() }
        days = plan.dayFilters.map { _ in DaySeries() }
        amounts = plan.amountSources.map { _ in AmountSeries() }
        categories = plan.categorySources.map { _ in CategorySeries() }
        met = plan.conditions.map { _ in false }
    }

    /// Removes all events and keeps the memory for the next user.
    public mutating func removeAll() {
        for index in times.indices { times[index].removeAll() }
        for index in days.indices { days[index].removeAll() }
        for index in amounts.indices { amounts[index].removeAll() }
        for index in categories.indices { categories[index].removeAll() }
        sessions.removeAll()
        lastTime = nil
    }

    /// Adds the next event. Events must be in the order of their times; equal times in the order of arrival.
    public mutating func append(_ projection: borrowing EventProjection, dispatch: borrowing EventDispatch) {
        precondition(
            lastTime.map { $0 <= projection.time } ?? true, "events must come in the order of their times")
        lastTime = projection.time
        for condition in plan.conditions.indices {
            met[condition] = plan.conditions[condition].isMet(by: projection)
        }
        let targets = dispatch.targets.span
        for place in dispatch.times where takes(targets[place]) {
            times[targets[place].index].append(projection.time)
        }
        for place in dispatch.days where takes(targets[place]) {
            days[targets[place].index].append(projection.time, day: projection.day)
        }
        for place in dispatch.amounts where takes(targets[place]) {
            let series = targets[place].index
            let units = projection.amounts[plan.amountSources[series].slot]
            if units != NumberColumn.missing { amounts[series].append(projection.time, units: units) }
        }
        for place in dispatch.categories where takes(targets[place]) {
            let series = targets[place].index
            let slot = plan.categorySources[series].slot
            let key = slot < 0 ? projection.nameKey : projection.keys[slot]
            if key != 0 { categories[series].append(projection.time, key: key) }
        }
        if dispatch.extendsSession {
            sessions.append(projection.time, gap: plan.featureSet.sessionGap.milliseconds)
        }
    }

    private func takes(_ series: EventDispatch.Target) -> Bool {
        series.condition < 0 || met[series.condition]
    }

    /// Returns true if the user belongs to the population at `time`.
    public func isInPopulation(at time: Timestamp) -> Bool {
        let now = time.milliseconds
        guard times[plan.hasDoneSeries].count(from: nil, to: now) > 0 else { return false }
        if let series = plan.hasNotDoneSeries, times[series].count(from: nil, to: now) > 0 { return false }
        guard let window = plan.population.activeWithin else { return true }
        return times[plan.activitySeries].count(from: now - window.milliseconds, to: now) > 0
    }

    /// Returns the label at `time` for a log that ends at `dataUntil`; nil when the horizon passes that end.
    public func label(at time: Timestamp, dataUntil: Timestamp) -> Bool? {
        guard let label = plan.label, let series = plan.labelSeries else { return nil }
        let end = time + label.horizon
        guard end <= dataUntil else { return nil }
        let occurs = times[series].count(from: time.milliseconds, to: end.milliseconds) > 0
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

    /// Returns the features at `time`.
    public func features(at time: Timestamp) -> FeatureVector {
        var vector = FeatureVector(count: plan.evaluators.count)
        read(at: time, into: &vector)
        return vector
    }
}
