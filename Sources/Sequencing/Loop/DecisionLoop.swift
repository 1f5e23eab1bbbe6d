import Dispatch
import Foundation
package import LimpetEvents
import LimpetStorage
import Synchronization

/// The threads around a sequencer: one takes steps, one stores groups, one writes rows.
///
///     let loop = DecisionLoop(limits: DecisionLoop.Limits())
///     try loop.start { LoopState(sequencer: …, store: …, clock: …) }
///     let isTaken = loop.submit(Submission(inputs) { reply in … }, bytes: 600)
///
/// A request is stepped as soon as it comes. Groups are stored one after another: a group is what came while
/// the last one was being stored.
package final class DecisionLoop: Sendable {
    private let inbox = Mutex(LoopInbox())
    private let bell = DispatchSemaphore(value: 0)
    private let limits: Limits
    private let commits = WorkThread(name: "limpet commits")
    private let rows = WorkThread(name: "limpet rows")
    private let isDone = DispatchSemaphore(value: 0)
    private let status = Mutex(LoopStatus())

    /// The bounds of what may wait.
    package struct Limits: Sendable {
        /// The inputs that wait to be taken.
        package var inputs = 20_000
        /// The bytes that they may take.
        package var bytes = 64 << 20
        /// The time after which silent records are stored though nobody waits.
        package var silence = TimeSpan(milliseconds: 500)

        /// Makes the usual bounds.
        package init() {}
    }

    /// Makes a loop, which does not run yet.
    package init(limits: Limits = Limits()) { self.limits = limits }

    /// The state as it was after the last turn.
    package var current: LoopStatus { status.withLock { $0 } }

    /// Starts the thread, which makes its own state first.
    ///
    /// - Parameters:
    ///   - make: makes the state, on the thread of the loop.
    ///   - failed: called with the error with which that failed.
    package func start(
        _ make: @escaping @Sendable () throws -> LoopState, failed: @escaping @Sendable (any Error) -> Void
    ) {
        let thread = Thread { [self] in
            do {
                run(try make())
            } catch {
                refuseAll("the service did not start: \(error)")
                failed(error)
            }
            isDone.signal()
        }
        thread.name = "limpet decisions"
        thread.qualityOfService = .userInteractive
        thread.start()
    }

    /// Gives a request to the loop; false where too much waits, or the loop ends.
    package func submit(_ submission: Submission, bytes: Int) -> Bool {
        let isTaken = inbox.withLock { $0.add(submission, bytes: bytes, limits: limits) }
        if isTaken { bell.signal() }
        return isTaken
    }

    /// Does work on the thread of the loop, between two steps.
    package func perform(_ work: @escaping @Sendable (LoopState) -> Void) { send(.work(work)) }

    /// Takes no more requests, stores what was taken, and ends; blocks until then.
    package func stop() {
        send(.stop)
        isDone.wait()
        commits.stop()
        rows.stop()
    }

    /// Refuses what waits and all that comes.
    private func refuseAll(_ reason: String) {
        let messages = inbox.withLock { inbox in
            inbox.add(.stop)
            return inbox.takeAll()
        }
        for case .submission(let submission, _) in messages { submission.reply(.failed(reason)) }
    }

    private func send(_ message: LoopMessage) {
        inbox.withLock { $0.add(message) }
        bell.signal()
    }

    // MARK: The thread

    private func run(_ state: LoopState) {
        var turn = LoopTurn()
        while !turn.isOver {
            _ = bell.wait(timeout: .now() + .microseconds(Int(turn.pause(state) * 1_000)))
            // One look takes all that came, whatever the number of its signals.
            while bell.wait(timeout: .now()) == .success {}
            state.tellTime()
            for message in inbox.withLock({ $0.takeAll() }) { take(message, state, &turn) }
            takeWaiting(state, &turn)
            state.sequencer.takeTimers(at: state.now)
            store(state, &turn)
            writeRows(state, &turn)
            turn.isOver =
                turn.isStopping && turn.waiting.isEmpty && !turn.isCommitting && !turn.isWriting
                && state.sequencer.isIdle
            let next = LoopStatus(state, waiting: inbox.withLock { $0.waiting })
            status.withLock { $0 = next }
        }
    }

    private func take(_ message: LoopMessage, _ state: LoopState, _ turn: inout LoopTurn) {
        switch message {
        case .submission(let submission, let bytes): turn.waiting.append((submission, bytes))
        case .commit(let outcome):
            turn.isCommitting = outcome.isUnknown
            state.sequencer.conclude(outcome, at: state.now)
            if outcome.isUnknown { settle(turn) }
        case .slice(let slice, let error):
            turn.isWriting = false
            state.store.didWriteSlice(slice, error)
        case .purge(let erasure, let error):
            turn.isWriting = false
            if error == nil { state.store.didPurge(erasure) }
        case .work(let work): work(state)
        case .stop: turn.isStopping = true
        }
    }

    private func takeWaiting(_ state: LoopState, _ turn: inout LoopTurn) {
        var (count, inputs, bytes) = (0, 0, 0)
        while count < turn.waiting.count, state.sequencer.hasRoom || state.sequencer.isUnsettled {
            let (submission, size) = turn.waiting[count]
            state.sequencer.take(submission, at: state.now)
            count += 1
            inputs += submission.inputCount
            bytes += size
        }
        guard count > 0 else { return }
        turn.waiting.removeFirst(count)
        inbox.withLock { $0.take(inputs: inputs, bytes: bytes) }
    }

    /// Begins to store the open group, if nothing is being stored.
    private func store(_ state: LoopState, _ turn: inout LoopTurn) {
        guard !turn.isCommitting else { return }
        let isForced = turn.isStopping || turn.isSilentSince(state.sequencer, limits.silence, state.now)
        guard let commit = state.sequencer.closeGroup(at: state.now, isForced: isForced) else { return }
        turn.isCommitting = true
        turn.commit = commit
        commits.add { [self] in send(.commit(commit.store())) }
    }

    private func settle(_ turn: LoopTurn) {
        guard let commit = turn.commit else { return }
        commits.add { [self] in
            usleep(100_000)
            send(.commit(commit.settle()))
        }
    }

    /// Begins to write a slice of rows, or to remove erased bytes.
    private func writeRows(_ state: LoopState, _ turn: inout LoopTurn) {
        guard !turn.isWriting else {
            _ = state.store.sweep()
            return
        }
        if let slice = state.store.sweep() {
            turn.isWriting = true
            let states = state.store.rowStorage
            rows.add { [self] in
                var fault: StorageError?
                do throws(StorageError) { try states.write(slice) } catch { fault = error }
                if fault != nil { usleep(200_000) }
                send(.slice(slice, fault))
            }
        } else if let erasure = state.store.erasures.first, !state.sequencer.hasOpenErasures {
            turn.isWriting = true
            let purge = state.store.purge(erasure)
            rows.add { [self] in
                var fault: StorageError?
                do throws(StorageError) { try purge.run() } catch { fault = error }
                if fault != nil { usleep(200_000) }
                send(.purge(erasure, fault))
            }
        }
    }
}
