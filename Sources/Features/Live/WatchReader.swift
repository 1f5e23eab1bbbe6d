package import LimpetEvents

/// A reader of the watched series of live states, with working memory; for use on one thread.
///
/// A series holds the ascending times of the events that pass a filter of the plan's ``WatchList``. Of a
/// short history it is found in one pass over the packed events; a long one keeps it.
package final class WatchReader {
    /// The shared data of the states that it reads.
    package let features: LiveFeatures
    private var classes: [WatchTargets] = []
    private var projection: EventProjection
    private var met: [Bool]
    private var times: [TimeSeries]
    private var texts: [TextSeries]
    private var own = TimeSeries()
    private var long: UserState?

    /// The keys of a property's texts, with the times of the events that carry one.
    private struct TextSeries {
        var times = TimeSeries()
        var keys: [UInt64] = []

        mutating func removeAll() {
            times.removeAll()
            keys.removeAll(keepingCapacity: true)
        }
    }

    /// Makes a reader of the states of a plan.
    package init(_ features: LiveFeatures) {
        self.features = features
        projection = EventProjection(plan: features.plan)
        met = features.plan.conditions.map { _ in false }
        times = features.plan.watchedTimes.map { _ in TimeSeries() }
        texts = features.plan.watchedTexts.map { _ in TextSeries() }
    }

    // MARK: The current event

    /// Returns the places of the filters of the watch list that an event passes, ascending.
    package func filters(passedBy event: Event) -> [Int] {
        let targets = targets(ofCode: features.code(of: event.name))
        guard !targets.times.isEmpty else { return [] }
        if targets.hasConditions {
            projection.project(event, onto: features.plan, nameKey: 0)
            meet()
        }
        return targets.times.filter { $0.condition < 0 || met[$0.condition] }.map(\.index)
    }

    private func targets(ofCode code: Int) -> WatchTargets {
        while classes.count <= code {
            classes.append(WatchTargets(features.known[classes.count].dispatch, plan: features.plan))
        }
        return classes[code]
    }

    private func meet() {
        for condition in met.indices {
            met[condition] = features.plan.conditions[condition].isMet(by: projection)
        }
    }

    // MARK: A history

    /// Reads the series of a state, which the following questions are about.
    package func read(_ state: borrowing LiveState) {
        precondition(state.features === features, "a reader reads the states that share its features")
        long = state.longState.first
        guard long == nil else { return }
        for place in times.indices { times[place].removeAll() }
        for place in texts.indices { texts[place].removeAll() }
        own.removeAll()
        let journal = state.journal
        journal.forEach { record in
            let targets = targets(ofCode: record.code)
            if targets.isOwn { own.append(record.time) }
            if targets.isEmpty { return true }
            if targets.hasConditions || !targets.texts.isEmpty {
                features.project(&projection, time: record.time, zoneOffset: record.zoneOffset) {
                    journal.value(record, slot: $0)
                }
                meet()
            }
            take(record.time, targets)
            return true
        }
    }

    private func take(_ time: Int64, _ targets: WatchTargets) {
        for target in targets.times where target.condition < 0 || met[target.condition] {
            times[target.index].append(time)
        }
        for target in targets.texts where target.condition < 0 || met[target.condition] {
            let slot = features.plan.categorySources[features.plan.watchedTexts[target.index]].slot
            let key = slot < 0 ? projection.nameKey : projection.keys[slot]
            guard key != 0 else { continue }
            texts[target.index].times.append(time)
            texts[target.index].keys.append(key)
        }
    }

    /// Lets go of the state that was read, so that it can change without a copy.
    package func release() { long = nil }

    private func series(_ filter: Int) -> TimeSeries {
        long?.times[features.plan.watchedTimes[filter]] ?? times[filter]
    }

    /// The times of the user's own events.
    private var ownTimes: TimeSeries { long?.times[features.plan.activitySeries] ?? own }

    /// Returns the number of events of a filter in `[start, end)`; a nil start is the beginning.
    package func count(_ filter: Int, from start: Int64?, before end: Int64) -> Int {
        series(filter).count(from: start, to: end)
    }

    /// Returns the time of the latest event of a filter before a time; nil when there is none.
    package func latest(_ filter: Int, before end: Int64) -> Int64? {
        let series = series(filter)
        return series.range(from: nil, to: end).last.map { series.times[$0] }
    }

    /// Returns the time of the first event of a filter in `[start, end)`; nil when there is none.
    package func first(_ filter: Int, from start: Int64, before end: Int64) -> Int64? {
        let series = series(filter)
        return series.range(from: start, to: end).first.map { series.times[$0] }
    }

    /// Returns the key of the latest text of a watched property in `[start, end)`.
    package func text(_ place: Int, from start: Int64?, before end: Int64) -> TextKey? {
        if let long {
            let series = long.categories[features.plan.watchedTexts[place]]
            return series.times.range(from: start, to: end).last.map { TextKey(stored: series.keys[$0]) }
        }
        let series = texts[place]
        return series.times.range(from: start, to: end).last.map { TextKey(stored: series.keys[$0]) }
    }

    /// Returns the milliseconds that passed between events of a filter in `[start, end)` and the user's next
    /// own event, or `end`; each counts at most `limit`.
    package func dwell(_ filter: Int, from start: Int64?, before end: Int64, limit: Int64) -> Int64 {
        let (series, own) = (series(filter), ownTimes)
        var total: Int64 = 0
        for place in series.range(from: start, to: end) {
            let time = series.times[place]
            let next = own.times.partitioningIndex { $0 > time }
            let stop = next < own.times.count ? min(own.times[next], end) : end
            total += min(stop - time, limit)
        }
        return total
    }

    /// Returns the start of the session that is active at a time: the first of the user's own events that no
    /// gap longer than `gap` parts from it.
    ///
    /// Once the session has ended, it is the first time after its end; nil before the first own event.
    package func sessionStart(at time: Int64, gap: Int64) -> Int64? {
        let own = ownTimes
        var place = own.times.partitioningIndex { $0 >= time } - 1
        guard place >= 0 else { return nil }
        guard own.times[place] + gap >= time else { return own.times[place] + gap + 1 }
        while place > 0, own.times[place - 1] + gap >= own.times[place] { place -= 1 }
        return own.times[place]
    }
}

/// The watched series to which the events of one class go.
private struct WatchTargets {
    /// The series of times, with places in the watch list.
    let times: [EventDispatch.Target]
    /// The series of texts, with places in the watch list.
    let texts: [EventDispatch.Target]
    /// True when one of the series has a condition.
    let hasConditions: Bool
    /// True when users cause the events themselves.
    let isOwn: Bool

    var isEmpty: Bool { times.isEmpty && texts.isEmpty }

    init(_ dispatch: EventDispatch, plan: FeaturePlan) {
        func places(_ targets: [EventDispatch.Target], _ watched: [Int]) -> [EventDispatch.Target] {
            targets.flatMap { target in
                watched.indices.filter { watched[$0] == target.index }
                    .map { EventDispatch.Target(index: $0, condition: target.condition) }
            }.sorted { $0.index < $1.index }
        }
        times = places(dispatch.timeSeries, plan.watchedTimes)
        texts = places(dispatch.categorySeries, plan.watchedTexts)
        hasConditions = (times + texts).contains { $0.condition >= 0 }
        isOwn = dispatch.timeSeries.contains { $0.index == plan.activitySeries && $0.condition < 0 }
    }
}
