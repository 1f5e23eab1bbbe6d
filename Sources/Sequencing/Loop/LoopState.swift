package import LimpetDecisions
package import LimpetEvents
import Glibc

/// The sequencer, the store and the clock of a loop, which only its thread touches.
package final class LoopState {
    /// The sequencer.
    package let sequencer: Sequencer
    /// The store, of which the sequencer knows only what all stores have.
    package let store: EmbeddedStore
    private var clock: SteadyClock
    private let wall: () -> Timestamp
    private let boot: () -> Int64
    /// True once an administrator has stopped all offers.
    package var isSilenced = false
    /// The clock's time at the beginning of the turn.
    package private(set) var now: Timestamp

    /// Makes the state of a loop.
    ///
    /// - Parameters:
    ///   - wall: returns the wall clock's time.
    ///   - boot: returns the milliseconds since the machine was started.
    package init(
        sequencer: Sequencer, store: EmbeddedStore, clock: SteadyClock, wall: @escaping () -> Timestamp,
        boot: @escaping () -> Int64
    ) {
        (self.sequencer, self.store, self.clock) = (sequencer, store, clock)
        (self.wall, self.boot) = (wall, boot)
        now = clock.latest
    }

    /// The distance of the wall clock from the one that is followed.
    package var clockDrift: TimeSpan { clock.drift }

    /// Goes on by the wall clock, as an administrator asks for.
    package func acceptClock() { clock.accept(wall: wall(), boot: boot()) }

    /// Reads the clock, and stops offers while it cannot be trusted.
    func tellTime() {
        now = clock.now(wall: wall(), boot: boot())
        sequencer.silence = isSilenced ? .admin : clock.isTrusted ? nil : .clock
    }

    /// A time in nanoseconds that only goes forward, for measuring how long something takes.
    package static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// The state of a loop for those who look at it from outside.
package struct LoopStatus: Sendable {
    /// The cause for which no offers are made; nil for none.
    package var silence: SilenceCause?
    /// The number of events of each kind so far.
    package var counts = SequencerCounts()
    /// The inputs and bytes that wait to be taken.
    package var waiting = (inputs: 0, bytes: 0)
    /// The number of the last stored record, and of the one up to which all rows are written.
    package var (lastStored, position): (UInt64, UInt64) = (0, 0)
    /// The profiles in memory, and the bytes that they take.
    package var inMemory = (profiles: 0, bytes: 0)
    /// True after a group that was not stored, until one is.
    package var hasFailed = false
    /// The distance of the wall clock from the one that is followed.
    package var clockDrift = TimeSpan(milliseconds: 0)

    init() {}

    init(_ state: LoopState, waiting: (inputs: Int, bytes: Int)) {
        silence = state.sequencer.silence
        counts = state.sequencer.counts
        self.waiting = waiting
        (lastStored, position) = (state.store.lastStored, state.store.position)
        inMemory = state.store.inMemory
        hasFailed = state.sequencer.hasFailed
        clockDrift = state.clockDrift
    }
}

/// The notes of a decision loop from turn to turn.
struct LoopTurn {
    /// The requests that were not taken yet, with their bytes.
    var waiting: [(submission: Submission, bytes: Int)] = []
    var commit: UnitCommit?
    var isCommitting = false
    var isWriting = false
    var isStopping = false
    var isOver = false
    private var silentSince: Timestamp?

    /// The longest time between two turns, in milliseconds.
    private static let longest: Double = 200

    /// Returns the milliseconds until the next turn, if no message comes before.
    func pause(_ state: LoopState) -> Double {
        if isStopping { return 1 }
        if state.store.isSweeping { return isWriting ? 10 : 0 }
        guard let next = state.sequencer.nextWakeUp else { return Self.longest }
        return min(Self.longest, max(0, Double(next.milliseconds - state.now.milliseconds)))
    }

    /// Returns true if the open group has held nothing but silent records for a time.
    mutating func isSilentSince(_ sequencer: Sequencer, _ span: TimeSpan, _ now: Timestamp) -> Bool {
        guard sequencer.holdsOnlySilence else {
            silentSince = nil
            return false
        }
        let since = silentSince ?? now
        silentSince = since
        guard now >= since + span else { return false }
        silentSince = nil
        return true
    }
}
