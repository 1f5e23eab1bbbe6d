import Glibc
import LimpetDecisions
import LimpetEvents
import LimpetSequencing
import LimpetTestSupport
import Synchronization

/// A request of a client, which is sent again until it is answered.
final class SimulatedCall: Sendable {
    let work: Submission.Work
    private let state = Mutex<(replies: [Reply], isOpen: Bool)>(([], false))

    init(_ work: Submission.Work) { self.work = work }

    var replies: [Reply] { state.withLock { $0.replies } }
    var isOpen: Bool { state.withLock { $0.isOpen } }
    var answers: [[InputAnswer]] {
        replies.compactMap { if case .done(let answers) = $0 { answers } else { nil } }
    }
    func open() { state.withLock { $0.isOpen = true } }
    /// Loses the connection.
    func hangUp() { state.withLock { $0.isOpen = false } }

    func take(_ reply: Reply) {
        state.withLock { state in
            if state.isOpen { state.replies.append(reply) }
            state.isOpen = false
        }
    }

    var inputs: [ProfileInput] { if case .inputs(let inputs) = work { inputs } else { [] } }
}

/// A stopwatch that shows whatever a seed says, so that users have had their share of a group sooner or
/// later.
final class SimulatedStopwatch {
    private var random: TestRandom
    private var time: UInt64 = 0

    init(seed: UInt64) { random = TestRandom(seed: seed) }

    func next() -> UInt64 {
        time += UInt64(random.below(600_000))
        return time
    }
}

/// The machine's clock, by which the tests of threads go.
enum SimulatedClock {
    @Sendable static func wall() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    @Sendable static func boot() -> Int64 { wall().milliseconds }
}
