import Synchronization

/// A clock that is in exactly one stage at any time, so that the stages of a run sum to its whole time.
///
///     let clock = StageClock()
///     clock.begin(.read)
///     let rows = read()
///     clock.begin(.fit)
///     let model = clock.within(.bin) { fit(bins(rows)) }
///     for stage in clock.reading().stages { print(stage.name, stage.time) }
package final class StageClock: Sendable {
    private struct State {
        var stage = RunStage.other
        var since: ContinuousClock.Instant
        /// The stages in the order in which they first began.
        var times: [(stage: RunStage, time: Duration)] = [(.other, .zero)]
        var observer: (@Sendable (RunStage) -> Void)?

        mutating func add(_ time: Duration, to stage: RunStage) {
            guard let place = times.firstIndex(where: { $0.stage == stage }) else {
                return times.append((stage, time))
            }
            times[place].time += time
        }
    }

    /// The times of all stages up to one instant, to which the stage under way counts too.
    package struct Reading: Sendable {
        /// The stages in the order in which they first began.
        package let stages: [(name: String, time: Duration)]
        /// The time from the start to the instant.
        package let total: Duration

        /// Makes a reading.
        package init(stages: [(name: String, time: Duration)], total: Duration) {
            (self.stages, self.total) = (stages, total)
        }
    }

    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    /// Starts in the stage ``RunStage/other``.
    ///
    /// - Parameter age: the time that this stage has taken already.
    package init(age: Duration = .zero) {
        start = .now - age
        state = Mutex(State(since: start))
    }

    /// The stage under way.
    package var stage: RunStage { state.withLock { $0.stage } }

    /// Ends the stage under way and begins another.
    ///
    /// - Returns: the stage that was under way.
    @discardableResult
    package func begin(_ stage: RunStage) -> RunStage {
        let (before, observer) = state.withLock { state in
            let now = ContinuousClock.now
            let before = state.stage
            state.add(state.since.duration(to: now), to: before)
            (state.stage, state.since) = (stage, now)
            state.add(.zero, to: stage)
            return (before, state.observer)
        }
        if before != stage { observer?(stage) }
        return before
    }

    /// Runs work as a stage of its own, then continues the stage under way.
    package func within<Result>(_ stage: RunStage, _ work: () throws -> Result) rethrows -> Result {
        let before = begin(stage)
        defer { begin(before) }
        return try work()
    }

    /// Calls an observer at the beginning of each stage; nil for none.
    package func observe(_ observer: (@Sendable (RunStage) -> Void)?) {
        state.withLock { $0.observer = observer }
    }

    /// Returns the times up to now.
    package func reading() -> Reading {
        state.withLock { state in
            let now = ContinuousClock.now
            var read = state
            read.add(state.since.duration(to: now), to: state.stage)
            return Reading(
                stages: read.times.map { ($0.stage.rawValue, $0.time) }, total: start.duration(to: now))
        }
    }
}
